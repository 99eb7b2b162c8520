import { defineAddon } from "../../addon";
import { PINS } from "../../charts";
import type { AddonTarget } from "../../contract";
import type { AlertRule, Dashboard } from "../../monitoring";
import { ISTIO, ISTIO_SYSTEM, networkOf } from "./names";
import type { IstioConfig } from "./settings";

/** ztunnel writes a connection that ended well at level info, one that failed at level error, both to this target. */
const ACCESS_LOGS = { all: "info", errors: "info,access=error", none: "info,access=off" } as const;

/** Helm values of ztunnel. Sources: the chart's values.yaml; Istio's documentation, "Install ambient multi-primary". */
export function ztunnelValues({ cluster }: AddonTarget, { accessLogs }: IstioConfig) {
  return {
    multiCluster: { clusterName: cluster.name },
    network: networkOf(cluster),
    logAsJson: true,
    logLevel: ACCESS_LOGS[accessLogs],
  };
}

const ALERTS: readonly AlertRule[] = [
  {
    alert: "MeshConnectionsFail",
    expr: "sum by (pod) (rate(istio_tcp_connections_failed_total[5m])) > 5",
    for: "10m",
    severity: "warning",
    summary: "ztunnel {{ $labels.pod }} fails to open {{ $value | humanize }} connections a second",
    runbook:
      "Look for the peers in its log (kubectl -n istio-system logs); a denied policy and a lost link both end here.",
  },
  {
    alert: "MeshNodeUnconfigured",
    expr: "max by (pod) (workload_manager_pending_proxy_count) > 0",
    for: "15m",
    severity: "warning",
    summary: "Pods on the node of ztunnel {{ $labels.pod }} wait to be taken into the mesh",
    runbook: "Compare the logs of ztunnel and of istio-cni on that node.",
  },
];

const DASHBOARD: Dashboard = {
  title: "Mesh: connections",
  panels: [
    {
      title: "Connections opened",
      unit: "cps",
      queries: { "{{source_workload}}": "sum by (source_workload) (rate(istio_tcp_connections_opened_total[5m]))" },
    },
    {
      title: "Connections failed",
      unit: "cps",
      queries: { "{{source_workload}}": "sum by (source_workload) (rate(istio_tcp_connections_failed_total[5m]))" },
    },
    {
      title: "Traffic",
      unit: "Bps",
      queries: {
        sent: "sum(rate(istio_tcp_sent_bytes_total[5m]))",
        received: "sum(rate(istio_tcp_received_bytes_total[5m]))",
      },
    },
    {
      title: "Connections without mutual TLS",
      unit: "cps",
      queries: {
        "{{destination_workload}}":
          'sum by (destination_workload) (rate(istio_tcp_connections_opened_total{connection_security_policy!="mutual_tls"}[5m]))',
      },
    },
  ],
};

/** The proxy on each node: mutual TLS and authorization by identity for every pod of the mesh. */
export const ztunnel = defineAddon({
  name: "ztunnel",
  key: ISTIO,
  title: "Istio: the proxy on each node",
  chart: PINS.ztunnel,
  namespace: ISTIO_SYSTEM,
  on: () => true,
  // It is ready when istiod has answered it and the node agent has opened its socket.
  needs: ["istiod", "istio-cni"],
  kinds: [],
  values: ztunnelValues,
  monitoring: () => ({
    alerts: ALERTS,
    dashboards: { mesh: DASHBOARD },
    scrapes: [{ name: "ztunnel", of: "pods", labels: { app: "ztunnel" }, port: "ztunnel-stats" }],
  }),
});
