/**
 * Where everything on a cluster sends spans by OTLP over gRPC, in plain text: a Service with pods of its own on every
 * cluster. It is no global service of Cilium's, as the gateway's proxies and other pods of the mesh reach none.
 */
export const OTLP = {
  /** The add-on without which nobody answers there. */
  addon: "otel-gateway",
  service: "otel-gateway",
  namespace: "tracing",
  port: 4317,
} as const;

/** The collectors' full name within a cluster. */
export const OTLP_HOST = `${OTLP.service}.${OTLP.namespace}.svc.cluster.local`;
