import { defineAddon } from "../../addon";
import { PINS } from "../../charts";
import { type AddonTarget, isOnEks } from "../../contract";
import { gatewayObjects } from "./gateway";
import { servesPeople } from "./kinds";
import { monitoring } from "./monitoring";
import { CONTROLLER, ENVOY_GATEWAY, GATEWAY_SYSTEM } from "./names";
import { REDIS, rateLimitRedis } from "./redis";
import { type EnvoyGatewayConfig, envoyGatewayConfig } from "./settings";

/** Helm values of the controller. Sources: the chart's values.yaml; Envoy Gateway's API reference, EnvoyGateway. */
export function envoyGatewayValues(_target: AddonTarget, config: EnvoyGatewayConfig) {
  const { replicas } = config;
  return {
    // Both sets of kinds have an owner of their own.
    crds: { enabled: false },
    // Proxies send to Services and not to endpoints, so they need not know their zone; and no webhook is served.
    topologyInjector: { enabled: false },
    podDisruptionBudget: { minAvailable: replicas > 1 ? 1 : 0 },
    deployment: {
      replicas,
      pod: {
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: "topology.kubernetes.io/zone",
            whenUnsatisfiable: "ScheduleAnyway",
            labelSelector: { matchLabels: { "control-plane": "envoy-gateway" } },
          },
        ],
      },
    },
    config: {
      envoyGateway: {
        gateway: { controllerName: CONTROLLER },
        provider: { type: "Kubernetes", ...rateLimitDeployment(config) },
        logging: { level: { default: "info" }, encoder: "JSON" },
        ...rateLimit(config),
      },
    },
  };
}

function rateLimitDeployment({ rateLimit: { enabled }, replicas }: EnvoyGatewayConfig) {
  if (!enabled) return {};
  const { secret: name, passwordKey: key } = REDIS;
  const env = [{ name: "REDIS_AUTH", valueFrom: { secretKeyRef: { name, key } } }];
  const resources = { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "512Mi" } };
  return { kubernetes: { rateLimitDeployment: { replicas, container: { env, resources } } } };
}

function rateLimit({ rateLimit: { enabled } }: EnvoyGatewayConfig) {
  if (!enabled) return {};
  const url = `${REDIS.service}.${GATEWAY_SYSTEM.name}.svc.cluster.local:${REDIS.port}`;
  // Without the service requests go on: an outage of the limits must not be one of everything behind them.
  return { rateLimit: { backend: { type: "Redis", redis: { url } }, failClosed: false } };
}

/** Envoy Gateway with the platform's gateway. */
export const envoyGateway = defineAddon({
  name: "envoy-gateway",
  key: ENVOY_GATEWAY,
  title: "Envoy Gateway: the platform's gateway, its policies and rate limits",
  chart: PINS["envoy-gateway"],
  namespace: GATEWAY_SYSTEM,
  on: servesPeople,
  needs: ["cilium", "gateway-api-crds", "envoy-gateway-crds", "cert-manager"],
  requires: ({ proxies: { min, max } }, site) => [
    ...(isOnEks(site) ? [{ oneOf: ["aws-load-balancer-controller"], why: "for its load balancer" }] : []),
    ...(max > min ? [{ oneOf: ["metrics-server"], why: "to follow the load with its proxies" }] : []),
  ],
  kinds: [],
  config: envoyGatewayConfig,
  values: envoyGatewayValues,
  monitoring,
  prepare: rateLimitRedis,
  resources: gatewayObjects,
});

export { envoyGatewayKinds } from "./kinds";
