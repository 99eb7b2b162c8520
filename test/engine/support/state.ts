import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Folders } from "../../../rehearsal/folders";

/** A resource in the stack's state, as far as the tests look at it. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  /** Times of the engine's last creation and of its last change. */
  readonly created?: string;
  readonly modified?: string;
}

/** A stack's state by URN. */
export type State = ReadonlyMap<string, StateResource>;

/** Reads the state of a rehearsed stack. */
export function readState({ state }: Folders, stack: string): State {
  const file = join(state, ".pulumi", "stacks", "openchoreo", `${stack}.json`);
  const content: { checkpoint: { latest?: { resources?: StateResource[] } } } = JSON.parse(readFileSync(file, "utf8"));
  return new Map((content.checkpoint.latest?.resources ?? []).map((resource) => [resource.urn, resource]));
}

/** URN of a provider that the engine made by itself, which its summaries do not count. */
export const DEFAULT_PROVIDER = /::pulumi:providers:[^:]+::default/;

/** What the engine did to a stack, by names of resources. */
export interface Difference {
  readonly created: string[];
  readonly deleted: string[];
  /** Changed in place. */
  readonly updated: string[];
  /** Deleted and created anew. */
  readonly replaced: string[];
}

/** Compares two states. */
export function difference(before: State, after: State): Difference {
  const kept = [...after.values()].flatMap((now) => {
    const old = before.get(now.urn);
    return old === undefined ? [] : [{ old, now }];
  });
  const replaced = kept.filter(({ old, now }) => old.created !== now.created);
  const updated = kept.filter((pair) => !replaced.includes(pair) && pair.old.modified !== pair.now.modified);
  return {
    created: names([...after.keys()].filter((urn) => !before.has(urn))),
    deleted: names([...before.keys()].filter((urn) => !after.has(urn))),
    updated: names(updated.map(({ now }) => now.urn)),
    replaced: names(replaced.map(({ now }) => now.urn)),
  };
}

function names(urns: readonly string[]): string[] {
  return urns.map((urn) => urn.split("::").slice(3).join("::")).sort();
}
