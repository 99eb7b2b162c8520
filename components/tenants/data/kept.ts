import type * as pulumi from "@pulumi/pulumi";

/** What decides whether data outlives its entry in the settings. */
export interface Keeping {
  /** As the tenant says: true, its data goes with it; false, it is kept; absent, production asks first. */
  readonly purge?: boolean;
  readonly production: boolean;
}

/**
 * Options of everything that data needs to live on: it stays on the cluster when its tenant, or its own entry, is removed,
 * until the tenant says `purge: true`. In production the removal itself is refused until the tenant has said either.
 */
export function kept({ purge, production }: Keeping): Pick<pulumi.CustomResourceOptions, "retainOnDelete" | "protect"> {
  return { retainOnDelete: purge !== true, protect: production && purge === undefined };
}

/** Lets the same object be taken over again when a tenant comes back to what was kept of it. */
export const TAKEN_OVER = { "pulumi.com/patchForce": "true" } as const;
