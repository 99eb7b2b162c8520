/** Where everything on a cluster sends spans by OTLP over gRPC: the Service of the collectors, on every cluster alike. */
export const OTLP = {
  /** The add-on without which nobody answers there. */
  addon: "opentelemetry-collector",
  service: "otel-gateway",
  namespace: "tracing",
  port: 4317,
} as const;

/** The collectors' full name within a cluster. */
export const OTLP_HOST = `${OTLP.service}.${OTLP.namespace}.svc.cluster.local`;
