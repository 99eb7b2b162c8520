/** One resource that differs. */
export interface Difference {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly cluster?: string;
  readonly area: string;
  readonly addon?: string;
  readonly tenant?: string;
  readonly kind: "created" | "changed" | "replaced" | "deleted";
  /** Properties that differ; empty for what is created or deleted. */
  readonly properties: readonly PropertyDifference[];
}

/** One property that differs; a side without the property is absent. */
export interface PropertyDifference {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
  /** Whether the resource has to be made anew for it. */
  readonly replaces: boolean;
}

/** What differs from another plan. */
export interface Differences {
  /** The other plan: a file, or a commit. */
  readonly against: string;
  /** What was compared: values of charts, or objects that they render. */
  readonly level: "values" | "rendered objects";
  /** Why it is not more; absent where everything was compared. */
  readonly limits?: string;
  readonly unchanged: number;
  readonly resources: readonly Difference[];
}

/** What the differences mean, for whom. */
export interface Impact {
  /** Clusters where something differs, in the order in which they change. */
  readonly clusters: readonly ClusterImpact[];
  /** What belongs to no cluster alone, such as the mesh's trust. */
  readonly fleet: ImpactCounts;
  /** Tenants that may notice, and why. */
  readonly tenants: readonly { readonly name: string; readonly why: readonly string[] }[];
  /** Ways in that appear and disappear: `host:port`. */
  readonly endpoints: { readonly added: readonly string[]; readonly removed: readonly string[] };
  readonly certificates: { readonly added: readonly string[]; readonly removed: readonly string[] };
}

/** What differs on one cluster. */
export interface ClusterImpact {
  readonly name: string;
  readonly wave: number;
  /** Whether the cluster itself comes or goes. */
  readonly fate: "joins" | "stays" | "leaves";
  readonly counts: ImpactCounts;
  /** By area, what differs most first. */
  readonly areas: readonly { readonly name: string; readonly counts: ImpactCounts }[];
  /** Add-ons that differ. */
  readonly addons: readonly string[];
}

/** How many resources differ, and how. */
export interface ImpactCounts {
  readonly created: number;
  readonly changed: number;
  readonly replaced: number;
  readonly deleted: number;
}
