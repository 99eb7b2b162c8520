import { OPENSEARCH, OPENSEARCH_HOST, USERS } from "../logs/names";
import { BATCH } from "./collector";
import { JAEGER } from "./names";

/** Where the roots that sign OpenSearch's certificate are mounted. */
export const CERTIFICATES = "/certificates";

/** Variable of the environment with the password of Jaeger's user. */
export const PASSWORD_VARIABLE = "OPENSEARCH_PASSWORD";

export interface JaegerConfigArgs {
  /** Copies of each record beside the first. */
  readonly replicas: number;
  /** How long traces are kept, such as `168h`: searches look back that far. */
  readonly retention: string;
  /** URL of what answers PromQL for the whole fleet; absent where there is none. */
  readonly metrics?: string;
}

/** Traces in OpenSearch, and metrics of spans from Prometheus. The chart's own configuration is replaced as a whole. */
export function jaegerConfig({ replicas, retention, metrics }: JaegerConfigArgs) {
  const index = { shards: 1, replicas };
  const opensearch = {
    server_urls: [`https://${OPENSEARCH_HOST}:${OPENSEARCH.port}`],
    auth: { basic: { username: USERS.traces, password: `$\{env:${PASSWORD_VARIABLE}}` } },
    tls: { ca_file: `${CERTIFICATES}/ca.crt` },
    create_mappings: true,
    max_span_age: retention,
    indices: { spans: index, services: index, dependencies: index, sampling: index },
  };
  // The names that the gateway's connector gives its metrics.
  const prometheus = { endpoint: metrics, normalize_calls: true, normalize_duration: true };
  return {
    service: {
      extensions: ["jaeger_storage", "jaeger_query", "healthcheckv2"],
      pipelines: { traces: { receivers: ["otlp"], processors: ["batch"], exporters: ["jaeger_storage_exporter"] } },
      telemetry: {
        resource: { "service.name": "jaeger" },
        metrics: { readers: [{ pull: { exporter: { prometheus: { host: "0.0.0.0", port: 8888 } } } }] },
      },
    },
    extensions: {
      healthcheckv2: { use_v2: true, http: { endpoint: "0.0.0.0:13133" } },
      jaeger_query: {
        storage: { traces: "opensearch", ...(metrics === undefined ? {} : { metrics: "prometheus" }) },
        ui: { config_file: "/etc/jaeger/ui-config.json" },
        http: { endpoint: `0.0.0.0:${JAEGER.ui}` },
      },
      jaeger_storage: {
        backends: { opensearch: { opensearch } },
        ...(metrics === undefined ? {} : { metric_backends: { prometheus: { prometheus } } }),
      },
    },
    receivers: {
      otlp: { protocols: { grpc: { endpoint: `0.0.0.0:${JAEGER.otlp}` }, http: { endpoint: "0.0.0.0:4318" } } },
    },
    processors: { batch: BATCH },
    exporters: { jaeger_storage_exporter: { trace_storage: "opensearch" } },
  };
}
