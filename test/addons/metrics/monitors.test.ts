import assert from "node:assert/strict";
import { fleetDashboards, grafanaDashboard } from "../../../components/addons/metrics/dashboards";
import { componentMonitor, ruleObject, scrapeObject } from "../../../components/addons/metrics/monitors";
import { targetOn } from "../../support/addons";
import { runFleet } from "../../support/fleet";
import type { Graph } from "../../support/graph";
import { type Edits, switchOn } from "../../support/settings";
import { object } from "../../support/stack";

const MONITORING = "kubernetes:monitoring.coreos.com/v1";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const ON = switchOn("kube-prometheus-stack");

function named(graph: Graph, type: string, part: string): string[] {
  return graph.ofType(type).flatMap(({ name }) => (name.includes(part) ? [name] : []));
}

describe("objects of what is watched", () => {
  it("are the source document's monitor of components, in every namespace", () => {
    assert.deepEqual(componentMonitor(), {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "ServiceMonitor",
      metadata: { name: "choreo-components", namespace: "monitoring" },
      spec: {
        namespaceSelector: { any: true },
        selector: { matchLabels: { "choreo.dev/monitoring": "enabled" } },
        endpoints: [{ port: "metrics", path: "/metrics", interval: "30s" }],
      },
    });
  });

  it("are alert rules with severity and add-on as labels", () => {
    const alert = { alert: "Down", expr: "up == 0", for: "5m", severity: "critical", summary: "It is down." } as const;
    const rule = {
      alert: "Down",
      expr: "up == 0",
      for: "5m",
      labels: { severity: "critical", addon: "search" },
      annotations: { summary: "It is down." },
    };
    assert.deepEqual(ruleObject("search", [alert, { ...alert, runbook: "Start it." }]), {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "PrometheusRule",
      metadata: { name: "choreo-search", namespace: "monitoring" },
      spec: {
        groups: [
          {
            name: "search",
            rules: [rule, { ...rule, annotations: { summary: "It is down.", runbook: "Start it." } }],
          },
        ],
      },
    });
  });

  it("are monitors of services, and of pods, in the namespace that is asked for", () => {
    const addon = { name: "search", namespace: { name: "logging" } };
    const labels = { app: "search" };
    assert.deepEqual(scrapeObject(addon, { name: "http", of: "services", labels, port: "http" }), {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "ServiceMonitor",
      metadata: { name: "choreo-search-http", namespace: "monitoring" },
      spec: {
        namespaceSelector: { matchNames: ["logging"] },
        selector: { matchLabels: labels },
        endpoints: [{ port: "http", path: "/metrics", interval: "30s" }],
      },
    });
    const pods = { name: "pods", of: "pods", labels, port: "http", path: "/stats", namespace: "other" } as const;
    assert.deepEqual(scrapeObject(addon, pods), {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "PodMonitor",
      metadata: { name: "choreo-search-pods", namespace: "monitoring" },
      spec: {
        namespaceSelector: { matchNames: ["other"] },
        selector: { matchLabels: labels },
        podMetricsEndpoints: [{ port: "http", path: "/stats", interval: "30s" }],
      },
    });
  });

  it("are made on the cluster of the add-on, and components are watched where they run", async () => {
    const { graph } = await runFleet(ON);
    const monitors = named(graph, `${MONITORING}:ServiceMonitor`, "-components");
    assert.deepEqual(monitors, ["east.kube-prometheus-stack-components", "west.kube-prometheus-stack-components"]);
    const rules = named(graph, `${MONITORING}:PrometheusRule`, "-cert-manager");
    assert.deepEqual(
      rules,
      ["control", "east", "west"].map((cluster) => `${cluster}.kube-prometheus-stack-rules-cert-manager`),
    );
    const { dependencies, parent, provider } = graph.get("east.kube-prometheus-stack-rules-cert-manager");
    assert.deepEqual({ parent, provider }, { parent: "east.kube-prometheus-stack", provider: "east" });
    assert.ok(dependencies.includes("kubernetes:helm.sh/v3:Release east.kube-prometheus-stack"));
  });

  it("go with the add-on that asked for them", async () => {
    const without: Edits = { ...ON, "platform.certManager.enabled": false };
    const { graph } = await runFleet(without);
    const left = graph.resources.filter(({ name }) => name.includes("cert-manager"));
    assert.deepEqual(
      left.map(({ name }) => name),
      [],
    );
  });
});

describe("dashboards", () => {
  it("are made where Grafana is, each once, whatever clusters their add-ons are on", async () => {
    const { graph } = await runFleet(ON);
    const made = named(graph, CONFIG_MAP, "-dashboard-");
    assert.ok(made.includes("control.kube-prometheus-stack-dashboard-cilium-network"));
    assert.deepEqual(
      made.filter((name) => !name.startsWith("control.")),
      [],
    );
    const expected = fleetDashboards(targetOn("control", ON)).map(({ name }) => name);
    assert.deepEqual(made.map((name) => name.split("-dashboard-")[1]).sort(), expected.sort());
  });

  it("are found by Grafana's sidecar", async () => {
    const { graph } = await runFleet(ON);
    const { metadata, data } = graph.get("control.kube-prometheus-stack-dashboard-cilium-network").inputs;
    const { labels, annotations, namespace } = object(metadata);
    assert.deepEqual(labels, { grafana_dashboard: "1" });
    assert.deepEqual(annotations, { grafana_folder: "Platform" });
    assert.equal(namespace, "monitoring");
    const { title, uid } = JSON.parse(String(object(data)["cilium-network.json"]));
    assert.equal(title, "Network");
    assert.ok(uid.length > 0 && uid.length <= 40);
  });

  it("lay panels out in two columns, and narrow every query to the clusters that are chosen", () => {
    const queries = { "{{pod}}": "up", b: 'up{job="b"}' };
    const panels = ["a", "b", "c"].map((title) => ({ title, queries, unit: "s" }));
    const { panels: made } = grafanaDashboard("uid", { title: "T", panels }) as { panels: Record<string, unknown>[] };
    assert.deepEqual(
      made.map(({ gridPos }) => gridPos),
      [
        { w: 12, h: 8, x: 0, y: 0 },
        { w: 12, h: 8, x: 12, y: 0 },
        { w: 12, h: 8, x: 0, y: 8 },
      ],
    );
    const datasource = { type: "prometheus", uid: "prometheus" };
    assert.deepEqual(made[0]?.targets, [
      { refId: "A", datasource, expr: 'up{cluster=~"$cluster"}', legendFormat: "{{pod}}" },
      { refId: "B", datasource, expr: 'up{cluster=~"$cluster",job="b"}', legendFormat: "b" },
    ]);
  });
});
