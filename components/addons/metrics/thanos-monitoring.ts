import type { Dashboard, Monitoring } from "../monitoring";
import { METRICS } from "./names";

const HOURS = 3600;

/** Whether metrics reach the bucket, and what becomes of them there. */
export function thanosMonitoring(): Monitoring {
  return {
    scrapes: [
      {
        name: "all",
        of: "services",
        labels: { "app.kubernetes.io/name": "thanos", "app.kubernetes.io/instance": "thanos" },
        port: "http",
      },
    ],
    alerts: [
      {
        alert: "MetricsNotUploaded",
        expr:
          `time() - max by (pod) (thanos_objstore_bucket_last_successful_upload_time{job="${METRICS.sidecars}"} > 0) ` +
          `> ${4 * HOURS}`,
        for: "10m",
        severity: "critical",
        summary: "{{ $labels.pod }} has not put its metrics into the bucket for {{ $value | humanizeDuration }}.",
        runbook:
          "Look at the log of its container thanos-sidecar. What Prometheus drops before it is uploaded is lost " +
          "(prometheus.retention).",
      },
      {
        alert: "CompactorHalted",
        expr: "max by (pod) (thanos_compact_halted) == 1",
        for: "5m",
        severity: "critical",
        summary: "The compactor has stopped: metrics are neither downsampled nor removed.",
        runbook: "Its log names the block that it cannot compact; remove or repair that block, then restart the pod.",
      },
      {
        alert: "CompactorTwice",
        expr: 'sum(up{job="thanos-compactor"}) > 1',
        for: "5m",
        severity: "critical",
        summary: "{{ $value }} compactors run on one bucket, which damages it.",
        runbook: "Scale the StatefulSet thanos-compactor to one, and look for overlapping blocks.",
      },
      {
        alert: "BucketOperationsFail",
        expr:
          "sum by (job, operation) (rate(thanos_objstore_bucket_operation_failures_total[5m])) / " +
          "sum by (job, operation) (rate(thanos_objstore_bucket_operations_total[5m])) > 0.05",
        for: "15m",
        severity: "warning",
        summary:
          "{{ $value | humanizePercentage }} of {{ $labels.operation }} by {{ $labels.job }} fail at the bucket.",
        runbook: "Check that the bucket is there, that its account may use it, and that its server answers.",
      },
    ],
    dashboards: { bucket: BUCKET },
  };
}

const BUCKET: Dashboard = {
  title: "Metrics in the object store",
  panels: [
    {
      title: "Since the last upload",
      unit: "s",
      queries: {
        "{{cluster}} {{pod}}": `time() - max by (cluster, pod) (thanos_objstore_bucket_last_successful_upload_time{job="${METRICS.sidecars}"} > 0)`,
      },
    },
    {
      title: "Operations that fail",
      unit: "ops",
      queries: {
        "{{cluster}} {{job}} {{operation}}":
          "sum by (cluster, job, operation) (rate(thanos_objstore_bucket_operation_failures_total[$__rate_interval]))",
      },
    },
    {
      title: "Compactions",
      queries: {
        "{{cluster}} done": "sum by (cluster) (increase(thanos_compact_group_compactions_total[1h]))",
        "{{cluster}} failed": "sum by (cluster) (increase(thanos_compact_group_compactions_failures_total[1h]))",
      },
    },
    {
      title: "Blocks that are served",
      queries: { "{{cluster}}": "max by (cluster) (thanos_bucket_store_blocks_loaded)" },
    },
    {
      title: "Calls of queries, 99th percentile",
      unit: "s",
      queries: {
        "{{cluster}} {{job}}":
          'histogram_quantile(0.99, sum by (cluster, job, le) (rate(grpc_server_handling_seconds_bucket{job=~"thanos-.*"}[$__rate_interval])))',
      },
    },
  ],
};
