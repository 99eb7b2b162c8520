import type { Monitoring } from "../monitoring";
import { AGENT, GATEWAY, OWN_METRICS } from "./names";

const of = (instance: string) => ({ "app.kubernetes.io/instance": instance });

/** What is watched of the gateways, and what their metrics of spans show. */
export function gatewayMonitoring(): Monitoring {
  return {
    scrapes: [
      { name: "gateway", of: "pods", labels: of(GATEWAY.service), port: OWN_METRICS.name },
      { name: "span-metrics", of: "pods", labels: of(GATEWAY.service), port: "span-metrics" },
    ],
    alerts: [
      {
        alert: "OpenTelemetryGatewayLosesSpans",
        expr: 'sum by (cluster, pod) (rate({__name__=~"otelcol_exporter_(send_failed|enqueue_failed)_spans(_total)?",namespace="tracing"}[10m])) > 0',
        for: "15m",
        severity: "warning",
        summary: "Collector {{ $labels.pod }} cannot hand on spans",
        runbook:
          "Its log names the exporter: Jaeger or OpenSearch is away, or another cluster's gateway cannot be reached.",
      },
      {
        alert: "OpenTelemetryGatewayRefusesSpans",
        expr: 'sum by (cluster, pod) (rate({__name__=~"otelcol_receiver_refused_spans(_total)?",namespace="tracing"}[10m])) > 0',
        for: "15m",
        severity: "warning",
        summary: "Collector {{ $labels.pod }} refuses spans, as its memory is full",
        runbook: "Raise openTelemetryCollector.replicas.",
      },
    ],
    dashboards: { services: SERVICES, dependencies: DEPENDENCIES },
  };
}

export function agentMonitoring(): Monitoring {
  return { scrapes: [{ name: "agent", of: "pods", labels: of(AGENT.service), port: OWN_METRICS.name }] };
}

const calls = 'traces_span_metrics_calls_total{span_kind="SPAN_KIND_SERVER"}';
const duration = 'traces_span_metrics_duration_milliseconds_bucket{span_kind="SPAN_KIND_SERVER"}';

const SERVICES = {
  title: "Services by their spans",
  panels: [
    { title: "Requests", unit: "reqps", queries: { "{{service_name}}": `sum by (service_name) (rate(${calls}[5m]))` } },
    {
      title: "Errors",
      unit: "percentunit",
      queries: {
        "{{service_name}}":
          'sum by (service_name) (rate(traces_span_metrics_calls_total{span_kind="SPAN_KIND_SERVER",status_code="STATUS_CODE_ERROR"}[5m])) / ' +
          `sum by (service_name) (rate(${calls}[5m]))`,
      },
    },
    {
      title: "Latency, 95 %",
      unit: "ms",
      queries: { "{{service_name}}": `histogram_quantile(0.95, sum by (service_name, le) (rate(${duration}[5m])))` },
    },
    {
      title: "Slowest operations, 95 %",
      unit: "ms",
      queries: {
        "{{service_name}} {{span_name}}": `topk(10, histogram_quantile(0.95, sum by (service_name, span_name, le) (rate(${duration}[5m]))))`,
      },
    },
  ],
} as const;

const DEPENDENCIES = {
  title: "Dependencies between services",
  panels: [
    {
      title: "Requests",
      unit: "reqps",
      queries: { "{{client}} → {{server}}": "sum by (client, server) (rate(traces_service_graph_request_total[5m]))" },
    },
    {
      title: "Failed requests",
      unit: "reqps",
      queries: {
        "{{client}} → {{server}}": "sum by (client, server) (rate(traces_service_graph_request_failed_total[5m]))",
      },
    },
    {
      title: "Latency as the server sees it, 95 %",
      unit: "s",
      queries: {
        "{{client}} → {{server}}":
          "histogram_quantile(0.95, sum by (client, server, le) (rate(traces_service_graph_request_server_seconds_bucket[5m])))",
      },
    },
  ],
} as const;
