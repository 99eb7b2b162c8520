import { logStream, PLATFORM_LOGS } from "./names";

/** An object of OpenSearch Dashboards, as its import takes it. */
export interface SavedObject {
  readonly type: "index-pattern" | "search" | "visualization" | "dashboard";
  readonly id: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly references: readonly { readonly name: string; readonly type: SavedObject["type"]; readonly id: string }[];
}

/** A chart of log records over time, or a table of what there is most of. */
interface Chart {
  readonly id: string;
  readonly title: string;
  readonly kind: "histogram" | "line" | "table";
  readonly pattern: string;
  /** In Dashboards' query language. Default: everything. */
  readonly query?: string;
  readonly by: string;
}

interface Overview {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly charts: readonly Chart[];
}

const ALL = "choreo-logs";
const GATEWAY = "choreo-gateway";
const ERRORS = "level: (error or fatal or critical or panic)";
const FAILED = "http.status >= 500";

/** The platform's overviews. */
const OVERVIEWS: readonly Overview[] = [
  {
    id: "choreo-logs-overview",
    title: "Logs of the fleet",
    description: "How much is logged, by whom, and what goes wrong",
    charts: [
      { id: "choreo-by-level", title: "Records by level", kind: "histogram", pattern: ALL, by: "level" },
      { id: "choreo-by-cluster", title: "Records by cluster", kind: "line", pattern: ALL, by: "cluster" },
      {
        id: "choreo-errors-by-tenant",
        title: "Errors by tenant",
        kind: "histogram",
        pattern: ALL,
        query: ERRORS,
        by: "tenant",
      },
      {
        id: "choreo-errors-by-namespace",
        title: "Errors by namespace",
        kind: "table",
        pattern: ALL,
        query: ERRORS,
        by: "kubernetes.namespace_name",
      },
    ],
  },
  {
    id: "choreo-gateway-overview",
    title: "Requests at the gateway",
    description: "Access logs of choreo-gateway on every cluster",
    charts: [
      {
        id: "choreo-requests-by-status",
        title: "Requests by status",
        kind: "histogram",
        pattern: GATEWAY,
        by: "http.status",
      },
      { id: "choreo-requests-by-host", title: "Requests by host", kind: "line", pattern: GATEWAY, by: "http.host" },
      {
        id: "choreo-server-errors",
        title: "Server errors by host",
        kind: "histogram",
        pattern: GATEWAY,
        query: FAILED,
        by: "http.host",
      },
      {
        id: "choreo-failed-paths",
        title: "Paths that fail",
        kind: "table",
        pattern: GATEWAY,
        query: FAILED,
        by: "http.path",
      },
    ],
  },
];

/** What the platform's operators find in Dashboards. */
export function platformObjects(): SavedObject[] {
  return [
    indexPattern(ALL, "logs-*"),
    indexPattern(GATEWAY, logStream(PLATFORM_LOGS, "gateway")),
    errorSearch(ALL),
    ...OVERVIEWS.flatMap(({ charts }) => charts.map(visualization)),
    ...OVERVIEWS.map(dashboard),
  ];
}

/** What a tenant's readers find in the part of Dashboards that is theirs. */
export function tenantObjects(tenant: string): SavedObject[] {
  const pattern = `choreo-logs-of-${tenant}`;
  return [indexPattern(pattern, logStream(tenant, "*")), errorSearch(pattern)];
}

function indexPattern(id: string, title: string): SavedObject {
  return { type: "index-pattern", id, attributes: { title, timeFieldName: "@timestamp" }, references: [] };
}

/** Which records an object is about; the pattern is named by a reference, so that an import can follow it. */
function source(query = "") {
  const indexRefName = "kibanaSavedObjectMeta.searchSourceJSON.index";
  const search = { query: { query, language: "kuery" }, filter: [], indexRefName };
  return { kibanaSavedObjectMeta: { searchSourceJSON: JSON.stringify(search) } };
}

function sourceReference(pattern: string) {
  return { name: "kibanaSavedObjectMeta.searchSourceJSON.index", type: "index-pattern", id: pattern } as const;
}

function errorSearch(pattern: string): SavedObject {
  return {
    type: "search",
    id: `${pattern}-errors`,
    attributes: {
      title: "Errors",
      description: "Records of level error and above",
      columns: ["cluster", "kubernetes.namespace_name", "kubernetes.pod_name", "message"],
      sort: [["@timestamp", "desc"]],
      version: 1,
      ...source(ERRORS),
    },
    references: [sourceReference(pattern)],
  };
}

function visualization({ id, title, kind, pattern, query, by }: Chart): SavedObject {
  const count = { id: "1", enabled: true, type: "count", schema: "metric", params: {} };
  const time = {
    id: "2",
    enabled: true,
    type: "date_histogram",
    schema: "segment",
    params: { field: "@timestamp", useNormalizedOpenSearchInterval: true, interval: "auto", min_doc_count: 1 },
  };
  const terms = {
    id: "3",
    enabled: true,
    type: "terms",
    schema: kind === "table" ? "bucket" : "group",
    params: { field: by, size: kind === "table" ? 20 : 10, order: "desc", orderBy: "1" },
  };
  const aggs = kind === "table" ? [count, terms] : [count, time, terms];
  return {
    type: "visualization",
    id,
    attributes: {
      title,
      description: "",
      // What `params` leaves out has the chart type's defaults.
      visState: JSON.stringify({ title, type: kind, params: {}, aggs }),
      uiStateJSON: "{}",
      version: 1,
      ...source(query),
    },
    references: [sourceReference(pattern)],
  };
}

/** Charts in two columns. Dashboards' grid has 48. */
function dashboard({ id, title, description, charts }: Overview): SavedObject {
  const panels = charts.map((_, index) => ({
    version: "3.6.0",
    gridData: { x: (index % 2) * 24, y: Math.floor(index / 2) * 15, w: 24, h: 15, i: String(index) },
    panelIndex: String(index),
    embeddableConfig: {},
    panelRefName: `panel_${index}`,
  }));
  const search = { query: { query: "", language: "kuery" }, filter: [] };
  return {
    type: "dashboard",
    id,
    attributes: {
      title,
      description,
      panelsJSON: JSON.stringify(panels),
      optionsJSON: JSON.stringify({ hidePanelTitles: false, useMargins: true }),
      version: 1,
      timeRestore: true,
      timeFrom: "now-1h",
      timeTo: "now",
      kibanaSavedObjectMeta: { searchSourceJSON: JSON.stringify(search) },
    },
    references: charts.map((chart, index) => ({ name: `panel_${index}`, type: "visualization", id: chart.id })),
  };
}
