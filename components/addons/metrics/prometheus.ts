import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { CloudIdentity } from "../../clusters";
import { SignedCertificate } from "../../trust";
import { defineAddon } from "../addon";
import { PINS } from "../charts";
import { type AddonScope, type AddonTarget, isOn, volumes } from "../contract";
import type { Kind } from "../gate";
import { makeNamespace } from "../namespaces";
import { alertmanagerFile } from "./alertmanager";
import { dashboardObjects } from "./dashboards";
import { bucketSecret, bucketStatements } from "./metrics-bucket";
import { monitorObjects } from "./monitors";
import { hostOf, METRICS } from "./names";
import { platformMonitoring } from "./platform-monitoring";
import { type PrometheusConfig, settings } from "./prometheus-settings";
import { OPERATOR_SERVICE, PROMETHEUS_ACCOUNT, prometheusValues, SECRETS } from "./prometheus-values";

/** All that the chart registers, as all of them stay. */
const KINDS = [
  ["ServiceMonitor", "servicemonitors", "v1"],
  ["PodMonitor", "podmonitors", "v1"],
  ["PrometheusRule", "prometheusrules", "v1"],
  ["Prometheus", "prometheuses", "v1"],
  ["Probe", "probes", "v1"],
  ["ScrapeConfig", "scrapeconfigs", "v1alpha1"],
  ["PrometheusAgent", "prometheusagents", "v1alpha1"],
  ["Alertmanager", "alertmanagers", "v1"],
  ["AlertmanagerConfig", "alertmanagerconfigs", "v1alpha1"],
  ["ThanosRuler", "thanosrulers", "v1"],
] as const;

/** Objects that the chart expects to find. */
function prepare(scope: AddonScope<PrometheusConfig>): pulumi.Resource[] {
  const { name, cluster, trust, config, opts } = scope;
  const secret = (why: string, physical: string, stringData: Record<string, pulumi.Input<string>>) => {
    const metadata = { name: physical, namespace: scope.namespace };
    return new kubernetes.core.v1.Secret(`${name}-${why}`, { metadata, stringData }, opts);
  };
  const { value: password } = trust.password("grafana");
  return [
    makeNamespace(`${name}-nodes`, { name: METRICS.nodes, podSecurity: "privileged" }, opts),
    kubeletService(scope),
    webhookSecret(),
    secret("alertmanager", SECRETS.alertmanager, {
      "alertmanager.yaml": alertmanagerFile(config.alertmanager.receiver),
    }),
    ...(isOn(scope, METRICS.thanos.addon) ? [bucketSecret(scope, SECRETS.bucket)] : []),
    ...(cluster.planes.includes("observability")
      ? [secret("grafana", SECRETS.grafana, { "admin-user": "admin", "admin-password": password })]
      : []),
  ];

  function webhookSecret(): pulumi.Resource {
    const host = hostOf(OPERATOR_SERVICE);
    const certificate = new SignedCertificate(
      `${name}-webhook`,
      { signer: trust.authority("platform"), commonName: host, dnsNames: [host] },
      { parent: opts.parent },
    );
    return secret("webhook", SECRETS.webhook, { cert: certificate.chain, key: certificate.key });
  }
}

/**
 * The Service of the kubelets, whose endpoints the operator keeps. It would make the Service too, but leave it behind;
 * what stands here is what it makes. Source: prometheus-operator, `--kubelet-service`.
 */
function kubeletService({ name, opts }: AddonScope<unknown>): pulumi.Resource {
  const labels = {
    "k8s-app": "kubelet",
    "app.kubernetes.io/name": "kubelet",
    "app.kubernetes.io/managed-by": "prometheus-operator",
  };
  const ports = [
    { name: "https-metrics", port: 10250 },
    { name: "http-metrics", port: 10255 },
    { name: "cadvisor", port: 4194 },
  ];
  return new kubernetes.core.v1.Service(
    `${name}-kubelet`,
    {
      metadata: { name: "kube-prometheus-stack-kubelet", namespace: "kube-system", labels },
      spec: { type: "ClusterIP", clusterIP: "None", ports },
    },
    opts,
  );
}

function identities(target: AddonTarget): CloudIdentity[] {
  if (!isOn(target, METRICS.thanos.addon)) return [];
  const statements = bucketStatements(target, "write");
  return [{ namespace: METRICS.namespace, serviceAccount: PROMETHEUS_ACCOUNT, statements }];
}

function resources(scope: AddonScope<PrometheusConfig>): pulumi.Resource[] {
  const dashboards = scope.cluster.planes.includes("observability") ? dashboardObjects(scope) : [];
  return [...monitorObjects(scope), ...dashboards];
}

export const prometheus = defineAddon({
  name: METRICS.prometheus.addon,
  key: "prometheus",
  title: "Metrics, alerts and, on the observability plane, dashboards",
  chart: PINS["kube-prometheus-stack"],
  namespace: { name: METRICS.namespace, podSecurity: "restricted" },
  on: () => true,
  needs: ["cilium"],
  requires: (_, site) => volumes(site),
  kinds: KINDS.map(
    ([kind, plural, version]): Kind => ({
      group: "monitoring.coreos.com",
      version,
      kind,
      plural,
      scope: "Namespaced",
      registeredBy: "release",
    }),
  ),
  keepsKinds: () => "Helm leaves the kinds of a chart's crds folder",
  config: settings,
  values: prometheusValues,
  identities,
  monitoring: platformMonitoring,
  prepare,
  resources,
  secrets: ({ alertmanager: { receiver } }) => (receiver.kind === "none" ? {} : { [receiver.secret]: "text" }),
});
