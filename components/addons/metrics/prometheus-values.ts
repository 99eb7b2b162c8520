import { type AddonTarget, isOn } from "../contract";
import { IMAGES, tagOf } from "../images";
import { FOLDER_ANNOTATION } from "./dashboards";
import { BUCKET_KEY, startDigest } from "./metrics-bucket";
import { CLUSTER_LABEL, hostOf, METRICS } from "./names";
import type { PrometheusConfig } from "./prometheus-settings";

/** Objects that the chart expects. The webhook's name is the chart's own. */
export const SECRETS = {
  webhook: "kube-prometheus-stack-admission",
  bucket: "prometheus-bucket",
  alertmanager: "choreo-alertmanager",
  grafana: "grafana-admin",
} as const;

/** Name of the operator's Service, which answers to admission webhooks. */
export const OPERATOR_SERVICE = "kube-prometheus-stack-operator";

/** Helm installs the kinds once and never again: this Job of the chart brings them up to date before each upgrade. */
const KINDS_JOB = {
  enabled: true,
  image: { busybox: { tag: tagOf(IMAGES.busybox) } },
  resources: resources("50m", "64Mi", "256Mi"),
};

/** Service account of Prometheus' pods, and of the sidecars in them. */
export const PROMETHEUS_ACCOUNT = "kube-prometheus-stack-prometheus";

/**
 * Helm values of kube-prometheus-stack. Its certificates, passwords and Alertmanager's configuration come from Secrets
 * that are there before: what the chart makes itself is new at every preview.
 */
export function prometheusValues(target: AddonTarget, config: PrometheusConfig) {
  return {
    crds: { upgradeJob: KINDS_JOB },
    // Parts of a control plane that are reached on no managed cluster, and kube-proxy, which Cilium replaces.
    kubeControllerManager: { enabled: false },
    kubeScheduler: { enabled: false },
    kubeEtcd: { enabled: false },
    kubeProxy: { enabled: false },
    defaultRules: { rules: { windows: false } },
    prometheusOperator: operatorValues(target),
    prometheus: {
      thanosService: { enabled: isOn(target, METRICS.thanos.addon) },
      thanosServiceMonitor: { enabled: isOn(target, METRICS.thanos.addon) },
      podDisruptionBudget: { enabled: config.replicas > 1 },
      prometheusSpec: prometheusSpec(target, config),
    },
    alertmanager: alertmanagerValues(target, config),
    grafana: grafanaValues(target),
    "kube-state-metrics": { resources: resources("20m", "128Mi", "512Mi") },
    "prometheus-node-exporter": {
      namespaceOverride: METRICS.nodes,
      resources: resources("20m", "32Mi", "128Mi"),
    },
  };
}

function operatorValues({ trust }: AddonTarget) {
  return {
    // A rule that nobody could check is left out by the operator later; a cluster whose operator is down works on.
    admissionWebhooks: {
      failurePolicy: "Ignore",
      caBundle: trust.bundle.apply((pem) => Buffer.from(pem).toString("base64")),
      patch: { enabled: false },
    },
    resources: resources("50m", "128Mi", "512Mi"),
    prometheusConfigReloader: { resources: resources("10m", "32Mi", "128Mi") },
  };
}

function prometheusSpec(target: AddonTarget, { replicas, retention, storage, memory, interval }: PrometheusConfig) {
  const thanos = isOn(target, METRICS.thanos.addon)
    ? {
        podMetadata: { annotations: { "openchoreo.dev/start": startDigest(target) } },
        thanos: {
          objectStorageConfig: { existingSecret: { name: SECRETS.bucket, key: BUCKET_KEY } },
          resources: resources("20m", "64Mi", "256Mi"),
        },
      }
    : {};
  return {
    replicas,
    retention,
    scrapeInterval: interval,
    evaluationInterval: interval,
    externalLabels: { [CLUSTER_LABEL]: target.cluster.name, stack: target.fleet.stack },
    // Whoever writes a monitor or a rule is heard, in whatever namespace.
    serviceMonitorSelectorNilUsesHelmValues: false,
    podMonitorSelectorNilUsesHelmValues: false,
    probeSelectorNilUsesHelmValues: false,
    scrapeConfigSelectorNilUsesHelmValues: false,
    ruleSelectorNilUsesHelmValues: false,
    resources: { requests: { cpu: "200m", memory }, limits: { memory } },
    storageSpec: volume(storage),
    ...claims(target),
    ...thanos,
  };
}

function alertmanagerValues(target: AddonTarget, { alertmanager: { replicas, storage } }: PrometheusConfig) {
  return {
    podDisruptionBudget: { enabled: replicas > 1 },
    alertmanagerSpec: {
      replicas,
      useExistingSecret: true,
      configSecret: SECRETS.alertmanager,
      resources: resources("10m", "64Mi", "256Mi"),
      storage: volume(storage),
      ...claims(target),
    },
  };
}

/** Grafana shows the metrics of all clusters, so it is where they are brought together. */
function grafanaValues(target: AddonTarget) {
  if (!target.cluster.planes.includes("observability")) return { enabled: false };
  const { query, port, addon } = METRICS.fleet;
  const url = isOn(target, addon) ? { url: `http://${hostOf(query)}:${port}` } : {};
  return {
    enabled: true,
    admin: { existingSecret: SECRETS.grafana },
    // Dashboards and data sources are data, so nothing of it has to be kept, and no volume's owner be changed.
    initChownData: { enabled: false },
    testFramework: { enabled: false },
    resources: resources("100m", "256Mi", "512Mi"),
    sidecar: {
      resources: resources("20m", "64Mi", "256Mi"),
      dashboards: {
        folderAnnotation: FOLDER_ANNOTATION,
        annotations: { [FOLDER_ANNOTATION]: "Kubernetes" },
        provider: { foldersFromFilesStructure: true },
        multicluster: { global: { enabled: true } },
      },
      datasources: { ...url },
    },
  };
}

function volume(storage: string) {
  const spec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } } };
  return { volumeClaimTemplate: { spec } };
}

/** In production volumes outlive what they were made for. */
function claims({ fleet }: AddonTarget) {
  return {
    persistentVolumeClaimRetentionPolicy: { whenDeleted: fleet.profile === "production" ? "Retain" : "Delete" },
  };
}

function resources(cpu: string, memory: string, limit: string) {
  return { requests: { cpu, memory }, limits: { memory: limit } };
}
