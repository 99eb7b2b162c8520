/** What the differences mean, for whom. */
export interface Impact {
  readonly clusters: readonly { readonly name: string; readonly wave: number; readonly counts: ImpactCounts }[];
  readonly waves: readonly number[];
  readonly tenants: readonly { readonly name: string; readonly why: readonly string[] }[];
}

/** How many resources differ, and how. */
export interface ImpactCounts {
  readonly created: number;
  readonly changed: number;
  readonly replaced: number;
  readonly deleted: number;
}
