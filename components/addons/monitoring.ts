/** One rule of Prometheus that raises an alert. */
export interface AlertRule {
  readonly alert: string;
  /** PromQL. */
  readonly expr: string;
  /** How long the expression holds before the alert fires, such as `10m`. */
  readonly for: string;
  readonly severity: "critical" | "warning" | "info";
  /** One sentence for whoever is woken by it; may hold Prometheus' templates. */
  readonly summary: string;
  /** What to do about it. */
  readonly runbook?: string;
}

/** A panel of a dashboard: one or more PromQL expressions over time. */
export interface Panel {
  readonly title: string;
  /**
   * PromQL by legend, which may hold labels such as `{{pod}}`. The metrics are those of all clusters, told apart by the
   * label `cluster`; each selector is narrowed to the clusters that are chosen at the dashboard's top.
   */
  readonly queries: Readonly<Record<string, string>>;
  /** Grafana's unit, such as `s`, `bytes`, `reqps` or `percentunit`. Default: short. */
  readonly unit?: string;
}

/** A dashboard as data. */
export interface Dashboard {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** What an add-on wants watched, as data: the metrics add-on makes rules, dashboards and scrapes of it. */
export interface Monitoring {
  readonly alerts?: readonly AlertRule[];
  /** By name: a DNS label. */
  readonly dashboards?: Readonly<Record<string, Dashboard>>;
  /** Services or pods to scrape, where the chart itself makes no ServiceMonitor. */
  readonly scrapes?: readonly Scrape[];
}

/** What to scrape in the add-on's namespace. */
export interface Scrape {
  /** DNS label, unique in the add-on. */
  readonly name: string;
  readonly of: "services" | "pods";
  /** Namespace of what is scraped. Default: the add-on's. */
  readonly namespace?: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Name of the port. */
  readonly port: string;
  /** Default: /metrics. */
  readonly path?: string;
}
