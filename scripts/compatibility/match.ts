import type { Alias } from "../../plan/program/graph";
import { childId, idOf, type KeptResource, nameIn, qualifiedType } from "./kept";
import type { Registering } from "./program";

/**
 * Which resource of a state each one of a program is, by the rules of the engine: its own URN first, then its aliases,
 * then those that follow from what its parent was called (pulumi, pkg/resource/deploy, generateAliases).
 * @param program Parents before their children.
 * @returns Ids of the state by ids of the program.
 */
export function matched(state: readonly KeptResource[], program: readonly Registering[]): ReadonlyMap<string, string> {
  const there = new Set(state.map(({ id }) => id));
  const found = new Map<string, string>();
  const taken = new Set<string>();
  // A resource that still has its URN is itself, whoever else names it.
  for (const { id } of program) if (there.has(id)) taken.add(id);
  for (const one of program) {
    const before = there.has(one.id) ? one.id : formerIds(one, found).find((id) => there.has(id) && !taken.has(id));
    if (before === undefined) continue;
    taken.add(before);
    found.set(one.id, before);
  }
  return found;
}

/** What a resource may have been called, with what its parent was called. */
function formerIds(one: Registering, found: ReadonlyMap<string, string>): string[] {
  const own = one.aliases.map((alias) => idOfAlias(alias, one));
  const before = one.parent === undefined ? undefined : found.get(one.parent);
  if (one.parent === undefined || before === undefined || before === one.parent) return own;
  const parent = one.parent;
  const inherited = [one.id, ...own].map((id) => inheritedId(id, parent, before));
  return [...own, ...inherited];
}

function idOfAlias({ urn, name, type, parentUrn }: Alias, one: Registering): string {
  if (urn !== undefined) return idOf(urn);
  const parent = parentUrn === undefined ? one.parent : parentUrn || undefined;
  return childId(parent, type ?? one.type, name ?? one.name);
}

/** A child whose name begins with its parent's was called after what that was called. */
function inheritedId(child: string, parent: string, before: string): string {
  const type = qualifiedType(child).split("$").at(-1) ?? "";
  const [name, own, former] = [nameIn(child), nameIn(parent), nameIn(before)];
  return childId(before, type, name.startsWith(own) ? `${former}${name.slice(own.length)}` : name);
}
