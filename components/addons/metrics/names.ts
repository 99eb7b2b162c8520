/** Where metrics live, and what others call them by. The names of Services follow from the releases' names. */
export const METRICS = {
  namespace: "monitoring",
  /** Namespace of the node exporter alone, whose pods see their node: it is the only one that is privileged. */
  nodes: "monitoring-nodes",
  prometheus: { addon: "kube-prometheus-stack", service: "kube-prometheus-stack-prometheus", port: 9090 },
  /** Headless Service of the sidecars of Prometheus. */
  sidecars: "kube-prometheus-stack-thanos-discovery",
  alertmanager: { service: "kube-prometheus-stack-alertmanager", port: 9093 },
  thanos: { addon: "thanos", query: "thanos-query", grpc: 10901 },
  fleet: { addon: "thanos-global", query: "thanos-global-query-frontend", ruler: "thanos-global-ruler", port: 9090 },
} as const;

/** Label of metrics that says which cluster they are of. */
export const CLUSTER_LABEL = "cluster";

/** Labels by which replicas of the same series are told apart, and deduplicated. */
export const REPLICA_LABELS = ["prometheus_replica", "ruler_replica"] as const;

/** The Service by which a cluster's metrics are reached from the whole mesh. */
export function metricsService(cluster: string): string {
  return `thanos-${cluster}`;
}

/** A Service's name as pods of every namespace resolve it. */
export function hostOf(service: string): string {
  return `${service}.${METRICS.namespace}.svc`;
}

/** What the Kubernetes domain is; no cluster of the platform changes it. */
export const CLUSTER_DOMAIN = "cluster.local";
