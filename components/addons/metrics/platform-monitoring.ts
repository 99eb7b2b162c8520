import type { Dashboard, Monitoring } from "../monitoring";

/**
 * Health of clusters as a whole. Rules for nodes, workloads, volumes, the API server and Prometheus itself come with the
 * chart; these are what they leave open.
 */
export function platformMonitoring(): Monitoring {
  return {
    alerts: [
      {
        alert: "ClusterCpuNearlyFull",
        expr:
          'sum(kube_pod_container_resource_requests{resource="cpu"} * on (namespace, pod) group_left () ' +
          '(kube_pod_status_phase{phase=~"Pending|Running"} == 1)) / ' +
          'sum(kube_node_status_allocatable{resource="cpu"}) > 0.9',
        for: "30m",
        severity: "warning",
        summary: "Pods ask for {{ $value | humanizePercentage }} of the cluster's processors.",
        runbook: "Add nodes, or raise the limits of the node pools; a pod that does not fit stays Pending.",
      },
      {
        alert: "ClusterMemoryNearlyFull",
        expr:
          'sum(kube_pod_container_resource_requests{resource="memory"} * on (namespace, pod) group_left () ' +
          '(kube_pod_status_phase{phase=~"Pending|Running"} == 1)) / ' +
          'sum(kube_node_status_allocatable{resource="memory"}) > 0.9',
        for: "30m",
        severity: "warning",
        summary: "Pods ask for {{ $value | humanizePercentage }} of the cluster's memory.",
        runbook: "Add nodes, or raise the limits of the node pools; a pod that does not fit stays Pending.",
      },
    ],
    dashboards: { fleet: FLEET, components: COMPONENTS },
  };
}

const FLEET: Dashboard = {
  title: "Fleet",
  panels: [
    { title: "Targets that answer", queries: { "{{cluster}}": "sum by (cluster) (up)" } },
    {
      title: "Alerts that fire",
      queries: {
        "{{cluster}} {{severity}}":
          'count by (cluster, severity) (ALERTS{alertstate="firing", alertname!~"Watchdog|InfoInhibitor"})',
      },
    },
    {
      title: "Nodes",
      queries: {
        "{{cluster}} ready": 'sum by (cluster) (kube_node_status_condition{condition="Ready", status="true"})',
        "{{cluster}} all": "count by (cluster) (kube_node_info)",
      },
    },
    {
      title: "Pods that do not run",
      queries: {
        "{{cluster}} {{phase}}": 'sum by (cluster, phase) (kube_pod_status_phase{phase=~"Pending|Failed|Unknown"})',
      },
    },
    {
      title: "Processors in use",
      unit: "percentunit",
      queries: {
        "{{cluster}}": '1 - avg by (cluster) (rate(node_cpu_seconds_total{mode="idle"}[$__rate_interval]))',
      },
    },
    {
      title: "Memory in use",
      unit: "percentunit",
      queries: {
        "{{cluster}}":
          "1 - sum by (cluster) (node_memory_MemAvailable_bytes) / sum by (cluster) (node_memory_MemTotal_bytes)",
      },
    },
    {
      title: "Errors of the API server",
      unit: "percentunit",
      queries: {
        "{{cluster}}":
          'sum by (cluster) (rate(apiserver_request_total{code=~"5.."}[$__rate_interval])) / ' +
          "sum by (cluster) (rate(apiserver_request_total[$__rate_interval]))",
      },
    },
    {
      title: "Restarts of containers in an hour",
      queries: {
        "{{cluster}} {{namespace}}":
          "topk(10, sum by (cluster, namespace) (increase(kube_pod_container_status_restarts_total[1h])) > 0)",
      },
    },
  ],
};

/** Tenants' components that are scraped by the monitor `choreo-components`, and what they use. */
const COMPONENTS: Dashboard = {
  title: "Components",
  panels: [
    {
      title: "Targets that answer",
      queries: {
        "{{cluster}} {{namespace}} {{service}}": 'sum by (cluster, namespace, service) (up{endpoint="metrics"})',
      },
    },
    {
      title: "Processors in use",
      queries: {
        "{{cluster}} {{namespace}}":
          'topk(20, sum by (cluster, namespace) (rate(container_cpu_usage_seconds_total{container!=""}[$__rate_interval])))',
      },
    },
    {
      title: "Memory in use",
      unit: "bytes",
      queries: {
        "{{cluster}} {{namespace}}":
          'topk(20, sum by (cluster, namespace) (container_memory_working_set_bytes{container!=""}))',
      },
    },
    {
      title: "Waiting for processors",
      unit: "percentunit",
      queries: {
        "{{cluster}} {{namespace}}":
          "topk(20, sum by (cluster, namespace) (increase(container_cpu_cfs_throttled_periods_total[$__rate_interval])) / " +
          "sum by (cluster, namespace) (increase(container_cpu_cfs_periods_total[$__rate_interval])))",
      },
    },
  ],
};
