import type { ClusterImpact, Difference, Differences, Impact, ImpactCounts } from "./model";

/** A plan as far as an impact is read from it. */
interface Sides {
  readonly clusters: readonly { readonly name: string; readonly wave: number }[];
  readonly tenants: readonly Tenant[];
  readonly endpoints: readonly { readonly host: string; readonly ports: readonly number[] }[];
  readonly certificates: readonly { readonly subject: string }[];
}

interface Tenant {
  readonly name: string;
  readonly components: readonly { readonly component: string; readonly clusters: readonly string[] }[];
}

/** Reads from the differences of two plans who has to care. */
export function impactOf(before: Sides, after: Sides, { resources }: Pick<Differences, "resources">): Impact {
  const waves = new Map([...before.clusters, ...after.clusters].map(({ name, wave }) => [name, wave]));
  const clusters = [...waves]
    .map(([name, wave]): ClusterImpact => {
      const own = resources.filter(({ cluster }) => cluster === name);
      return { name, wave, fate: fateOf(name, before, after), counts: countsOf(own), ...partsOf(own) };
    })
    .filter(({ counts, fate }) => total(counts) > 0 || fate !== "stays")
    .sort((a, b) => a.wave - b.wave || (a.name < b.name ? -1 : 1));
  return {
    clusters,
    fleet: countsOf(resources.filter(({ cluster }) => cluster === undefined)),
    tenants: tenantsOf(before, after, resources, clusters),
    endpoints: comings(before.endpoints, after.endpoints, ({ host, ports }) => `${host}:${ports.join(",")}`),
    certificates: comings(before.certificates, after.certificates, ({ subject }) => subject),
  };
}

function fateOf(name: string, before: Sides, after: Sides): ClusterImpact["fate"] {
  const has = ({ clusters }: Sides) => clusters.some((cluster) => cluster.name === name);
  if (!has(before)) return "joins";
  return has(after) ? "stays" : "leaves";
}

/** How many of each kind there are. */
export function countsOf(differences: readonly Difference[]): ImpactCounts {
  const count = (kind: Difference["kind"]) => differences.filter((one) => one.kind === kind).length;
  return {
    created: count("created"),
    changed: count("changed"),
    replaced: count("replaced"),
    deleted: count("deleted"),
  };
}

/** All of them together. */
export function total({ created, changed, replaced, deleted }: ImpactCounts): number {
  return created + changed + replaced + deleted;
}

function partsOf(own: readonly Difference[]): Pick<ClusterImpact, "areas" | "addons"> {
  const names = [...new Set(own.map(({ area }) => area))];
  const areas = names.map((name) => ({ name, counts: countsOf(own.filter(({ area }) => area === name)) }));
  return {
    areas: areas.sort((a, b) => total(b.counts) - total(a.counts)),
    addons: [...new Set(own.flatMap(({ addon }) => addon ?? []))].sort(),
  };
}

/** Areas whose changes reach whatever runs on a cluster. */
const SHARED = ["networking", "mesh", "clusters", "tenants"];

function tenantsOf(
  before: Sides,
  after: Sides,
  differences: readonly Difference[],
  clusters: readonly ClusterImpact[],
): Impact["tenants"] {
  const names = [...new Set([...before.tenants, ...after.tenants].map(({ name }) => name))].sort();
  return names
    .map((name) => {
      const own = differences.filter(({ tenant }) => tenant === name);
      return {
        name,
        why: [...fateOfTenant(name, before, after), ...ownReasons(own), ...placeReasons(name, after, clusters)],
      };
    })
    .filter(({ why }) => why.length > 0);
}

function fateOfTenant(name: string, before: Sides, after: Sides): string[] {
  const has = ({ tenants }: Sides) => tenants.some((tenant) => tenant.name === name);
  if (!has(before)) return ["is new"];
  if (!has(after)) return ["is removed"];
  return movesOf(name, before, after);
}

/** Components that come, go, or run elsewhere. */
function movesOf(name: string, before: Sides, after: Sides): string[] {
  const places = ({ tenants }: Sides) => {
    const components = tenants.find((tenant) => tenant.name === name)?.components ?? [];
    return new Map(components.map(({ component, clusters }) => [component, clusters.join(", ")]));
  };
  const [old, now] = [places(before), places(after)];
  const components = [...new Set([...old.keys(), ...now.keys()])];
  return components.flatMap((component) => {
    const [was, is] = [old.get(component), now.get(component)];
    if (was === is) return [];
    if (was === undefined) return [`${component} is new, on ${is}`];
    if (is === undefined) return [`${component} is removed from ${was}`];
    return [`${component} moves from ${was} to ${is}`];
  });
}

function ownReasons(own: readonly Difference[]): string[] {
  const counts = countsOf(own);
  return total(counts) === 0 ? [] : [`resources of its own: ${countsText(counts)}`];
}

function placeReasons(name: string, { tenants }: Sides, clusters: readonly ClusterImpact[]): string[] {
  const components = tenants.find((tenant) => tenant.name === name)?.components ?? [];
  const places = new Set(components.flatMap((component) => component.clusters));
  return clusters
    .filter((cluster) => places.has(cluster.name) && cluster.fate === "stays")
    .flatMap((cluster) => {
      const shared = cluster.areas.filter((area) => SHARED.includes(area.name));
      if (shared.length === 0) return [];
      const what = shared.map((area) => `${area.name} (${countsText(area.counts)})`);
      return [`runs on ${cluster.name}, where what it runs on differs: ${what.join(", ")}`];
    });
}

/** Such as `2 created, 1 replaced`. */
export function countsText(counts: ImpactCounts): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0);
  return parts.map(([kind, count]) => `${count} ${kind}`).join(", ");
}

function comings<T>(before: readonly T[], after: readonly T[], nameOf: (one: T) => string) {
  const [old, now] = [new Set(before.map(nameOf)), new Set(after.map(nameOf))];
  return { added: [...now].filter((one) => !old.has(one)), removed: [...old].filter((one) => !now.has(one)) };
}
