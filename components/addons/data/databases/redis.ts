import { z } from "zod";
import { defineAddon } from "../../addon";
import { PINS } from "../../charts";
import type { AddonTarget } from "../../contract";
import type { Monitoring } from "../../monitoring";
import { RESTRICTED_CONTAINER, RESTRICTED_POD } from "../../restricted";

const KINDS = [
  ["Redis", "redis"],
  ["RedisCluster", "redisclusters"],
  ["RedisReplication", "redisreplications"],
  ["RedisSentinel", "redissentinels"],
] as const;

/** The operator has no backups of its own: each database has a CronJob `<database>-redis-backup` to the bucket. */
export const REDIS_BACKUP_SUFFIX = "redis-backup";

const LATE_HOURS = 50;

const config = () =>
  z
    .strictObject({
      enabled: z.boolean().default(true).describe("Off where no tenant has a Redis database."),
    })
    .describe("Redis: the operator of OT-CONTAINER-KIT.");
export type RedisConfig = z.output<ReturnType<typeof config>>;

/** Source: the chart's values.yaml. Without `watchNamespace` it watches all of them. */
export function redisOperatorValues(_target: AddonTarget) {
  return {
    redisOperator: { imagePullPolicy: "IfNotPresent" },
    podSecurityContext: { ...RESTRICTED_POD, runAsUser: 1000 },
    securityContext: { ...RESTRICTED_CONTAINER, readOnlyRootFilesystem: true },
    resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "512Mi" } },
  };
}

/** Metrics: those of redis_exporter, which databases run beside Redis, and of the cluster. */
function monitoring(): Monitoring {
  const backups = `kube_cronjob_status_last_successful_time{cronjob=~".+-${REDIS_BACKUP_SUFFIX}"}`;
  return {
    scrapes: [{ name: "operator", of: "pods", labels: { name: "redis-operator" }, port: "metrics" }],
    alerts: [
      {
        alert: "RedisDown",
        expr: "redis_up == 0",
        for: "5m",
        severity: "critical",
        summary: "Redis in {{ $labels.namespace }}/{{ $labels.pod }} does not answer",
        runbook: "The log of the pod, and whether its memory is at its limit.",
      },
      {
        alert: "RedisReplicaDetached",
        expr: "redis_master_link_up == 0",
        for: "10m",
        severity: "warning",
        summary: "Replica {{ $labels.namespace }}/{{ $labels.pod }} receives nothing from its master",
        runbook: "A failover now would lose what was written since; look at the network between zones.",
      },
      {
        alert: "RedisMemoryAlmostFull",
        expr: "redis_memory_used_bytes / (redis_memory_max_bytes > 0) > 0.9",
        for: "15m",
        severity: "warning",
        summary:
          "Redis in {{ $labels.namespace }}/{{ $labels.pod }} uses {{ $value | humanizePercentage }} of its memory",
        runbook: "Give the database a larger size, or keys a time to live.",
      },
      {
        alert: "RedisBackupLate",
        expr: `time() - ${backups} > ${LATE_HOURS * 3600}`,
        for: "15m",
        severity: "critical",
        summary: `The newest backup of {{ $labels.namespace }}/{{ $labels.cronjob }} is more than ${LATE_HOURS} hours old`,
        runbook: "kubectl get jobs in the namespace, and the log of the newest one's pod.",
      },
    ],
    dashboards: {
      redis: {
        title: "Redis",
        panels: [
          {
            title: "Commands",
            unit: "ops",
            queries: { "{{namespace}}/{{pod}}": "sum by (namespace, pod) (rate(redis_commands_processed_total[5m]))" },
          },
          { title: "Memory", unit: "bytes", queries: { "{{namespace}}/{{pod}}": "redis_memory_used_bytes" } },
          { title: "Clients", queries: { "{{namespace}}/{{pod}}": "redis_connected_clients" } },
          {
            title: "Hits",
            unit: "percentunit",
            queries: {
              "{{namespace}}/{{pod}}":
                "rate(redis_keyspace_hits_total[5m]) / (rate(redis_keyspace_hits_total[5m]) + rate(redis_keyspace_misses_total[5m]))",
            },
          },
          {
            title: "Age of the newest backup",
            unit: "s",
            queries: { "{{namespace}}/{{cronjob}}": `time() - ${backups}` },
          },
        ],
      },
    },
  };
}

export const redisOperator = defineAddon({
  name: "redis-operator",
  key: "redis",
  title: "Redis: the operator that runs tenants' databases",
  chart: PINS["redis-operator"],
  namespace: { name: "redis-operator", podSecurity: "restricted" },
  on: ({ planes }) => planes.includes("data"),
  needs: ["cilium"],
  uses: ["storage-classes"],
  kinds: KINDS.map(([kind, plural]) => ({
    group: "redis.redis.opstreelabs.in",
    version: "v1beta2",
    kind,
    plural,
    scope: "Namespaced" as const,
    registeredBy: "release" as const,
  })),
  keepsKinds: () => "of a folder that Helm only ever installs, as every database would go with them",
  config,
  values: redisOperatorValues,
  monitoring,
});
