/**
 * Values that a chart's own data does not show: those of charts within it, whose values.yaml is not among the data, and
 * parts of objects that its templates hand on as a whole. Each was looked up in the packaged chart of the pinned version,
 * and every one that is set has to be listed here. A path that ends in `*` takes any key.
 */
const SUB_CHARTS: Readonly<Record<string, readonly string[]>> = {
  // Istio's MeshConfig, and patches of the objects that istiod makes of a Gateway.
  istiod: ["meshConfig.*", "gatewayClasses.*"],
  // Security contexts are copied into the pods as they are; files of Dashboards' configuration may have any name.
  opensearch: ["podSecurityContext.*", "securityContext.*", "resources.*"],
  "opensearch-dashboards": ["securityContext.*", "config.*"],
  // A collector's own configuration, and ports of any name; what the template of Jaeger's pods reads beside its values.yaml.
  "opentelemetry-collector": ["alternateConfig.*", "ports.*", "podDisruptionBudget.maxUnavailable"],
  "opentelemetry-operator": ["manager.securityContext.*", "securityContext.*"],
  "opentelemetry-ebpf-instrumentation": ["config.data.*"],
  jaeger: [
    "userconfig.*",
    "uiconfig.*",
    "jaeger.podSecurityContext.*",
    "jaeger.strategy.*",
    "jaeger.podLabels.*",
    "jaeger.topologySpreadConstraints",
  ],
  "openchoreo-control-plane": ["clusterGateway.podSecurityContext.*"],
  "openchoreo-workflow-plane": [
    "clusterAgent.podSecurityContext.*",
    "argo-workflows.crds.full",
    "argo-workflows.controller.podSecurityContext.*",
    "argo-workflows.controller.replicas",
    "argo-workflows.controller.workflowNamespaces",
    "argo-workflows.controller.metricsConfig.enabled",
    "argo-workflows.controller.pdb.enabled",
  ],
};

/** Whether a chart's sub-chart is known to take a value. */
export function namedBySubChart(chart: string, path: readonly string[]): boolean {
  const dotted = path.join(".");
  return (SUB_CHARTS[chart] ?? []).some((known) =>
    known.endsWith(".*") ? dotted.startsWith(known.slice(0, -1)) : known === dotted,
  );
}
