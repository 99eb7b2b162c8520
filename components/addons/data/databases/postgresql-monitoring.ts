import type { Monitoring } from "../../monitoring";

/** Name of a database's cluster, from the name of a pod of it (`orders-1`). */
const byDatabase = (metric: string) => `label_replace(${metric}, "database", "$1", "pod", "(.+)-[0-9]+")`;

/** Backups of every day may be late by as much as one that failed, and some time. */
const LATE_HOURS = 50;

/**
 * What of PostgreSQL is watched. Metrics: CloudNativePG's default queries, and the plugin's documentation, "Observability".
 */
export function postgresqlMonitoring(): Monitoring {
  return {
    scrapes: [
      { name: "operator", of: "pods", labels: { "app.kubernetes.io/name": "cloudnative-pg" }, port: "metrics" },
    ],
    alerts: [
      {
        alert: "PostgresqlDown",
        expr: "cnpg_collector_up == 0",
        for: "5m",
        severity: "critical",
        summary: "PostgreSQL in {{ $labels.namespace }}/{{ $labels.pod }} does not answer",
        runbook: "kubectl cnpg status of the cluster, then the pod's log.",
      },
      {
        alert: "PostgresqlReplicaLag",
        expr: "cnpg_pg_replication_lag > 300",
        for: "10m",
        severity: "warning",
        summary:
          "Replica {{ $labels.namespace }}/{{ $labels.pod }} is {{ $value | humanizeDuration }} behind its primary",
        runbook: "A failover now would lose as much; look at the load of the primary and at the network between zones.",
      },
      {
        alert: "PostgresqlReplicaDetached",
        expr: "cnpg_pg_replication_in_recovery == 1 and cnpg_pg_replication_is_wal_receiver_up == 0",
        for: "15m",
        severity: "warning",
        summary: "Replica {{ $labels.namespace }}/{{ $labels.pod }} receives nothing from its primary",
        runbook:
          "kubectl cnpg status of the cluster; a replica that is too far behind is made anew by deleting its claim.",
      },
      {
        alert: "PostgresqlArchivingFails",
        expr: "increase(cnpg_pg_stat_archiver_failed_count[15m]) > 0",
        for: "15m",
        severity: "critical",
        summary: "Write-ahead logs of {{ $labels.namespace }}/{{ $labels.pod }} do not reach the bucket",
        runbook: "Until they do, nothing since can be restored, and the volume fills: bucket, account, network.",
      },
      {
        alert: "PostgresqlBackupLate",
        expr: `time() - max by (namespace, database) (${byDatabase("barman_cloud_cloudnative_pg_io_last_available_backup_timestamp")} > 0) > ${LATE_HOURS * 3600}`,
        for: "15m",
        severity: "critical",
        summary: `The newest backup of {{ $labels.namespace }}/{{ $labels.database }} is more than ${LATE_HOURS} hours old`,
        runbook: "kubectl get backups,scheduledbackups in the namespace.",
      },
    ],
    dashboards: {
      postgresql: {
        title: "PostgreSQL",
        panels: [
          {
            title: "Transactions",
            unit: "ops",
            queries: {
              "{{namespace}}/{{pod}}":
                "sum by (namespace, pod) (rate(cnpg_pg_stat_database_xact_commit[5m]) + rate(cnpg_pg_stat_database_xact_rollback[5m]))",
            },
          },
          {
            title: "Connections",
            queries: { "{{namespace}}/{{pod}}": "sum by (namespace, pod) (cnpg_backends_total)" },
          },
          { title: "Replication lag", unit: "s", queries: { "{{namespace}}/{{pod}}": "cnpg_pg_replication_lag" } },
          {
            title: "Age of the newest backup",
            unit: "s",
            queries: {
              "{{namespace}}/{{database}}": `time() - max by (namespace, database) (${byDatabase("barman_cloud_cloudnative_pg_io_last_available_backup_timestamp")} > 0)`,
            },
          },
          {
            title: "Size",
            unit: "bytes",
            queries: { "{{namespace}}/{{pod}}": "sum by (namespace, pod) (cnpg_pg_database_size_bytes)" },
          },
        ],
      },
    },
  };
}
