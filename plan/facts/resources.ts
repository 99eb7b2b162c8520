import type { PlanResource } from "../model";
import { type Graph, key, type Registered } from "../program/graph";
import { mask } from "./mask";
import { type Place, placeOf, type Surroundings } from "./place";

/** A resource with what its ancestors say of it. */
interface Located {
  readonly resource: Registered;
  readonly ancestors: readonly Registered[];
}

/** Every resource of a run, in the order of names, with URNs as the engine writes them. */
export function planResources(graph: Graph, around: Surroundings): PlanResource[] {
  const byKey = new Map(graph.resources.map((resource) => [key(resource), resource]));
  const located = new Map(graph.resources.map((resource) => [key(resource), locate(resource, byKey)]));
  const urns = new Map([...located].map(([id, one]) => [id, urnOf(one)]));
  return [...located.values()].map(({ resource, ancestors }) => {
    const [parent] = ancestors;
    const place: Place = placeOf([resource, ...ancestors], around);
    return {
      urn: urns.get(key(resource)) ?? resource.urn,
      type: resource.type,
      name: resource.name,
      ...place,
      ...(parent && { parent: urns.get(key(parent)) }),
      dependsOn: resource.dependencies.flatMap((id) => urns.get(id) ?? []),
      managed: resource.custom || resource.remote,
      protect: resource.protect,
      retainOnDelete: resource.retainOnDelete,
      inputs: mask(resource.type, resource.wire),
    };
  });
}

function locate(resource: Registered, byKey: ReadonlyMap<string, Registered>): Located {
  const ancestors: Registered[] = [];
  for (let at = parentOf(resource, byKey); at !== undefined; at = parentOf(at, byKey)) ancestors.push(at);
  return { resource, ancestors };
}

/** The URN of mocks names the type of the parent alone; with the parent's name that is enough to find it. */
function parentOf({ urn, parent }: Registered, byKey: ReadonlyMap<string, Registered>): Registered | undefined {
  const type = urn.split("::")[2]?.split("$").at(-2);
  return parent === undefined || type === undefined ? undefined : byKey.get(key({ type, name: parent }));
}

/** As the engine writes it: with the types of all ancestors. */
function urnOf({ resource, ancestors }: Located): string {
  const [stack = "", project = ""] = resource.urn.split("::");
  const types = [...ancestors].reverse().map(({ type }) => type);
  return `${stack}::${project}::${[...types, resource.type].join("$")}::${resource.name}`;
}
