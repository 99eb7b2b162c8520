import { planResources } from "../../plan/facts/resources";
import { type Alias, type Graph, key, type Registered } from "../../plan/program/graph";
import { runStackOffline } from "../../plan/program/stack";
import { fixedInputs, worthOf } from "./held";
import { idOf, type KeptResource } from "./kept";

/** A resource that a program registers, with what it may have been called before. */
export interface Registering extends KeptResource {
  /** Whether its children are made by its provider, out of sight of the program. */
  readonly remote: boolean;
  readonly aliases: readonly Alias[];
}

/** What today's program registers for a stack's settings; parents before their children. */
export async function registeredBy(root: string, stack: string): Promise<Registering[]> {
  const { run } = await runStackOffline({ root, stack, preview: true });
  return registering(run.graph);
}

/** The resources of a graph, parents before their children. */
export function registering(graph: Graph): Registering[] {
  // Neither clusters nor tenants are asked for here.
  const planned = planResources(graph, { clusters: new Set(), tenants: new Set() });
  const ids = new Map(planned.map((one) => [key(one), idOf(one.urn)]));
  const byUrn = new Map(graph.resources.map((one) => [one.urn, ids.get(key(one)) ?? ""]));
  const parents = new Map(planned.map(({ urn, parent }) => [idOf(urn), parent && idOf(parent)]));
  const found = graph.resources.map((one) => registeringOf(one, { ids, byUrn, parents }));
  return parentsFirst(found);
}

interface Names {
  /** Ids by type and name. */
  readonly ids: ReadonlyMap<string, string>;
  /** Ids by the URNs of mocks, which name the types of no ancestor but the parent. */
  readonly byUrn: ReadonlyMap<string, string>;
  readonly parents: ReadonlyMap<string, string | undefined>;
}

function registeringOf(one: Registered, { ids, byUrn, parents }: Names): Registering {
  const { type, name, protect, retainOnDelete: retain } = one;
  const id = ids.get(key(one)) ?? "";
  const worth = worthOf({ type, protect, retain });
  const { fixed, tops } = worth === "nothing" ? { fixed: {}, tops: {} } : fixedInputs(type, one.inputs);
  const sources = Object.entries(tops).flatMap(([path, top]) => {
    const from = (one.sources[top] ?? []).flatMap((source) => ids.get(source) ?? []);
    return from.length === 0 ? [] : [[path, from.sort()] as const];
  });
  const parent = parents.get(id);
  return {
    id,
    type,
    name,
    ...(parent !== undefined && { parent }),
    ...(one.providerUrn !== undefined && { provider: byUrn.get(one.providerUrn) }),
    protect,
    retain,
    fixed,
    sources: Object.fromEntries(sources),
    remote: one.remote,
    aliases: one.aliases.map((alias) => withParentId(alias, byUrn)),
  };
}

/** The parent of an alias is a URN of the mocks where it is a resource, and as the engine has it where it is a text. */
function withParentId(alias: Alias, byUrn: Names["byUrn"]): Alias {
  const { parentUrn, urn } = alias;
  if (urn !== undefined) return { urn };
  if (parentUrn === undefined || parentUrn === "") return alias;
  return {
    ...alias,
    parentUrn: parentUrn.includes("::pulumi:pulumi:Stack::") ? "" : (byUrn.get(parentUrn) ?? idOf(parentUrn)),
  };
}

/** By depth, and by id among equals. */
export function parentsFirst<T extends Pick<KeptResource, "id" | "parent">>(resources: readonly T[]): T[] {
  const byId = new Map(resources.map((one) => [one.id, one]));
  const depth = (one: T): number => {
    const parent = one.parent === undefined ? undefined : byId.get(one.parent);
    return parent === undefined ? 0 : depth(parent) + 1;
  };
  const depths = new Map(resources.map((one) => [one.id, depth(one)]));
  return [...resources].sort((a, b) => (depths.get(a.id) ?? 0) - (depths.get(b.id) ?? 0) || (a.id < b.id ? -1 : 1));
}
