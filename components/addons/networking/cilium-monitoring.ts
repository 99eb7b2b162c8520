import type { PlannedCluster } from "../../fleet";
import type { AlertRule, Dashboard, Monitoring, Scrape } from "../monitoring";

/** What of Cilium is there to be watched. */
export interface CiliumParts {
  readonly relay: boolean;
  /** Whether Hubble makes metrics of flows. */
  readonly flows: boolean;
}

/** Cilium's own health, the flows that Hubble sees, and the links to other clusters. */
export function ciliumMonitoring({ mesh }: Pick<PlannedCluster, "mesh">, { relay, flows }: CiliumParts): Monitoring {
  const linked = mesh !== undefined;
  return {
    scrapes: [
      pods("agent", { "k8s-app": "cilium" }, "prometheus"),
      pods("operator", { "io.cilium/app": "operator" }, "prometheus"),
      pods("envoy", { "k8s-app": "cilium-envoy" }, "envoy-metrics"),
      ...(flows ? [pods("hubble", { "k8s-app": "cilium" }, "hubble-metrics")] : []),
      ...(relay ? [pods("relay", { "k8s-app": "hubble-relay" }, "prometheus")] : []),
      ...(linked ? MESH_PORTS.map(([name, port]) => pods(name, { "k8s-app": "clustermesh-apiserver" }, port)) : []),
    ],
    alerts: [...ALERTS, ...(linked ? [PEER_LOST] : [])],
    dashboards: { network: NETWORK },
  };
}

const MESH_PORTS = [
  ["mesh-apiserver", "apiserv-metrics"],
  ["mesh-kvstore", "kvmesh-metrics"],
] as const;

function pods(name: string, labels: Readonly<Record<string, string>>, port: string): Scrape {
  return { name, of: "pods", labels, port };
}

const ALERTS: readonly AlertRule[] = [
  {
    alert: "NodesUnreachable",
    expr: 'sum by (source_node_name) (cilium_node_health_connectivity_status{type="node", status="unreachable"}) > 0',
    for: "10m",
    severity: "warning",
    summary: "{{ $labels.source_node_name }} does not reach {{ $value }} other nodes.",
    runbook: "Run cilium-health status in the node's agent; look at firewalls, routes and the nodes themselves.",
  },
  {
    alert: "CiliumMapNearlyFull",
    expr: "max by (pod, map_name) (cilium_bpf_map_pressure) > 0.9",
    for: "15m",
    severity: "warning",
    summary: "The map {{ $labels.map_name }} of {{ $labels.pod }} is {{ $value | humanizePercentage }} full.",
    runbook: "A full map drops connections or policy entries; raise its size in Cilium's values.",
  },
  {
    alert: "CiliumEndpointsNotUpdated",
    expr: 'sum by (pod) (rate(cilium_endpoint_regenerations_total{outcome="fail"}[5m])) > 0',
    for: "15m",
    severity: "warning",
    summary: "{{ $labels.pod }} cannot bring its pods' network rules up to date.",
    runbook: "The agent's log names the endpoints and why.",
  },
];

const PEER_LOST: AlertRule = {
  alert: "ClusterMeshPeerLost",
  expr: "min by (target_cluster) (cilium_clustermesh_remote_cluster_readiness_status) < 1",
  for: "10m",
  severity: "critical",
  summary: "The link to cluster {{ $labels.target_cluster }} is down: its services and identities are not updated.",
  runbook: "Run cilium-dbg troubleshoot clustermesh in an agent; look at the peer's clustermesh-apiserver.",
};

const NETWORK: Dashboard = {
  title: "Network",
  panels: [
    {
      title: "Flows",
      unit: "ops",
      queries: { "{{cluster}} {{verdict}}": rate("sum by (cluster, verdict)", "hubble_flows_processed_total") },
    },
    {
      title: "Dropped packets by reason",
      unit: "pps",
      queries: { "{{cluster}} {{reason}}": rate("sum by (cluster, reason)", "cilium_drop_count_total") },
    },
    {
      title: "Names that are not resolved",
      unit: "ops",
      queries: {
        "{{cluster}} {{rcode}}": rate("sum by (cluster, rcode)", 'hubble_dns_responses_total{rcode!="No Error"}'),
      },
    },
    {
      title: "Connections reset",
      unit: "ops",
      queries: { "{{cluster}}": rate("sum by (cluster)", 'hubble_tcp_flags_total{flag="RST"}') },
    },
    {
      title: "Fullest map",
      unit: "percentunit",
      queries: { "{{cluster}} {{map_name}}": "topk(5, max by (cluster, map_name) (cilium_bpf_map_pressure))" },
    },
    {
      title: "Links to other clusters",
      queries: {
        "{{cluster}} → {{target_cluster}}":
          "min by (cluster, target_cluster) (cilium_clustermesh_remote_cluster_readiness_status)",
      },
    },
    {
      title: "Latency between nodes, 99th percentile",
      unit: "s",
      queries: {
        "{{cluster}}":
          "histogram_quantile(0.99, sum by (cluster, le) " +
          "(rate(cilium_node_health_connectivity_latency_seconds_bucket[$__rate_interval])))",
      },
    },
    {
      title: "Until a policy holds, 99th percentile",
      unit: "s",
      queries: {
        "{{cluster}}":
          "histogram_quantile(0.99, sum by (cluster, le) " +
          "(rate(cilium_policy_implementation_delay_bucket[$__rate_interval])))",
      },
    },
  ],
};

function rate(sum: string, counter: string): string {
  return `${sum} (rate(${counter}[$__rate_interval]))`;
}
