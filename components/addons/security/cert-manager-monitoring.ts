import type { Monitoring } from "../monitoring";

/** Certificates that are not renewed in time, whatever they live. */
export function certManagerMonitoring(): Monitoring {
  return {
    scrapes: [
      {
        name: "controller",
        of: "pods",
        labels: { "app.kubernetes.io/name": "cert-manager", "app.kubernetes.io/component": "controller" },
        port: "http-metrics",
      },
    ],
    alerts: [
      {
        alert: "CertificateNotRenewed",
        expr: "time() - max by (namespace, name) (certmanager_certificate_renewal_timestamp_seconds > 0) > 3600",
        for: "10m",
        severity: "warning",
        summary:
          "Certificate {{ $labels.namespace }}/{{ $labels.name }} should have been renewed " +
          "{{ $value | humanizeDuration }} ago.",
        runbook:
          "kubectl describe certificate, then its newest CertificateRequest and Challenge, say what it waits for.",
      },
      {
        alert: "CertificateNotReady",
        expr: 'max by (namespace, name) (certmanager_certificate_ready_status{condition!="True"}) == 1',
        for: "15m",
        severity: "critical",
        summary: "Certificate {{ $labels.namespace }}/{{ $labels.name }} is not valid, or was never issued.",
        runbook:
          "kubectl describe certificate, then its newest CertificateRequest and Challenge, say what it waits for.",
      },
    ],
    dashboards: {
      certificates: {
        title: "Certificates",
        panels: [
          {
            title: "Until the end",
            unit: "s",
            queries: {
              "{{cluster}} {{namespace}}/{{name}}":
                "bottomk(20, min by (cluster, namespace, name) " +
                "(certmanager_certificate_expiration_timestamp_seconds > 0) - time())",
            },
          },
          {
            title: "Not ready",
            queries: {
              "{{cluster}}": 'sum by (cluster) (certmanager_certificate_ready_status{condition!="True"})',
            },
          },
          {
            title: "Errors of the controller",
            unit: "ops",
            queries: {
              "{{cluster}} {{controller}}":
                "sum by (cluster, controller) (rate(certmanager_controller_sync_error_count[$__rate_interval]))",
            },
          },
        ],
      },
    },
  };
}
