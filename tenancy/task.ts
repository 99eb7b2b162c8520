import type { Operation } from "./args";
import type { Changes } from "./changes";

/** One operation on one stack, as a worker is told. */
export interface Task {
  readonly stack: string;
  readonly operation: Operation;
  /** Folder of Pulumi.yaml and of the stack's file. */
  readonly project: string;
  /** What relative paths in settings start from. */
  readonly root: string;
  /** Where the engine's whole output goes. */
  readonly log: string;
  readonly secretsProvider?: string;
}

/** How an operation ended. */
export interface Result extends Changes {
  readonly stack: string;
  readonly seconds: number;
  /** What went wrong, in the engine's words; empty where nothing did. */
  readonly errors: readonly string[];
}

/** What a worker says. */
export type Said =
  | { readonly kind: "progress"; readonly resources: number }
  | { readonly kind: "result"; readonly result: Result };
