import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { AddonScope } from "../../contract";
import { digest } from "../../digest";
import { NOT_AWAITED } from "../../global-service";
import { IMAGES } from "../../images";
import type { EnvoyGatewayConfig } from "./settings";

/** Where the rate-limit service counts. */
export const REDIS = { service: "ratelimit-redis", port: 6379, secret: "ratelimit-redis", passwordKey: "password" };

const IMAGE = IMAGES["ratelimit-redis"];

const LABELS = { "app.kubernetes.io/name": REDIS.service };

/** Labels of the rate-limit service's pods, as Envoy Gateway gives them. */
const CALLERS = { "app.kubernetes.io/component": "ratelimit", "app.kubernetes.io/managed-by": "envoy-gateway" };

/** Counters live for seconds: nothing is written to a disk, and the oldest go when memory is short. */
const CONFIG = ['save ""', "appendonly no", "maxmemory 96mb", "maxmemory-policy allkeys-lru", "dir /tmp"];

/**
 * The rate-limit service's Redis: one small pod without a volume. While it restarts nothing is limited, and nothing is
 * refused either.
 */
export function rateLimitRedis(scope: AddonScope<EnvoyGatewayConfig>): pulumi.Resource[] {
  const { name, namespace, trust, config, opts } = scope;
  if (!config.rateLimit.enabled) return [];
  const password = trust.password("ratelimit-redis").value;
  const file = password.apply((value) => [...CONFIG, `requirepass ${value}`, ""].join("\n"));
  const metadata = { name: REDIS.service, namespace, labels: LABELS };
  const secret = new kubernetes.core.v1.Secret(
    `${name}-redis-password`,
    {
      metadata: { ...metadata, name: REDIS.secret },
      stringData: { [REDIS.passwordKey]: password, "redis.conf": file },
    },
    opts,
  );
  const service = new kubernetes.core.v1.Service(
    `${name}-redis`,
    {
      metadata: { ...metadata, annotations: NOT_AWAITED },
      spec: { selector: LABELS, ports: [{ name: "redis", port: REDIS.port, targetPort: "redis" }] },
    },
    opts,
  );
  const policy = new kubernetes.networking.v1.NetworkPolicy(
    `${name}-redis`,
    {
      metadata,
      spec: {
        podSelector: { matchLabels: LABELS },
        policyTypes: ["Ingress", "Egress"],
        ingress: [
          { from: [{ podSelector: { matchLabels: CALLERS } }], ports: [{ protocol: "TCP", port: REDIS.port }] },
        ],
      },
    },
    opts,
  );
  const template = podTemplate(file.apply(digest));
  const deployment = new kubernetes.apps.v1.Deployment(
    `${name}-redis`,
    { metadata, spec: { replicas: 1, selector: { matchLabels: LABELS }, strategy: { type: "Recreate" }, template } },
    { ...opts, dependsOn: [secret, policy] },
  );
  return [secret, service, policy, deployment];
}

function podTemplate(configuration: pulumi.Output<string>): kubernetes.types.input.core.v1.PodTemplateSpec {
  return {
    metadata: { labels: LABELS, annotations: { "openchoreo.dev/configuration": configuration } },
    spec: {
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 999, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "redis",
          image: IMAGE,
          command: ["redis-server", "/etc/redis/redis.conf"],
          ports: [{ name: "redis", containerPort: REDIS.port }],
          readinessProbe: { tcpSocket: { port: "redis" }, periodSeconds: 5 },
          livenessProbe: { tcpSocket: { port: "redis" }, periodSeconds: 20, failureThreshold: 3 },
          resources: { requests: { cpu: "20m", memory: "128Mi" }, limits: { memory: "128Mi" } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
          volumeMounts: [
            { name: "configuration", mountPath: "/etc/redis", readOnly: true },
            { name: "scratch", mountPath: "/tmp" },
          ],
        },
      ],
      volumes: [
        {
          name: "configuration",
          secret: { secretName: REDIS.secret, items: [{ key: "redis.conf", path: "redis.conf" }] },
        },
        { name: "scratch", emptyDir: {} },
      ],
    },
  };
}
