import type { RestDocument } from "./rest-documents";

/** What indices have in common. */
interface IndexSettings {
  /** Number of OpenSearch's nodes. */
  readonly nodes: number;
}

const keyword = { type: "keyword", ignore_above: 1024 };
/** An object of whatever keys and types, in one field: it neither adds fields nor is refused. */
const anything = { type: "flat_object" };

/** The gateway's access logs; the names are those that Fluent Bit gives them. */
const HTTP = {
  method: keyword,
  host: keyword,
  path: { ...keyword, ignore_above: 4096 },
  protocol: keyword,
  route: keyword,
  status: { type: "short" },
  flags: keyword,
  duration_ms: { type: "integer" },
  upstream_ms: { type: "integer" },
  bytes_received: { type: "long" },
  bytes_sent: { type: "long" },
  client: keyword,
  user_agent: { ...keyword, ignore_above: 512 },
  upstream: keyword,
  request_id: keyword,
};

/**
 * A record is never refused for its content, as Fluent Bit would send it again and again: unknown fields are stored and
 * not indexed, wrong types are ignored, and what applications log as JSON is one flat object.
 */
const MAPPINGS = {
  dynamic: false,
  properties: {
    "@timestamp": { type: "date" },
    message: { type: "text" },
    level: keyword,
    cluster: keyword,
    tenant: keyword,
    stream: keyword,
    trace_id: keyword,
    span_id: keyword,
    app: anything,
    http: { properties: HTTP },
    kubernetes: {
      properties: {
        namespace_name: keyword,
        pod_name: keyword,
        pod_id: keyword,
        container_name: keyword,
        container_image: keyword,
        host: keyword,
        project: keyword,
        environment: keyword,
        component: keyword,
        labels: anything,
      },
    },
  },
};

/** Templates of the log streams, and of the indices that plugins make each day. */
export function templateDocuments({ nodes }: IndexSettings): RestDocument[] {
  const replicas = nodes > 1 ? 1 : 0;
  const settings = {
    number_of_shards: 1,
    number_of_replicas: replicas,
    codec: "best_compression",
    refresh_interval: "10s",
    mapping: { ignore_malformed: true },
  };
  return [
    {
      verb: "put",
      path: "/_component_template/choreo-logs",
      body: { template: { settings: { index: settings }, mappings: MAPPINGS } },
    },
    {
      verb: "put",
      path: "/_index_template/choreo-logs",
      body: {
        index_patterns: ["logs-*"],
        data_stream: { timestamp_field: { name: "@timestamp" } },
        composed_of: ["choreo-logs"],
        priority: 200,
      },
    },
    {
      verb: "put",
      path: "/_index_template/choreo-audit",
      body: {
        index_patterns: ["security-auditlog-*"],
        template: { settings: { index: { number_of_shards: 1, number_of_replicas: replicas } } },
        priority: 200,
      },
    },
  ];
}
