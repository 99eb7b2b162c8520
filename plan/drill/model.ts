/** What the loss of clusters means, and what takes over. */
export interface Drill {
  /** What was asked for: a cluster or a region. */
  readonly lose: string;
  readonly lost: readonly string[];
  readonly remaining: readonly string[];
  readonly planes: readonly LostPlane[];
  /** Platform services that are on lost clusters alone. */
  readonly services: readonly { readonly addon: string; readonly cluster: string }[];
  readonly components: readonly ComponentFate[];
  readonly databases: readonly DatabaseFate[];
  readonly links: { readonly cut: readonly string[]; readonly left: readonly string[] };
  /** Host names that no remaining cluster serves. */
  readonly hosts: readonly string[];
  /** What happens by itself, and what somebody has to do, in order. */
  readonly takeover: readonly Step[];
}

/** A plane that is on lost clusters. */
export interface LostPlane {
  readonly plane: string;
  /** Clusters that still have one. */
  readonly left: readonly string[];
  readonly means: string;
}

/** What becomes of a component. */
export interface ComponentFate {
  readonly component: string;
  readonly environment?: string;
  readonly fate: "lost" | "fewer replicas" | "broken";
  readonly replicasBefore: number;
  readonly replicasLeft: number;
  readonly left: readonly string[];
  /** What it calls that is lost. */
  readonly missing: readonly string[];
}

/** What becomes of a database. */
export interface DatabaseFate {
  readonly database: string;
  readonly environment?: string;
  readonly fate: "replica takes over" | "restore from backup" | "no reachable backup" | "loses its replica";
  readonly means: string;
}

/** One step of a takeover. */
export interface Step {
  readonly who: "by itself" | "operator";
  readonly what: string;
}
