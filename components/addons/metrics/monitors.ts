import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Addon, AddonScope, AddonTarget } from "../contract";
import type { AlertRule, Monitoring, Scrape } from "../monitoring";
import { METRICS } from "./names";

/** Seconds between two scrapes of the platform's own services. */
const INTERVAL = "30s";

/** What an add-on of the cluster wants watched. */
interface Watched {
  readonly addon: Addon;
  readonly monitoring: Monitoring;
}

function watchedOn(target: AddonTarget): Watched[] {
  return target.selected.flatMap(({ addon, config }) => {
    if (!addon.on(target.cluster) || addon.monitoring === undefined) return [];
    return [{ addon, monitoring: addon.monitoring(target, config) }];
  });
}

/** Alert rules and scrapes of every add-on of the cluster, and what watches tenants' components. */
export function monitorObjects(scope: AddonScope<unknown>): pulumi.Resource[] {
  const watched = watchedOn(scope);
  const monitor = (name: string, object: kubernetes.apiextensions.CustomResourceArgs) =>
    new kubernetes.apiextensions.CustomResource(`${scope.name}-${name}`, object, scope.opts);
  return [
    ...(scope.cluster.planes.includes("data") ? [monitor("components", componentMonitor())] : []),
    ...watched.flatMap(({ addon, monitoring: { alerts = [], scrapes = [] } }) => [
      ...(alerts.length === 0 ? [] : [monitor(`rules-${addon.name}`, ruleObject(addon.name, alerts))]),
      ...scrapes.map((scrape) => monitor(`scrape-${addon.name}-${scrape.name}`, scrapeObject(addon, scrape))),
    ]),
  ];
}

/** Alert rules of one add-on, as Prometheus' operator takes them. */
export function ruleObject(addon: string, alerts: readonly AlertRule[]) {
  const rules = alerts.map(({ alert, expr, for: duration, severity, summary, runbook }) => ({
    alert,
    expr,
    for: duration,
    labels: { severity, addon },
    annotations: { summary, ...(runbook === undefined ? {} : { runbook }) },
  }));
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { name: `choreo-${addon}`, namespace: METRICS.namespace },
    spec: { groups: [{ name: addon, rules }] },
  };
}

/** One scrape of an add-on. */
export function scrapeObject({ name, namespace }: Pick<Addon, "name" | "namespace">, scrape: Scrape) {
  const endpoints = [{ port: scrape.port, path: scrape.path ?? "/metrics", interval: INTERVAL }];
  const ofPods = scrape.of === "pods";
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: ofPods ? "PodMonitor" : "ServiceMonitor",
    metadata: { name: `choreo-${name}-${scrape.name}`, namespace: METRICS.namespace },
    spec: {
      namespaceSelector: { matchNames: [scrape.namespace ?? namespace.name] },
      selector: { matchLabels: { ...scrape.labels } },
      ...(ofPods ? { podMetricsEndpoints: endpoints } : { endpoints }),
    },
  };
}

/**
 * What is scraped of tenants' components: every Service with the label, in whatever namespace, as OpenChoreo makes
 * namespaces while it runs.
 */
export function componentMonitor() {
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "ServiceMonitor",
    metadata: { name: "choreo-components", namespace: METRICS.namespace },
    spec: {
      namespaceSelector: { any: true },
      selector: { matchLabels: { "choreo.dev/monitoring": "enabled" } },
      endpoints: [{ port: "metrics", path: "/metrics", interval: "30s" }],
    },
  };
}
