import type { Monitoring } from "../../monitoring";
import { BACKUP_TIERS } from "./tiers";

/** Alerts by tier: a schedule's name ends in its tier. */
const late = Object.entries(BACKUP_TIERS).map(([tier, { lateAfterHours }]) => ({
  alert: `BackupLate${tier[0]?.toUpperCase()}${tier.slice(1)}`,
  expr: `time() - velero_backup_last_successful_timestamp{schedule=~".+-${tier}(-copy)?"} > ${lateAfterHours * 3600}`,
  for: "15m",
  severity: "critical" as const,
  summary: `The newest good backup of schedule {{ $labels.schedule }} (${tier}) is more than ${lateAfterHours} hours old`,
  runbook: "velero backup get, then velero backup logs of the newest one.",
}));

/** What of Velero is watched. Metrics: pkg/metrics/metrics.go of Velero. */
export function veleroMonitoring(): Monitoring {
  return {
    scrapes: [
      { name: "velero", of: "services", labels: { "app.kubernetes.io/name": "velero" }, port: "http-monitoring" },
      { name: "node-agent", of: "pods", labels: { role: "node-agent" }, port: "http-monitoring" },
    ],
    alerts: [
      ...late,
      {
        alert: "BackupFailed",
        expr: 'velero_backup_last_status{schedule!=""} != 1',
        for: "15m",
        severity: "warning",
        summary: "The last backup of schedule {{ $labels.schedule }} failed, in whole or in part",
        runbook: "velero backup describe --details of the newest backup of the schedule.",
      },
      {
        alert: "BackupLocationUnavailable",
        expr: "velero_backup_location_status_gauge == 0",
        for: "15m",
        severity: "critical",
        summary: "Backups cannot be written to location {{ $labels.backup_location_name }}",
        runbook: "kubectl -n velero describe backupstoragelocation: bucket, account or network.",
      },
      {
        alert: "RestoreFailed",
        expr: "increase(velero_restore_failed_total[1h]) + increase(velero_restore_partial_failure_total[1h]) + increase(velero_restore_validation_failed_total[1h]) > 0",
        for: "1m",
        severity: "critical",
        summary: "A restore failed; where it was a drill, the backups may be of no use",
        runbook: "velero restore get, then velero restore logs.",
      },
    ],
    dashboards: {
      backups: {
        title: "Backups",
        panels: [
          {
            title: "Age of the newest good backup",
            unit: "s",
            queries: { "{{schedule}}": 'time() - velero_backup_last_successful_timestamp{schedule!=""}' },
          },
          {
            title: "Duration (median)",
            unit: "s",
            queries: {
              "{{schedule}}":
                "histogram_quantile(0.5, sum by (schedule, le) (rate(velero_backup_duration_seconds_bucket[1d])))",
            },
          },
          {
            title: "Size of the objects",
            unit: "bytes",
            queries: { "{{schedule}}": "velero_backup_tarball_size_bytes" },
          },
          {
            title: "Volumes moved to the bucket",
            queries: {
              "done {{node}}": "sum by (node) (increase(podVolume_data_upload_success_total[1d]))",
              "failed {{node}}": "sum by (node) (increase(podVolume_data_upload_failure_total[1d]))",
            },
          },
        ],
      },
    },
  };
}
