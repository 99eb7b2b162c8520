import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { z } from "zod";
import type { CloudIdentity } from "../../clusters";
import type { PlannedCluster } from "../../fleet";
import { type Profile, words } from "../../settings";
import { defineAddon } from "../addon";
import { PINS } from "../charts";
import { type AddonScope, type AddonTarget, clustersWith } from "../contract";
import { digest } from "../digest";
import { globalService, reaches } from "../global-service";
import type { Dashboard, Monitoring } from "../monitoring";
import { bucketSecret, bucketStatements, startDigest } from "./metrics-bucket";
import { CLUSTER_LABEL, hostOf, METRICS, metricsService } from "./names";
import { tlsSecret } from "./thanos";
import { CLIENT_TLS, commonValues, partValues, REPLICAS, resources, SERVER_TLS, tlsVolume } from "./thanos-values";

const RELEASE = METRICS.fleet.addon;
const SECRETS = { bucket: "thanos-global-bucket", tls: "thanos-global-tls" } as const;
const RULES = { configMap: "thanos-global-fleet-rules", folder: "/etc/thanos/fleet", file: "fleet.yaml" } as const;

const config = (profile: Profile) => {
  const production = profile === "production";
  return z
    .strictObject({
      enabled: z.boolean().default(true),
      replicas: z
        .int()
        .min(1)
        .max(10)
        .default(production ? 2 : 1)
        .describe("Replicas of the query over all clusters, of its frontend and of the ruler."),
      rulerSize: words.size.default("5Gi").describe("Volume of each ruler."),
      cache: words.size.default(production ? "512Mi" : "64Mi").describe("Memory of each frontend for answers."),
    })
    .describe("One query over the metrics of all clusters, on the observability plane.");
};
export type ThanosGlobalConfig = z.output<ReturnType<typeof config>>;

/** The clusters whose metrics are seen from the target: its own, and those that the mesh joins it with. */
export function visibleClusters(target: AddonTarget): PlannedCluster[] {
  return clustersWith(target, METRICS.thanos.addon).filter((cluster) => reaches(target.cluster, cluster));
}

/**
 * Rules over all clusters, in Thanos' format. A cluster that is gone cannot say so itself; and an answer in which it is
 * missing still counts, or no rule could be evaluated without it.
 */
export function fleetRules(target: AddonTarget): object {
  const rules = visibleClusters(target).map(({ name }) => ({
    alert: "ClusterSilent",
    expr: `absent(up{${CLUSTER_LABEL}="${name}"})`,
    for: "10m",
    labels: { severity: "critical", addon: RELEASE },
    annotations: {
      summary: `No metrics of cluster ${name} have arrived for ten minutes.`,
      runbook: "Look whether the cluster's API server answers, then at its Prometheus and at the cluster mesh.",
    },
  }));
  return { groups: [{ name: "fleet", partial_response_strategy: "warn", rules }] };
}

/** Helm values of the query over all clusters, its frontend and the ruler. */
export function thanosGlobalValues(target: AddonTarget, { replicas, rulerSize, cache }: ThanosGlobalConfig) {
  const rules = stringify(fleetRules(target));
  const start = startDigest(target).apply((read) => digest(read + rules));
  const endpoint = (service: string) => `${hostOf(service)}:${METRICS.thanos.grpc}`;
  const clusters = visibleClusters(target).map(({ name }) => endpoint(metricsService(name)));
  return {
    ...commonValues({ secret: SECRETS.bucket, digest: start }),
    storegateway: { enabled: false },
    compactor: { enabled: false },
    query: {
      ...partValues(RELEASE, "query", replicas),
      ...REPLICAS,
      // Names and no addresses, as certificates are for names.
      endpoints: { autogen: { enabled: false }, static: [...clusters, endpoint(`${METRICS.fleet.ruler}-headless`)] },
      extraArgs: ["--log.level=info", ...CLIENT_TLS],
      ...tlsVolume(SECRETS.tls),
      resources: resources("100m", "256Mi", "2Gi"),
    },
    queryFrontend: {
      enabled: true,
      ...partValues(RELEASE, "query-frontend", replicas),
      cacheConfig: stringify({ type: "IN-MEMORY", config: { max_size: bytes(cache), validity: "6h" } }),
      resources: resources("50m", "128Mi", "1Gi"),
    },
    ruler: rulerValues(target, replicas, rulerSize),
  };
}

/** Thanos' sizes are written with a B. */
function bytes(size: string): string {
  return `${size}B`;
}

function rulerValues({ cluster, fleet }: AddonTarget, replicas: number, size: string) {
  const { alertmanager } = METRICS;
  const managers = [
    { static_configs: [`${hostOf(alertmanager.service)}:${alertmanager.port}`], scheme: "http", api_version: "v2" },
  ];
  const tls = tlsVolume(SECRETS.tls);
  return {
    enabled: true,
    ...partValues(RELEASE, "ruler", replicas),
    autoImportPrometheusRules: { enabled: false },
    alertmanagers: { config: stringify({ alertmanagers: managers }) },
    // The chart's own example always fires.
    rules: { "example-alerts.yaml": "groups: []\n" },
    extraArgs: [
      `--rule-file=${RULES.folder}/*.yaml`,
      `--label=stack="${fleet.stack}"`,
      `--label=ruler="${cluster.name}"`,
      ...SERVER_TLS,
    ],
    extraVolumes: [...tls.extraVolumes, { name: "fleet-rules", configMap: { name: RULES.configMap } }],
    extraVolumeMounts: [...tls.extraVolumeMounts, { name: "fleet-rules", mountPath: RULES.folder, readOnly: true }],
    persistence: { size },
    resources: resources("50m", "128Mi", "512Mi"),
  };
}

function prepare(scope: AddonScope<ThanosGlobalConfig>): pulumi.Resource[] {
  const { name, namespace, opts } = scope;
  const rules = new kubernetes.core.v1.ConfigMap(
    `${name}-rules`,
    { metadata: { name: RULES.configMap, namespace }, data: { [RULES.file]: stringify(fleetRules(scope)) } },
    opts,
  );
  const ruler = hostOf(`${METRICS.fleet.ruler}-headless`);
  return [rules, bucketSecret(scope, SECRETS.bucket), tlsSecret(scope, SECRETS.tls, [ruler]), ...others()];

  /** The other clusters' queries, by the names that they have in the mesh. */
  function others(): pulumi.Resource[] {
    const ports = [{ name: "grpc", port: METRICS.thanos.grpc }];
    return visibleClusters(scope)
      .filter((cluster) => cluster.name !== scope.cluster.name)
      .map((cluster) =>
        globalService(`${name}-${cluster.name}`, { service: metricsService(cluster.name), namespace, ports }, opts),
      );
  }
}

function identities(target: AddonTarget): CloudIdentity[] {
  const statements = bucketStatements(target, "write");
  return [{ namespace: METRICS.namespace, serviceAccount: METRICS.fleet.ruler, statements }];
}

function monitoring(): Monitoring {
  const jobs = `job=~"${RELEASE}-query.*"`;
  return {
    scrapes: [
      {
        name: "all",
        of: "services",
        labels: { "app.kubernetes.io/name": "thanos", "app.kubernetes.io/instance": RELEASE },
        port: "http",
      },
    ],
    alerts: [
      {
        alert: "FleetQueriesFail",
        expr:
          `sum by (job) (rate(http_requests_total{${jobs}, code=~"5.."}[5m])) / ` +
          `sum by (job) (rate(http_requests_total{${jobs}}[5m])) > 0.05`,
        for: "10m",
        severity: "warning",
        summary: "{{ $value | humanizePercentage }} of the queries over all clusters fail at {{ $labels.job }}.",
      },
      {
        alert: "FleetRulesFail",
        expr: `sum(rate(prometheus_rule_evaluation_failures_total{job="${METRICS.fleet.ruler}"}[5m])) > 0`,
        for: "15m",
        severity: "warning",
        summary: "Rules over all clusters cannot be evaluated, so their alerts do not fire.",
      },
    ],
    dashboards: { queries: QUERIES },
  };
}

const QUERIES: Dashboard = {
  title: "Queries over all clusters",
  panels: [
    {
      title: "Queries",
      unit: "reqps",
      queries: {
        "{{handler}} {{code}}": `sum by (handler, code) (rate(http_requests_total{job=~"${RELEASE}-query.*"}[$__rate_interval]))`,
      },
    },
    {
      title: "Duration, 99th percentile",
      unit: "s",
      queries: {
        "{{handler}}": `histogram_quantile(0.99, sum by (handler, le) (rate(http_request_duration_seconds_bucket{job=~"${RELEASE}-query.*"}[$__rate_interval])))`,
      },
    },
    {
      title: "Clusters that are reached",
      queries: { "{{external_labels}}": "max by (external_labels) (thanos_store_nodes_grpc_connections)" },
    },
  ],
};

export const thanosGlobal = defineAddon({
  name: RELEASE,
  key: "thanosGlobal",
  title: "One query and one set of rules over the metrics of all clusters",
  chart: PINS.thanos,
  release: RELEASE,
  namespace: { name: METRICS.namespace, podSecurity: "restricted" },
  on: ({ planes }) => planes.includes("observability"),
  needs: [METRICS.thanos.addon],
  kinds: [],
  config,
  values: thanosGlobalValues,
  identities,
  monitoring,
  prepare,
});
