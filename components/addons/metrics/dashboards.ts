import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { AddonScope, AddonTarget } from "../contract";
import { digest } from "../digest";
import type { Dashboard, Panel } from "../monitoring";
import { CLUSTER_LABEL, METRICS } from "./names";
import { withMatcher } from "./promql";

/** Data source that Grafana is provisioned with; the chart's own dashboards know it by the same name. */
export const DATA_SOURCE = { type: "prometheus", uid: "prometheus" } as const;

/** What Grafana's sidecar looks for. */
export const DASHBOARD_LABEL = { grafana_dashboard: "1" } as const;
export const FOLDER_ANNOTATION = "grafana_folder";

/** Grafana's grid is 24 wide; two panels stand side by side. */
const PANEL = { width: 12, height: 8 } as const;

/**
 * A dashboard as Grafana takes it. Its metrics are those of all clusters: the choice of clusters at its top narrows each
 * query. Source: Grafana's documentation, "Dashboard JSON model".
 */
export function grafanaDashboard(uid: string, { title, panels }: Dashboard): object {
  return {
    uid,
    title,
    tags: ["openchoreo"],
    schemaVersion: 39,
    editable: false,
    refresh: "1m",
    time: { from: "now-6h", to: "now" },
    timezone: "utc",
    templating: {
      list: [
        {
          type: "query",
          name: CLUSTER_LABEL,
          label: "Cluster",
          datasource: DATA_SOURCE,
          query: { query: `label_values(up, ${CLUSTER_LABEL})`, refId: "clusters" },
          refresh: 2,
          sort: 1,
          multi: true,
          includeAll: true,
          allValue: ".*",
          current: { selected: true, text: ["All"], value: ["$__all"] },
        },
      ],
    },
    panels: panels.map((panel, index) => grafanaPanel(panel, index)),
  };
}

function grafanaPanel({ title, queries, unit = "short" }: Panel, index: number): object {
  return {
    id: index + 1,
    type: "timeseries",
    title,
    datasource: DATA_SOURCE,
    gridPos: {
      w: PANEL.width,
      h: PANEL.height,
      x: (index % 2) * PANEL.width,
      y: Math.floor(index / 2) * PANEL.height,
    },
    fieldConfig: { defaults: { unit, custom: { fillOpacity: 10, showPoints: "never" } }, overrides: [] },
    options: { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi", sort: "desc" } },
    targets: Object.entries(queries).map(([legend, query], target) => ({
      refId: String.fromCharCode("A".charCodeAt(0) + target),
      datasource: DATA_SOURCE,
      expr: withMatcher(query, CLUSTER_LABEL, `${CLUSTER_LABEL}=~"$${CLUSTER_LABEL}"`),
      legendFormat: legend,
    })),
  };
}

/** A dashboard of an add-on, with the name that it has in Kubernetes. */
export interface NamedDashboard {
  readonly name: string;
  readonly dashboard: Dashboard;
}

/** The dashboards of every add-on that is on some cluster of the fleet, each once, wherever it is. */
export function fleetDashboards(target: AddonTarget): NamedDashboard[] {
  return target.selected.flatMap(({ addon, config }) => {
    const cluster = target.fleet.clusters.find((one) => addon.on(one));
    if (cluster === undefined) return [];
    const { dashboards = {} } = addon.monitoring?.({ ...target, cluster }, config) ?? {};
    return Object.entries(dashboards).map(([name, dashboard]) => ({ name: `${addon.name}-${name}`, dashboard }));
  });
}

/** Dashboards of the fleet as ConfigMaps, which Grafana's sidecar picks up. */
export function dashboardObjects(scope: AddonScope<unknown>): pulumi.Resource[] {
  return fleetDashboards(scope).map(({ name, dashboard }) => {
    // Grafana's links go by it, and it has at most 40 characters.
    const uid = digest(name);
    const metadata = {
      name: `dashboard-${name}`,
      namespace: METRICS.namespace,
      labels: DASHBOARD_LABEL,
      annotations: { [FOLDER_ANNOTATION]: "Platform" },
    };
    const data = { [`${name}.json`]: JSON.stringify(grafanaDashboard(uid, dashboard)) };
    return new kubernetes.core.v1.ConfigMap(`${scope.name}-dashboard-${name}`, { metadata, data }, scope.opts);
  });
}
