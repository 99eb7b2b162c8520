import { TENANT_LABELS } from "../logs/names";
import {
  BATCH,
  BY_TRACE,
  type CollectorConfig,
  clusterAttribute,
  collectorBase,
  MEMORY_LIMITER,
  OTLP,
} from "./collector";

/** Attributes that say whose span it is; those that a sender claims are dropped. */
const TENANT = "choreo.tenant";
const COMPONENT = "choreo.component";

/** The agent of a node: it knows the pods of its node, says which of them a span is of, and hands it to its trace's gateway. */
export function agentConfig(cluster: string): CollectorConfig {
  return {
    receivers: { otlp: OTLP },
    processors: {
      memory_limiter: MEMORY_LIMITER,
      "resource/claims": { attributes: [TENANT, COMPONENT].map((key) => ({ key, action: "delete" })) },
      k8s_attributes: KUBERNETES_ATTRIBUTES,
      "resource/cluster": clusterAttribute(cluster),
      batch: BATCH,
    },
    exporters: { loadbalancing: BY_TRACE },
    ...collectorBase({
      traces: {
        receivers: ["otlp"],
        processors: ["memory_limiter", "resource/claims", "k8s_attributes", "resource/cluster", "batch"],
        exporters: ["loadbalancing"],
      },
    }),
  };
}

const KUBERNETES_ATTRIBUTES = {
  filter: { node_from_env_var: "OTEL_K8S_NODE_NAME" },
  // By the address that the span came from, not by what it says of itself.
  pod_association: [{ sources: [{ from: "connection" }] }],
  extract: {
    metadata: [
      "k8s.namespace.name",
      "k8s.pod.name",
      "k8s.pod.uid",
      "k8s.node.name",
      "k8s.deployment.name",
      "k8s.statefulset.name",
    ],
    labels: [
      ...TENANT_LABELS.map((key) => ({ tag_name: TENANT, key, from: "namespace" })),
      ...["choreo.dev/component", "openchoreo.dev/component"].map((key) => ({ tag_name: COMPONENT, key, from: "pod" })),
    ],
  },
};

/** What the agent reads of the API server to know its node's pods. */
export const AGENT_RULES = [
  { apiGroups: [""], resources: ["pods", "namespaces"], verbs: ["get", "list", "watch"] },
  { apiGroups: ["apps"], resources: ["replicasets"], verbs: ["get", "list", "watch"] },
];
