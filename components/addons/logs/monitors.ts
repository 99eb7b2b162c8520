import { logStream, PLATFORM_LOGS } from "./names";
import type { RestDocument } from "./rest-documents";

const MONITORS = "/_plugins/_alerting/monitors";
const CHANNELS = "/_plugins/_notifications/configs";
const CHANNEL = "choreo-alertmanager";

/** OpenSearch's severities are numbers, 1 the highest. */
const SEVERITIES = { critical: "1", warning: "2" } as const;

/** What a log-based alert looks at and when it fires. */
export interface LogAlert {
  /** As `alertname` in Alertmanager, and what the monitor is found by. */
  readonly name: string;
  readonly severity: keyof typeof SEVERITIES;
  /** What to say of it. `{{bucket}}` is the value of `by`. */
  readonly summary: string;
  readonly streams: string;
  /** Minutes that each look covers. */
  readonly minutes: number;
  /** Filters of OpenSearch's query language. */
  readonly filters: readonly object[];
  /** Field by which records are counted apart. Default: all together. */
  readonly by?: string;
  /** Fires when there are more records than this; `none`: when there are none. */
  readonly over: number | "none";
}

const ERRORS = { terms: { level: ["error", "fatal", "critical", "panic"] } };

/** The platform's log-based alerts. */
export const LOG_ALERTS: readonly LogAlert[] = [
  {
    name: "TenantLogsManyErrors",
    severity: "warning",
    summary: "Tenant {{bucket}} logged more than 500 errors in 10 minutes",
    streams: "logs-*",
    minutes: 10,
    filters: [ERRORS],
    by: "tenant",
    over: 500,
  },
  {
    name: "ClusterLogsManyPlatformErrors",
    severity: "warning",
    summary: "Platform services of cluster {{bucket}} logged more than 1000 errors in 10 minutes",
    streams: logStream(PLATFORM_LOGS, "containers"),
    minutes: 10,
    filters: [ERRORS],
    by: "cluster",
    over: 1000,
  },
  {
    name: "GatewayManyServerErrors",
    severity: "critical",
    summary: "Host {{bucket}} answered more than 100 requests with a server error in 5 minutes",
    streams: logStream(PLATFORM_LOGS, "gateway"),
    minutes: 5,
    filters: [{ range: { "http.status": { gte: 500 } } }],
    by: "http.host",
    over: 100,
  },
  {
    name: "NoLogsArrive",
    severity: "critical",
    summary: "No log record arrived from any cluster in 15 minutes",
    streams: "logs-*",
    minutes: 15,
    filters: [],
    over: "none",
  },
  {
    name: "OpenSearchManyRefusedLogins",
    severity: "warning",
    summary: "OpenSearch refused more than 50 logins in 10 minutes",
    streams: "security-auditlog-*",
    minutes: 10,
    filters: [{ term: { "audit_category.keyword": "FAILED_LOGIN" } }],
    over: 50,
  },
];

/**
 * The monitors, and the channel by which they tell Alertmanager, where there is one: it groups, silences and sends
 * log-based alerts as it does those of metrics.
 * @param alertmanager URL of Alertmanager; absent: alerts are seen in Dashboards alone.
 */
export function monitorDocuments(alertmanager: string | undefined): RestDocument[] {
  const monitors = LOG_ALERTS.map((alert): RestDocument => {
    const body =
      alert.by === undefined ? queryMonitor(alert, alertmanager) : bucketMonitor(alert, alert.by, alertmanager);
    return { verb: "monitor", path: MONITORS, name: alert.name, body };
  });
  if (alertmanager === undefined) return monitors;
  const webhook = {
    url: `${alertmanager}/api/v2/alerts`,
    method: "POST",
    header_params: { "Content-Type": "application/json" },
  };
  const config = {
    name: CHANNEL,
    description: "The platform's Alertmanager",
    config_type: "webhook",
    is_enabled: true,
  };
  const channel = { config_id: CHANNEL, config: { ...config, webhook } };
  return [{ verb: "channel", path: CHANNELS, name: CHANNEL, body: channel }, ...monitors];
}

function search({ streams, minutes, filters }: LogAlert, aggregations: object) {
  const times = { gte: `{{period_end}}||-${minutes}m`, lte: "{{period_end}}", format: "epoch_millis" };
  const range = { range: { "@timestamp": times } };
  const query = { size: 0, track_total_hits: true, query: { bool: { filter: [range, ...filters] } }, aggregations };
  return [{ search: { indices: [streams], query } }];
}

/** Minutes between two looks: Alertmanager takes an alert for resolved that it has not heard of for five. */
const INTERVAL = 4;

function monitor({ name }: LogAlert, type: string) {
  const schedule = { period: { interval: INTERVAL, unit: "MINUTES" } };
  return { type: "monitor", name, monitor_type: type, enabled: true, schedule };
}

function queryMonitor(alert: LogAlert, alertmanager: string | undefined) {
  const compare = alert.over === "none" ? "== 0" : `> ${alert.over}`;
  const trigger = {
    name: alert.name,
    severity: SEVERITIES[alert.severity],
    condition: { script: { source: `ctx.results[0].hits.total.value ${compare}`, lang: "painless" } },
    actions: alertmanager === undefined ? [] : [action(alert)],
  };
  return {
    ...monitor(alert, "query_level_monitor"),
    inputs: search(alert, {}),
    triggers: [{ query_level_trigger: trigger }],
  };
}

function bucketMonitor(alert: LogAlert, field: string, alertmanager: string | undefined) {
  const composite = { size: 100, sources: [{ bucket: { terms: { field } } }] };
  const policy = { action_execution_scope: { per_alert: { actionable_alerts: ["NEW", "DEDUPED"] } } };
  const trigger = {
    name: alert.name,
    severity: SEVERITIES[alert.severity],
    condition: {
      buckets_path: { _count: "_count" },
      parent_bucket_path: "buckets",
      script: { source: `params._count > ${alert.over}`, lang: "painless" },
      gap_policy: "skip",
    },
    actions: alertmanager === undefined ? [] : [{ ...action(alert), action_execution_policy: policy }],
  };
  return {
    ...monitor(alert, "bucket_level_monitor"),
    inputs: search(alert, { buckets: { composite } }),
    triggers: [{ bucket_level_trigger: trigger }],
  };
}

/** The bucket that an alert is about: an action that is taken per alert has that one in one of two lists. */
const BUCKET =
  "{{#ctx.newAlerts}}{{bucket_keys}}{{/ctx.newAlerts}}{{#ctx.dedupedAlerts}}{{bucket_keys}}{{/ctx.dedupedAlerts}}";

/** Sends the alert in Alertmanager's own format. */
function action({ name, severity, summary, by }: LogAlert) {
  const labels = { alertname: name, severity, source: "logs", ...(by === undefined ? {} : { bucket: BUCKET }) };
  const message = [{ labels, annotations: { summary: summary.replace("{{bucket}}", BUCKET) } }];
  return {
    name: CHANNEL,
    destination_id: CHANNEL,
    subject_template: { source: name, lang: "mustache" },
    message_template: { source: JSON.stringify(message), lang: "mustache" },
    throttle_enabled: false,
  };
}
