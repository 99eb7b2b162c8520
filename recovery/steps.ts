import type { HeldLock } from "./lock";
import type { LiveRelease } from "./releases";
import type { ExportedState, Operation, StateResource } from "./state";

/** What there is to go by. */
export interface Situation {
  readonly state: ExportedState;
  readonly locks: readonly HeldLock[];
  /** By URN of the provider. */
  readonly clusters: ReadonlyMap<string, ClusterView>;
  /** Releases that the program would make now, as a preview shows them. Default: not asked. */
  readonly wanted?: readonly StateResource[];
}

/** A cluster's releases, or why it could not be asked. */
export type ClusterView = { readonly releases: readonly LiveRelease[] } | { readonly unreachable: string };

/** What the user has decided. */
export interface Decisions {
  /** Release the lock whoever holds it. */
  readonly forceUnlock?: boolean;
  /** By name of the resource: the id of what exists, or `null` where nothing does. */
  readonly fate?: ReadonlyMap<string, string | null>;
}

/** One thing that is done; `why` is what the user reads beside it. */
export type Step = { readonly why: string } & (
  | { readonly kind: "unlock"; readonly locks: readonly HeldLock[] }
  /** Tells Helm that a release which nobody works on any more has failed, so that it can be upgraded. */
  | { readonly kind: "fail"; readonly provider: string; readonly release: LiveRelease }
  /** Takes what exists into the state; with `repair` the next `up` upgrades it, else it is read anew. */
  | { readonly kind: "adopt"; readonly operation: Operation; readonly id: string; readonly repair?: string }
  /** Uninstalls a release that was never there as a whole. */
  | { readonly kind: "remove"; readonly operation: Operation; readonly id: string }
  /** Lets the next `up` upgrade a release of the state. */
  | { readonly kind: "repair"; readonly urn: string; readonly repair: string }
  /** Reads a resource of the state anew; one that is gone leaves the state. */
  | { readonly kind: "refresh"; readonly urn: string }
  | { readonly kind: "forget"; readonly operation: Operation }
);

/** An interrupted operation that only the user can judge. */
export interface Undecided {
  readonly operation: Operation;
  readonly why: string;
}

export interface Plan {
  readonly steps: readonly Step[];
  readonly undecided: readonly Undecided[];
  /** Locks that stay, as somebody may be at work. */
  readonly held: readonly HeldLock[];
  /** What is seen and left as it is. */
  readonly notes: readonly string[];
}
