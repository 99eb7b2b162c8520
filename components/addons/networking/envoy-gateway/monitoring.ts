import type { AlertRule, Dashboard, Monitoring } from "../../monitoring";

/** Envoy's names of the gateways' listeners; others are its own, for probes and metrics. */
const LISTENERS = 'envoy_http_conn_manager_prefix=~"https?-[0-9]+"';

const ALERTS: readonly AlertRule[] = [
  {
    alert: "GatewayErrors",
    expr:
      `sum(rate(envoy_http_downstream_rq_xx{${LISTENERS},envoy_response_code_class="5"}[5m])) / ` +
      `sum(rate(envoy_http_downstream_rq_xx{${LISTENERS}}[5m])) > 0.05`,
    for: "10m",
    severity: "critical",
    summary: "{{ $value | humanizePercentage }} of the requests that come in through the gateway end with a 5xx status",
    runbook:
      "The access log (envoy.response_flags, envoy.upstream_cluster) says which route, and whether a backend answered.",
  },
  {
    alert: "GatewayCertificateEnds",
    expr: "min by (namespace) (envoy_ssl_certificate_expiration_unix_time_seconds) - time() < 14 * 86400",
    for: "1h",
    severity: "critical",
    summary: "The gateway's certificate ends in less than 14 days, and was not renewed",
    runbook: "kubectl -n envoy-gateway-system describe certificate choreo-tls-cert",
  },
  {
    alert: "GatewayProxiesUnconfigured",
    expr: "sum by (pod) (rate(envoy_cluster_manager_cds_update_rejected[10m])) > 0",
    for: "10m",
    severity: "warning",
    summary: "Proxy {{ $labels.pod }} refuses configuration",
    runbook: "Look at the conditions of routes and policies (kubectl get httproutes,securitypolicies -A -o yaml).",
  },
  {
    alert: "GatewayRateLimitFails",
    expr: "sum(rate(envoy_cluster_ratelimit_error[5m])) > 0",
    for: "10m",
    severity: "warning",
    summary: "The rate-limit service does not answer; nothing is limited meanwhile",
    runbook: "kubectl -n envoy-gateway-system get pods -l app.kubernetes.io/component=ratelimit; then ratelimit-redis.",
  },
];

const DASHBOARD: Dashboard = {
  title: "Gateway",
  panels: [
    {
      title: "Requests by status",
      unit: "reqps",
      queries: {
        "{{envoy_response_code_class}}xx": `sum by (envoy_response_code_class) (rate(envoy_http_downstream_rq_xx{${LISTENERS}}[5m]))`,
      },
    },
    {
      title: "Latency",
      unit: "ms",
      queries: {
        p50: `histogram_quantile(0.5, sum by (le) (rate(envoy_http_downstream_rq_time_bucket{${LISTENERS}}[5m])))`,
        p99: `histogram_quantile(0.99, sum by (le) (rate(envoy_http_downstream_rq_time_bucket{${LISTENERS}}[5m])))`,
      },
    },
    {
      title: "Requests over a limit",
      unit: "reqps",
      queries: { limited: "sum(rate(envoy_cluster_ratelimit_over_limit[5m]))" },
    },
    { title: "Connections", queries: { open: `sum(envoy_http_downstream_cx_active{${LISTENERS}})` } },
  ],
};

/** What is watched of the controller, the proxies and the rate-limit service. */
export function monitoring(): Monitoring {
  const component = (name: string) => ({
    "app.kubernetes.io/component": name,
    "app.kubernetes.io/managed-by": "envoy-gateway",
  });
  return {
    alerts: ALERTS,
    dashboards: { gateway: DASHBOARD },
    scrapes: [
      { name: "envoy-gateway", of: "services", labels: { "control-plane": "envoy-gateway" }, port: "metrics" },
      {
        name: "envoy-proxies",
        of: "pods",
        labels: component("proxy"),
        port: "metrics",
        path: "/stats/prometheus",
      },
      { name: "envoy-ratelimit", of: "pods", labels: component("ratelimit"), port: "metrics" },
    ],
  };
}
