/** One resource that differs. */
export interface Difference {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly cluster?: string;
  readonly area: string;
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
