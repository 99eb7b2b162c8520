import { restrictedPod } from "../restricted";
import { GATEWAY, hostOf, OWN_METRICS, READ_ONLY_CONTAINER } from "./names";

/** Configuration of a collector, as far as the platform uses it. Source: the OpenTelemetry Collector's documentation. */
export interface CollectorConfig {
  readonly receivers: Readonly<Record<string, object>>;
  readonly processors: Readonly<Record<string, object>>;
  readonly exporters: Readonly<Record<string, object>>;
  readonly connectors?: Readonly<Record<string, object>>;
  readonly extensions: Readonly<Record<string, object>>;
  readonly service: {
    readonly extensions: readonly string[];
    readonly telemetry: object;
    readonly pipelines: Readonly<Record<string, Pipeline>>;
  };
}

export interface Pipeline {
  readonly receivers: readonly string[];
  readonly processors?: readonly string[];
  readonly exporters: readonly string[];
}

/** A variable of the collector's environment, which the chart sets. */
const variable = (name: string) => `$\{env:${name}}`;
const POD_IP = variable("MY_POD_IP");

/** An address of the pod itself. */
export function ownAddress(port: number): string {
  return `${POD_IP}:${port}`;
}

/** The parts that every collector has; the chart's probes ask the health check. */
export function collectorBase(
  pipelines: CollectorConfig["service"]["pipelines"],
): Pick<CollectorConfig, "extensions" | "service"> {
  const prometheus = { host: POD_IP, port: OWN_METRICS.port };
  return {
    extensions: { health_check: { endpoint: ownAddress(13133) } },
    service: {
      extensions: ["health_check"],
      telemetry: { metrics: { readers: [{ pull: { exporter: { prometheus } } }] } },
      pipelines,
    },
  };
}

/** Spans of pods, by both of OTLP's ways. */
export const OTLP = {
  protocols: { grpc: { endpoint: ownAddress(GATEWAY.grpc) }, http: { endpoint: ownAddress(GATEWAY.http) } },
};

/** Refuses spans before the collector's memory is full: senders keep them and try again. */
export const MEMORY_LIMITER = { check_interval: "1s", limit_percentage: 80, spike_limit_percentage: 25 };

export const BATCH = { send_batch_size: 1024, send_batch_max_size: 4096, timeout: "2s" };

/** Says which cluster a span is of. */
export function clusterAttribute(cluster: string) {
  return { attributes: [{ key: "k8s.cluster.name", value: cluster, action: "insert" }] };
}

/** Sends every span of a trace to the same gateway, whichever span comes first and from whichever node. */
export const BY_TRACE = {
  routing_key: "traceID",
  protocol: { otlp: { tls: { insecure: true } } },
  resolver: { dns: { hostname: hostOf(GATEWAY.peers), port: String(GATEWAY.peersPort), interval: "5s" } },
};

/** Values that both collectors of a cluster have. The ports that the chart opens by default are of protocols that nothing speaks. */
export function collectorValues(config: CollectorConfig, memory: string) {
  const off = { enabled: false };
  return {
    // Not merged with the chart's own configuration, which receives what nothing here sends.
    alternateConfig: config,
    podSecurityContext: restrictedPod(10001),
    securityContext: READ_ONLY_CONTAINER,
    resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory } },
    ports: {
      // A port of the node would be a hole in Pod Security, and is not needed: the Service leads to the node's own agent.
      otlp: { enabled: true, hostPort: 0 },
      "otlp-http": { enabled: true, hostPort: 0 },
      "jaeger-compact": off,
      "jaeger-thrift": off,
      "jaeger-grpc": off,
      zipkin: off,
      metrics: { enabled: true },
    },
  };
}
