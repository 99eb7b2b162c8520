import type { AddonTarget } from "../contract";
import type { Monitoring } from "../monitoring";
import type { OpenSearchConfig } from "./opensearch-config";
import { EXPORTER_PORT } from "./opensearch-values";

/** What is watched of OpenSearch; the names of metrics are the exporter's. */
export function opensearchMonitoring(_target: AddonTarget, { nodes }: OpenSearchConfig): Monitoring {
  return {
    scrapes: [{ name: "nodes", of: "pods", labels: { "app.kubernetes.io/name": "opensearch" }, port: EXPORTER_PORT }],
    alerts: [
      {
        alert: "OpenSearchClusterRed",
        expr: 'max(elasticsearch_cluster_health_status{color="red"}) == 1',
        for: "5m",
        severity: "critical",
        summary: "OpenSearch has lost a primary shard: some logs or traces cannot be read or written",
        runbook:
          "GET _cluster/allocation/explain says which shard and why; restore it from a snapshot if its node is gone.",
      },
      ...(nodes > 1
        ? [
            {
              alert: "OpenSearchNodeMissing",
              expr: `min(elasticsearch_cluster_health_number_of_nodes) < ${nodes}`,
              for: "15m",
              severity: "warning",
              summary: `OpenSearch has fewer nodes than the ${nodes} that it should have`,
            } as const,
          ]
        : []),
      {
        alert: "OpenSearchDiskAlmostFull",
        expr: "min by (name) (elasticsearch_filesystem_data_available_bytes / elasticsearch_filesystem_data_size_bytes) < 0.15",
        for: "15m",
        severity: "warning",
        summary:
          "Node {{ $labels.name }} of OpenSearch has less than 15 % of its disk left; at 5 % it takes no more logs",
        runbook: "Shorten opensearch.retention, or enlarge opensearch.storage.",
      },
      {
        alert: "OpenSearchHeapPressure",
        expr: 'max by (name) (elasticsearch_jvm_memory_used_bytes{area="heap"} / elasticsearch_jvm_memory_max_bytes{area="heap"}) > 0.9',
        for: "15m",
        severity: "warning",
        summary: "Node {{ $labels.name }} of OpenSearch uses more than 90 % of its heap",
        runbook: "Enlarge opensearch.heap.",
      },
    ],
    dashboards: {
      opensearch: {
        title: "OpenSearch",
        panels: [
          {
            title: "Documents indexed",
            unit: "ops",
            queries: { "{{name}}": "sum by (name) (rate(elasticsearch_indices_indexing_index_total[5m]))" },
          },
          {
            title: "Searches",
            unit: "ops",
            queries: { "{{name}}": "sum by (name) (rate(elasticsearch_indices_search_query_total[5m]))" },
          },
          {
            title: "Disk left",
            unit: "percentunit",
            queries: {
              "{{name}}":
                "min by (name) (elasticsearch_filesystem_data_available_bytes / elasticsearch_filesystem_data_size_bytes)",
            },
          },
          {
            title: "Heap used",
            unit: "percentunit",
            queries: {
              "{{name}}":
                'max by (name) (elasticsearch_jvm_memory_used_bytes{area="heap"} / elasticsearch_jvm_memory_max_bytes{area="heap"})',
            },
          },
          { title: "Shards", queries: { active: "max(elasticsearch_cluster_health_active_shards)" } },
        ],
      },
    },
  };
}
