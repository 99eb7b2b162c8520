import { z } from "zod";
import { defineAddon } from "../addon";
import { PINS } from "../charts";
import type { AddonTarget } from "../contract";
import { AGENT, hostOf } from "./names";

/** Only privileged pods see the processes of their node, so the namespace is theirs alone. */
const NAMESPACE = "tracing-nodes";

/** The label by which a pod asks for it: `choreo.dev/instrumentation: go`. */
export const LABEL = { name: "choreo.dev/instrumentation", value: "go" } as const;

const config = () =>
  z
    .strictObject({ enabled: z.boolean().default(true) })
    .describe("Instruments Go programs from outside, by eBPF, on the nodes of the data plane.");
export type EbpfConfig = z.output<ReturnType<typeof config>>;

/** Helm values of the eBPF agent. Sources: the chart's values.yaml; OpenTelemetry's documentation, "eBPF Instrumentation". */
export function ebpfValues({ cluster }: AddonTarget, _config: EbpfConfig) {
  return {
    resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } },
    tolerations: [{ operator: "Exists" }],
    config: {
      data: {
        otel_traces_export: { endpoint: `http://${hostOf(AGENT.service)}:4317`, protocol: "grpc" },
        // Metrics are made of the spans, by the gateway.
        otel_metrics_export: { endpoint: "" },
        prometheus_export: { port: 0 },
        attributes: { kubernetes: { enable: true, cluster_name: cluster.name } },
        discovery: { instrument: [{ k8s_pod_labels: { [LABEL.name]: LABEL.value } }] },
      },
    },
  };
}

export const ebpfInstrumentation = defineAddon({
  name: "ebpf-instrumentation",
  key: "ebpfInstrumentation",
  title: "Instruments Go programs from their nodes, without a sidecar",
  chart: PINS["ebpf-instrumentation"],
  namespace: { name: NAMESPACE, podSecurity: "privileged" },
  on: (cluster) => cluster.planes.includes("data"),
  needs: [AGENT.addon],
  kinds: [],
  config,
  values: ebpfValues,
});
