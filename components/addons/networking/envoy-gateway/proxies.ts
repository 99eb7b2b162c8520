import type { AddonTarget } from "../../contract";
import { isOn } from "../../contract";
import { OTLP } from "../../otlp";
import { fixedAddressAnnotations } from "../fixed-address";
import { GATEWAY_IN_MESH } from "../istio/enrolment";
import { GATEWAY, GATEWAY_PODS, gatewayHost } from "./names";
import type { EnvoyGatewayConfig } from "./settings";

/** Port on which a proxy says whether it takes requests. */
const READINESS_PORT = 19003;

/** Seconds for which a load balancer is asked to stop sending before a proxy goes. */
const DRAIN_SECONDS = 60;

/**
 * What the proxies of every Gateway of the class have in common. Sources: Envoy Gateway's API reference, EnvoyProxy; Istio's
 * documentation of ambient mode for `routingType` and the annotation of the pods.
 */
export function proxyDefaults(target: AddonTarget, config: EnvoyGatewayConfig): object {
  const meshed = isOn(target, "ztunnel");
  return {
    // Requests go to the Service's address, where ztunnel, or a waypoint, takes them; endpoints would pass by both.
    routingType: meshed ? "Service" : "Endpoint",
    shutdown: { drainTimeout: `${DRAIN_SECONDS}s`, minDrainDuration: "15s" },
    telemetry: {
      accessLog: { settings: [{ format: { type: "JSON", json: ACCESS_LOG }, sinks: [TO_STDOUT] }] },
      metrics: { prometheus: {} },
      ...tracing(target, config),
    },
    provider: {
      type: "Kubernetes",
      kubernetes: {
        envoyDeployment: deployment(config, meshed),
        ...replicas(config),
        envoyService: service(target, config),
      },
    },
  };
}

/** What is the platform's gateway's own: names that others rely on, and a fixed address. */
export function gatewayProxies({ fleet, cluster }: AddonTarget): object {
  const address = cluster.addresses.gateway;
  const name = GATEWAY.name;
  return {
    mergeType: "StrategicMerge",
    provider: {
      type: "Kubernetes",
      kubernetes: {
        envoyDeployment: { name },
        envoyServiceAccount: { name },
        envoyService: {
          name,
          ...(address === undefined ? {} : { loadBalancerIP: address }),
          annotations: {
            "external-dns.alpha.kubernetes.io/hostname": gatewayHost(fleet, cluster),
            ...fixedAddressAnnotations(address),
          },
        },
      },
    },
  };
}

/** Labels of the Service that Envoy Gateway makes of the platform's gateway. */
export const GATEWAY_SERVICE = { "gateway.envoyproxy.io/owning-gateway-name": GATEWAY.name };

const TO_STDOUT = { type: "File", file: { path: "/dev/stdout" } };

/** Keys as OpenTelemetry names them, so that logs of the gateway and of components are searched alike. */
export const ACCESS_LOG = {
  "@timestamp": "%START_TIME%",
  "http.request.method": "%REQ(:METHOD)%",
  "url.path": "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%",
  "url.scheme": "%REQ(:SCHEME)%",
  "server.address": "%REQ(:AUTHORITY)%",
  "http.response.status_code": "%RESPONSE_CODE%",
  "http.request.body.size": "%BYTES_RECEIVED%",
  "http.response.body.size": "%BYTES_SENT%",
  "network.protocol.name": "%PROTOCOL%",
  "client.address": "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%",
  "user_agent.original": "%REQ(USER-AGENT)%",
  "tls.protocol.version": "%DOWNSTREAM_TLS_VERSION%",
  trace_id: "%TRACE_ID%",
  "http.request.id": "%REQ(X-REQUEST-ID)%",
  duration_ms: "%DURATION%",
  "envoy.response_flags": "%RESPONSE_FLAGS%",
  "envoy.response_code_details": "%RESPONSE_CODE_DETAILS%",
  "envoy.route": "%ROUTE_NAME%",
  "envoy.upstream_cluster": "%UPSTREAM_CLUSTER%",
  "envoy.upstream_host": "%UPSTREAM_HOST%",
  "envoy.upstream_duration_ms": "%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%",
};

function tracing(target: AddonTarget, { traceSampling }: EnvoyGatewayConfig) {
  if (!isOn(target, OTLP.addon)) return {};
  const { service: name, namespace, port } = OTLP;
  return {
    tracing: {
      samplingRate: traceSampling,
      provider: { type: "OpenTelemetry", serviceName: GATEWAY.name, backendRefs: [{ name, namespace, port }] },
    },
  };
}

function deployment({ proxies: { min, max } }: EnvoyGatewayConfig, meshed: boolean) {
  const labels = { ...GATEWAY_PODS, ...(meshed ? GATEWAY_IN_MESH.labels : {}) };
  const spread = {
    maxSkew: 1,
    topologyKey: "topology.kubernetes.io/zone",
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: GATEWAY_PODS },
  };
  return {
    ...(max > min ? {} : { replicas: min }),
    pod: {
      labels,
      ...(meshed ? { annotations: GATEWAY_IN_MESH.annotations } : {}),
      topologySpreadConstraints: [spread],
    },
    container: { resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "1Gi" } } },
  };
}

function replicas({ proxies: { min, max } }: EnvoyGatewayConfig) {
  const disruption = min > 1 ? { envoyPDB: { minAvailable: min - 1 } } : {};
  const metric = {
    type: "Resource",
    resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
  };
  const scaling = max > min ? { envoyHpa: { minReplicas: min, maxReplicas: max, metrics: [metric] } } : {};
  return { ...scaling, ...disruption };
}

function service(target: AddonTarget, config: EnvoyGatewayConfig) {
  const sources = config.sourceRanges.length === 0 ? {} : { loadBalancerSourceRanges: config.sourceRanges };
  if (target.connection.cloud !== undefined)
    return { type: "LoadBalancer", ...networkLoadBalancer(target, config), ...sources };
  // What Cilium announces it may announce by a node without a proxy, which has to pass requests on.
  const fixed = target.cluster.addresses.gateway !== undefined;
  return { type: "LoadBalancer", externalTrafficPolicy: fixed ? "Cluster" : "Local", ...sources };
}

/** A network load balancer that sends to the pods, and tells them by the PROXY protocol who the client is. */
function networkLoadBalancer({ connection: { cloud } }: AddonTarget, { scheme }: EnvoyGatewayConfig) {
  const tags = Object.entries(cloud?.tags ?? {}).map(([key, value]) => `${key}=${value}`);
  const annotations = {
    "nlb-target-type": "ip",
    scheme,
    "proxy-protocol": "*",
    attributes: "load_balancing.cross_zone.enabled=true",
    "target-group-attributes": `deregistration_delay.timeout_seconds=${DRAIN_SECONDS}`,
    "healthcheck-protocol": "http",
    "healthcheck-port": String(READINESS_PORT),
    "healthcheck-path": "/ready",
    "additional-resource-tags": tags.join(","),
  };
  const prefixed = Object.entries(annotations).map(([key, value]) => [
    `service.beta.kubernetes.io/aws-load-balancer-${key}`,
    value,
  ]);
  return { loadBalancerClass: "service.k8s.aws/nlb", annotations: Object.fromEntries(prefixed) };
}
