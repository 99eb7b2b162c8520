import {
  BATCH,
  BY_TRACE,
  type CollectorConfig,
  clusterAttribute,
  collectorBase,
  MEMORY_LIMITER,
  OTLP,
  ownAddress,
  type Pipeline,
} from "./collector";
import { GATEWAY, hostOf, INGEST, JAEGER } from "./names";

/** Where the certificate and the roots are mounted. */
export const CERTIFICATES = "/certificates";

/** Which traces are kept. */
export interface Sampling {
  /** Percentage of those that neither failed nor were slow. */
  readonly percentage: number;
  /** Milliseconds from which a trace counts as slow. */
  readonly slowMilliseconds: number;
}

/** Where sampled traces go: to Jaeger on the same cluster, to the gateway beside it, or nowhere. */
export type Destination =
  | { readonly kind: "jaeger" }
  | { readonly kind: "ingest"; readonly host: string }
  | { readonly kind: "none" };

export interface GatewayConfigArgs {
  readonly cluster: string;
  readonly sampling: Sampling;
  readonly destination: Destination;
}

/**
 * The gateway of a cluster, in two steps in one process. What comes in is handed to the gateway that its trace belongs to;
 * that one has all spans that the cluster has of the trace, makes metrics of every one of them, and decides whether the
 * trace is kept. Beside Jaeger it also takes in what gateways of other clusters have kept.
 */
export function gatewayConfig({ cluster, sampling, destination }: GatewayConfigArgs): CollectorConfig {
  const out = exporterTo(destination);
  const takesIn = destination.kind === "jaeger";
  return {
    receivers: {
      otlp: OTLP,
      "otlp/peers": { protocols: { grpc: { endpoint: ownAddress(GATEWAY.peersPort) } } },
      ...(takesIn
        ? { "otlp/ingest": { protocols: { grpc: { endpoint: ownAddress(GATEWAY.ingestPort), tls: SERVER } } } }
        : {}),
    },
    processors: {
      memory_limiter: MEMORY_LIMITER,
      "resource/cluster": clusterAttribute(cluster),
      tail_sampling: tailSampling(sampling),
      batch: BATCH,
    },
    connectors: { spanmetrics: SPAN_METRICS, servicegraph: SERVICE_GRAPH },
    exporters: {
      loadbalancing: BY_TRACE,
      prometheus: { endpoint: ownAddress(GATEWAY.spanMetricsPort), metric_expiration: "15m" },
      ...(out === undefined ? {} : { "otlp/out": out }),
    },
    ...collectorBase(pipelines(out !== undefined, takesIn)),
  };
}

function pipelines(kept: boolean, takesIn: boolean): Record<string, Pipeline> {
  return {
    "traces/in": {
      receivers: ["otlp"],
      processors: ["memory_limiter", "resource/cluster", "batch"],
      exporters: ["loadbalancing"],
    },
    "traces/metrics": {
      receivers: ["otlp/peers"],
      processors: ["memory_limiter"],
      exporters: ["spanmetrics", "servicegraph"],
    },
    ...(kept
      ? {
          "traces/kept": {
            receivers: ["otlp/peers"],
            processors: ["memory_limiter", "tail_sampling", "batch"],
            exporters: ["otlp/out"],
          },
        }
      : {}),
    ...(takesIn
      ? {
          "traces/ingest": {
            receivers: ["otlp/ingest"],
            processors: ["memory_limiter", "batch"],
            exporters: ["otlp/out"],
          },
        }
      : {}),
    metrics: { receivers: ["spanmetrics", "servicegraph"], exporters: ["prometheus"] },
  };
}

/** Both sides show a certificate of the mesh's, and read it anew when it is renewed. */
const IDENTITY = { cert_file: `${CERTIFICATES}/tls.crt`, key_file: `${CERTIFICATES}/tls.key`, reload_interval: "1h" };
const SERVER = {
  ...IDENTITY,
  client_ca_file: `${CERTIFICATES}/ca.crt`,
  client_ca_file_reload: true,
  min_version: "1.2",
};

function exporterTo(destination: Destination): object | undefined {
  const queue = { queue_size: 5000 };
  // It is held in memory, so what cannot be sent for this long is given up.
  const retry = { max_elapsed_time: "10m" };
  switch (destination.kind) {
    case "jaeger":
      return {
        endpoint: `${hostOf(JAEGER.service)}:${JAEGER.otlp}`,
        tls: { insecure: true },
        sending_queue: queue,
        retry_on_failure: retry,
      };
    case "ingest":
      return {
        endpoint: `${destination.host}:${INGEST.port}`,
        tls: { ...IDENTITY, ca_file: `${CERTIFICATES}/ca.crt`, min_version: "1.2" },
        sending_queue: queue,
        retry_on_failure: retry,
      };
    case "none":
      return undefined;
  }
}

/** Any policy that matches keeps the trace. */
function tailSampling({ percentage, slowMilliseconds }: Sampling) {
  return {
    decision_wait: "10s",
    num_traces: 50_000,
    // What comes after the decision follows it.
    decision_cache: { sampled_cache_size: 100_000, non_sampled_cache_size: 100_000 },
    policies: [
      { name: "errors", type: "status_code", status_code: { status_codes: ["ERROR"] } },
      {
        name: "server-errors",
        type: "numeric_attribute",
        numeric_attribute: { key: "http.response.status_code", min_value: 500, max_value: 599 },
      },
      { name: "slow", type: "latency", latency: { threshold_ms: slowMilliseconds } },
      { name: "share", type: "probabilistic", probabilistic: { sampling_percentage: percentage } },
    ],
  };
}

const BUCKETS = ["5ms", "10ms", "25ms", "50ms", "100ms", "250ms", "500ms", "1s", "2500ms", "5s", "10s"];

/** Rate, errors and latency of every operation; Jaeger's "Monitor" tab asks for these names and dimensions. */
const SPAN_METRICS = {
  histogram: { unit: "ms", explicit: { buckets: BUCKETS } },
  dimensions: [{ name: "k8s.namespace.name" }],
  aggregation_cardinality_limit: 20_000,
  metrics_flush_interval: "30s",
  metrics_expiration: "15m",
};

/** Who calls whom, of spans of both sides of a call. */
const SERVICE_GRAPH = {
  latency_histogram_buckets: BUCKETS,
  store: { ttl: "10s", max_items: 20_000 },
  metrics_flush_interval: "30s",
};
