import { defineAddon } from "../addon";
import { PINS } from "../charts";
import type { AddonTarget } from "../contract";
import { AGENT_RULES, agentConfig } from "./agent-config";
import { collectorValues } from "./collector";
import { agentMonitoring } from "./monitoring";
import { AGENT, GATEWAY, TRACES_NAMESPACE } from "./names";
import type { CollectorSettings } from "./otel-gateway";

const IMAGE = "ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-k8s";

/** The agent's Helm values. Source: the chart's values.yaml. */
export function agentValues({ cluster }: AddonTarget, _settings: CollectorSettings) {
  return {
    ...collectorValues(agentConfig(cluster.name), "384Mi"),
    mode: "daemonset",
    fullnameOverride: AGENT.service,
    image: { repository: IMAGE },
    // The Service leads to the node's own agent (the chart's default for a DaemonSet is internalTrafficPolicy: Local).
    service: { enabled: true },
    clusterRole: { create: true, rules: AGENT_RULES },
    tolerations: [{ operator: "Exists" }],
  };
}

/** A part of the collectors: its settings are the gateway's. */
export const otelAgent = defineAddon<CollectorSettings, object>({
  name: AGENT.addon,
  key: "openTelemetryCollector",
  title: "An agent for spans on every node, which knows the node's pods",
  chart: PINS["opentelemetry-collector"],
  release: AGENT.service,
  namespace: { name: TRACES_NAMESPACE, podSecurity: "restricted" },
  on: () => true,
  needs: [GATEWAY.addon],
  kinds: [],
  values: agentValues,
  monitoring: agentMonitoring,
});
