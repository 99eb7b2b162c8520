/**
 * Values that a chart's own data does not show: those of charts within it, whose values.yaml is not among the data, and
 * parts of objects that its templates hand on as a whole. Each was looked up in the packaged chart of the pinned version,
 * and every one that is set has to be listed here. A path that ends in `*` takes any key.
 */
const SUB_CHARTS: Readonly<Record<string, readonly string[]>> = {
  "aws-load-balancer-controller": ["defaultTags.*"],
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
    "argo-workflows.executor.securityContext.*",
    "argo-workflows.crds.full",
    "argo-workflows.controller.podSecurityContext.*",
    "argo-workflows.controller.replicas",
    "argo-workflows.controller.workflowNamespaces",
    "argo-workflows.controller.metricsConfig.enabled",
    "argo-workflows.controller.pdb.enabled",
  ],
  "kube-prometheus-stack": [
    // Copied into the Prometheus object, whose definition the API server checks.
    "prometheus.prometheusSpec.thanos.*",
    "grafana.initChownData.enabled",
    "grafana.testFramework.enabled",
    "grafana.resources",
    "grafana.sidecar.resources",
    "grafana.sidecar.dashboards.folderAnnotation",
    "grafana.sidecar.dashboards.provider.foldersFromFilesStructure",
    "kube-state-metrics.resources",
    "prometheus-node-exporter.resources",
  ],
  // The EnvoyGateway configuration of the controller.
  "gateway-helm": ["config.envoyGateway.*"],
};

/** Whether a chart's sub-chart is known to take a value. */
export function namedBySubChart(chart: string, path: readonly string[]): boolean {
  const dotted = path.join(".");
  return (SUB_CHARTS[chart] ?? []).some((known) =>
    known.endsWith(".*") ? dotted.startsWith(known.slice(0, -1)) : known === dotted,
  );
}

const USER = ["runAsNonRoot", "runAsUser", "runAsGroup", "seccompProfile.type"];
const POD = [...USER, "fsGroup", "fsGroupChangePolicy", "supplementalGroups"];
const CONTAINER = [
  ...USER,
  "allowPrivilegeEscalation",
  "readOnlyRootFilesystem",
  "privileged",
  "capabilities.add",
  "capabilities.drop",
];
const AMOUNTS = ["cpu", "memory", "ephemeral-storage"];

/** Objects that charts copy into pods as they are, and their fields, by the usual names of the values. */
const COPIED: Readonly<Record<string, readonly string[]>> = {
  podSecurityContext: POD,
  containerSecurityContext: CONTAINER,
  securityContext: [...POD, ...CONTAINER],
  resources: AMOUNTS.flatMap((amount) => [`requests.${amount}`, `limits.${amount}`]),
};

/** The path of the object that a value is a field of, where charts copy such an object as it is. */
export function copiedObject(path: readonly string[]): readonly string[] | undefined {
  const at = path.findLastIndex((key) => Object.hasOwn(COPIED, key));
  const fields = COPIED[path[at] ?? ""] ?? [];
  return fields.includes(path.slice(at + 1).join(".")) ? path.slice(0, at + 1) : undefined;
}
