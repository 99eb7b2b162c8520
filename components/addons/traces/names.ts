import { RESTRICTED_CONTAINER } from "../restricted";

/** The namespace of everything that handles traces. */
export const TRACES_NAMESPACE = "tracing";

/** Where whatever is not an instrumented pod (Istio, Envoy) sends its spans, on every cluster. */
export const GATEWAY = {
  addon: "otel-gateway",
  service: "otel-gateway",
  /** Headless Service by which spans of one trace find the same gateway. */
  peers: "otel-gateway-peers",
  grpc: 4317,
  http: 4318,
  peersPort: 14317,
  ingestPort: 14319,
  spanMetricsPort: 8889,
} as const;

/** Where instrumented pods send their spans: the agent of their own node. */
export const AGENT = { addon: "otel-agent", service: "otel-agent" } as const;

/** The global service by which gateways of other clusters reach the one beside Jaeger. */
export const INGEST = { service: "otel-ingest", port: 4317 } as const;

/** Jaeger's Service, on the observability plane. */
export const JAEGER = { addon: "jaeger", service: "jaeger", otlp: 4317, ui: 16686 } as const;

/** A Service as pods of every namespace resolve it. */
export function hostOf(service: string): string {
  return `${service}.${TRACES_NAMESPACE}.svc`;
}

/** Port of the collectors' own metrics, by name and number. */
export const OWN_METRICS = { name: "metrics", port: 8888 } as const;

/** The security of a container that writes to its volumes alone. */
export const READ_ONLY_CONTAINER = { ...RESTRICTED_CONTAINER, readOnlyRootFilesystem: true };
