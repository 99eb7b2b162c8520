import type { AlertRule, Dashboard, Monitoring } from "../../monitoring";

const ALERTS: readonly AlertRule[] = [
  {
    alert: "MeshControlPlaneDown",
    expr: 'absent(istio_build{component="pilot"})',
    for: "5m",
    severity: "critical",
    summary: "No istiod answers; certificates of workloads are not renewed",
    runbook:
      "kubectl -n istio-system describe pods -l app=istiod; certificates live a day, so the mesh goes on until then.",
  },
  {
    alert: "MeshConfigRefused",
    expr: "sum by (type) (rate(pilot_total_xds_rejects[10m])) > 0",
    for: "10m",
    severity: "warning",
    summary: "Proxies refuse configuration of type {{ $labels.type }}",
    runbook: "istiod's log names the proxy and the resource; take back the last change of a policy or route.",
  },
  {
    alert: "MeshCertificatesRefused",
    expr: "sum(rate(citadel_server_csr_sign_err_count[10m])) + sum(rate(citadel_server_authentication_failure_count[10m])) > 0",
    for: "15m",
    severity: "warning",
    summary: "istiod does not sign certificates that proxies ask for",
    runbook: "Compare the Secret cacerts with the mesh's roots, and look at istiod's log.",
  },
  {
    alert: "MeshAuthorityEnds",
    expr: "min(citadel_server_cert_chain_expiry_seconds) < 90 * 86400",
    for: "1h",
    severity: "critical",
    summary: "The intermediate that signs workloads' certificates ends in less than 90 days",
    runbook: "Run pulumi up: an intermediate is renewed two years before it ends.",
  },
  {
    alert: "MeshPeerUnreachable",
    expr: "sum(rate(remote_cluster_sync_timeouts_total[30m])) > 0",
    for: "30m",
    severity: "warning",
    summary: "istiod does not reach the API server of another cluster of the mesh",
    runbook:
      "Check that nodes of this cluster reach the other's API server, and the Secret istio-remote-secret-<cluster>.",
  },
];

const DASHBOARD: Dashboard = {
  title: "Mesh: control plane",
  panels: [
    { title: "Proxies", queries: { "{{version}}": "sum by (version) (pilot_xds)" } },
    {
      title: "Time until a change is at the proxies",
      unit: "s",
      queries: {
        p50: "histogram_quantile(0.5, sum by (le) (rate(pilot_proxy_convergence_time_bucket[5m])))",
        p99: "histogram_quantile(0.99, sum by (le) (rate(pilot_proxy_convergence_time_bucket[5m])))",
      },
    },
    { title: "Pushes", unit: "ops", queries: { "{{type}}": "sum by (type) (rate(pilot_xds_pushes[5m]))" } },
    {
      title: "Certificates signed",
      unit: "ops",
      queries: { signed: "sum(rate(citadel_server_success_cert_issuance_count[5m]))" },
    },
    {
      title: "Clusters of the mesh",
      queries: { "{{cluster_type}}": "max by (cluster_type) (istiod_managed_clusters)" },
    },
  ],
};

/** What is watched of istiod. */
export function monitoring(): Monitoring {
  return {
    alerts: ALERTS,
    dashboards: { istiod: DASHBOARD },
    scrapes: [{ name: "istiod", of: "services", labels: { app: "istiod" }, port: "http-monitoring" }],
  };
}
