import type { Plan } from "../../model";

/** Names by position, and positions by name. */
class Names {
  readonly list: string[] = [];
  private readonly known = new Map<string, number>();

  /** −1 stands for nothing. */
  at(name: string | undefined): number {
    if (name === undefined) return -1;
    const found = this.known.get(name) ?? this.list.push(name) - 1;
    this.known.set(name, found);
    return found;
  }
}

/**
 * What the page's script works with. A stack has thousands of resources whose types, clusters and dependencies say the
 * same again and again: they are numbers here.
 */
export function pageData(plan: Plan): object {
  const [types, clusters, areas, addons] = [new Names(), new Names(), new Names(), new Names()];
  const positions = new Map(plan.resources.map(({ urn }, index) => [urn, index]));
  const changes = new Map(plan.differences?.resources.map((one) => [one.urn, one.kind]));
  const position = (urn: string | undefined) => (urn === undefined ? -1 : (positions.get(urn) ?? -1));
  const resources = plan.resources.map((one) => [
    one.name,
    types.at(one.type),
    clusters.at(one.cluster),
    areas.at(one.area),
    addons.at(one.addon),
    position(one.parent),
    one.dependsOn.map(position).filter((index) => index >= 0),
    one.managed ? 1 : 0,
    one.protect ? 1 : 0,
    changes.get(one.urn) ?? "",
  ]);
  return {
    stack: plan.stack,
    clusters: plan.clusters,
    links: plan.links,
    components: plan.tenants.flatMap(({ components }) => components),
    endpoints: plan.endpoints,
    names: { types: types.list, clusters: clusters.list, areas: areas.list, addons: addons.list },
    resources,
  };
}

/** Data within a script element, which a "</script>" in a text must not end. */
export function scriptData(data: object): string {
  return JSON.stringify(data)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}
