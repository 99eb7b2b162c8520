import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { inMesh, type Problem, type Profile, words } from "../../settings";
import { SignedCertificate } from "../../trust";
import { defineAddon } from "../addon";
import { PINS } from "../charts";
import { type AddonScope, type AddonTarget, clustersWith, isOn, type PlatformCluster } from "../contract";
import { digest } from "../digest";
import { globalService, reaches } from "../global-service";
import { collectorValues } from "./collector";
import { CERTIFICATES, type Destination, gatewayConfig } from "./gateway-config";
import { gatewayMonitoring } from "./monitoring";
import { GATEWAY, hostOf, INGEST, JAEGER, TRACES_NAMESPACE } from "./names";

/** Secret with the gateway's certificate and the roots of the mesh. */
const SECRET = "otel-gateway-tls";

/** The distribution with the exporter that Prometheus reads, which the one for Kubernetes lacks. */
const IMAGE = "ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-contrib";

/** Labels that the chart gives the gateway's pods. */
const PODS = { "app.kubernetes.io/instance": GATEWAY.service, component: "standalone-collector" };

const config = (profile: Profile) => {
  const production = profile === "production";
  const sampling = z.strictObject({
    percentage: z
      .number()
      .min(0)
      .max(100)
      .default(production ? 10 : 100)
      .describe("Share of the traces that neither failed nor were slow, in percent; the others are all kept."),
    slow: z
      .string()
      .regex(/^[1-9][0-9]*(ms|s)$/, { error: 'not a time such as "500ms" or "2s"' })
      .default("1s")
      .describe("From when on a trace counts as slow."),
  });
  return z
    .strictObject({
      enabled: z.boolean().default(true),
      replicas: z
        .int()
        .min(1)
        .max(20)
        .default(production ? 2 : 1)
        .describe("Gateways of each cluster; the traces are divided among them."),
      sampling: sampling.prefault({}),
      ingestHost: words.hostName
        .optional()
        .describe("Name by which clusters outside the mesh reach port 4317 of `otel-ingest`, where there are any."),
    })
    .describe("OpenTelemetry collectors: an agent on every node and gateways on every cluster.");
};
export type CollectorSettings = z.output<ReturnType<typeof config>>;

/** Where a cluster's sampled traces go. */
export function destinationOf(target: AddonTarget, { ingestHost }: CollectorSettings): Destination {
  if (isOn(target, JAEGER.addon)) return { kind: "jaeger" };
  if (reachesJaeger(target)) return { kind: "ingest", host: hostOf(INGEST.service) };
  const elsewhere = clustersWith(target, JAEGER.addon).length > 0;
  return elsewhere && ingestHost !== undefined ? { kind: "ingest", host: ingestHost } : { kind: "none" };
}

function reachesJaeger(target: AddonTarget): boolean {
  return clustersWith(target, JAEGER.addon).some((home) => reaches(target.cluster, home));
}

function milliseconds(time: string): number {
  return Number.parseInt(time, 10) * (time.endsWith("ms") ? 1 : 1000);
}

/** The gateway's Helm values. Source: the chart's values.yaml. */
export function gatewayValues(target: AddonTarget, settings: CollectorSettings) {
  const { replicas, sampling } = settings;
  const production = target.fleet.profile === "production";
  const file = gatewayConfig({
    cluster: target.cluster.name,
    sampling: { percentage: sampling.percentage, slowMilliseconds: milliseconds(sampling.slow) },
    destination: destinationOf(target, settings),
  });
  const common = collectorValues(file, production ? "2Gi" : "512Mi");
  return {
    ...common,
    mode: "deployment",
    fullnameOverride: GATEWAY.service,
    image: { repository: IMAGE },
    replicaCount: replicas,
    podDisruptionBudget: replicas > 1 ? { enabled: true, maxUnavailable: 1 } : { enabled: false },
    topologySpreadConstraints: replicas > 1 ? [spread()] : [],
    // The roots are read at the start only; the certificate is read anew by itself.
    podAnnotations: { "openchoreo.dev/trust": target.trust.bundle.apply(digest) },
    serviceAccount: { automountServiceAccountToken: false },
    ports: {
      ...common.ports,
      "span-metrics": {
        enabled: true,
        protocol: "TCP",
        containerPort: GATEWAY.spanMetricsPort,
        servicePort: GATEWAY.spanMetricsPort,
      },
    },
    extraVolumes: [{ name: "certificates", secret: { secretName: SECRET, defaultMode: 0o440 } }],
    extraVolumeMounts: [{ name: "certificates", mountPath: CERTIFICATES, readOnly: true }],
  };
}

function spread() {
  const topologyKey = "topology.kubernetes.io/zone";
  return { maxSkew: 1, topologyKey, whenUnsatisfiable: "ScheduleAnyway", labelSelector: { matchLabels: PODS } };
}

/** The certificate, the Service of the gateways among themselves, and this cluster's side of the one between clusters. */
function prepare(scope: AddonScope<CollectorSettings>): pulumi.Resource[] {
  const { name, config: settings, opts } = scope;
  const metadata = { name: GATEWAY.peers, namespace: TRACES_NAMESPACE };
  const port = { name: "otlp-peers", protocol: "TCP", port: GATEWAY.peersPort };
  const spec = { clusterIP: "None", selector: PODS, ports: [port] };
  return [
    certificateSecret(scope),
    new kubernetes.core.v1.Service(`${name}-peers`, { metadata, spec }, opts),
    ...ingestService(),
  ];

  function ingestService(): pulumi.Resource[] {
    const { kind } = destinationOf(scope, settings);
    if (kind === "none" || (kind === "ingest" && !reachesJaeger(scope))) return [];
    const ports = [{ name: "otlp", port: INGEST.port, targetPort: GATEWAY.ingestPort }];
    const service = { service: INGEST.service, namespace: TRACES_NAMESPACE, ports };
    const pods = kind === "jaeger" ? { selector: PODS } : {};
    return [globalService(`${name}-ingest`, { ...service, ...pods }, opts)];
  }
}

function certificateSecret({ name, trust, config: settings, opts }: AddonScope<CollectorSettings>): pulumi.Resource {
  const host = hostOf(INGEST.service);
  const outside = settings.ingestHost === undefined ? [] : [settings.ingestHost];
  const certificate = new SignedCertificate(
    `${name}-certificate`,
    {
      signer: trust.authority("platform"),
      commonName: host,
      dnsNames: [host, `${host}.cluster.local`, ...outside],
    },
    { parent: opts.parent },
  );
  const stringData = { "tls.crt": certificate.chain, "tls.key": certificate.key, "ca.crt": trust.bundle };
  return new kubernetes.core.v1.Secret(
    `${name}-tls`,
    { metadata: { name: SECRET, namespace: TRACES_NAMESPACE }, stringData },
    opts,
  );
}

/** A cluster outside the mesh has to be told where traces go. */
function problems(
  { enabled, ingestHost }: CollectorSettings,
  clusters: Readonly<Record<string, PlatformCluster>>,
): Problem[] {
  if (!enabled || ingestHost !== undefined) return [];
  const all = Object.entries(clusters).map(([name, { settings }]) => ({ name, settings }));
  const home = all.find(({ settings }) => settings.planes.includes("observability"));
  if (home === undefined) return [];
  return all
    .filter(({ name, settings }) => name !== home.name && !(inMesh(settings) && inMesh(home.settings)))
    .map(({ name }) => ({
      path: "platform.openTelemetryCollector.ingestHost",
      message: `cluster "${name}" reaches the traces of "${home.name}" by no mesh; say by which name it does`,
    }));
}

export const otelGateway = defineAddon({
  name: GATEWAY.addon,
  key: "openTelemetryCollector",
  title: "Gateways for spans: metrics of every one, traces sampled when they are whole",
  chart: PINS["opentelemetry-collector"],
  release: GATEWAY.service,
  namespace: { name: TRACES_NAMESPACE, podSecurity: "restricted" },
  on: () => true,
  needs: ["cilium"],
  kinds: [],
  config,
  values: gatewayValues,
  monitoring: gatewayMonitoring,
  prepare,
  problems,
});
