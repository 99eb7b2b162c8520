import { AREAS } from "../../components/addons";
import type { Registered } from "../program/graph";

/** Where a resource belongs. */
export interface Place {
  readonly cluster?: string;
  readonly area: string;
  readonly addon?: string;
  readonly tenant?: string;
}

const ADDON = "openchoreo:addons:Addon";

const AREA_OF_ADDON = new Map(
  Object.entries(AREAS).flatMap(([area, addons]) => addons.map(({ name }) => [name, area] as const)),
);

/** Areas of components by the second part of their types; what is not listed has that part as its area. */
const AREA_OF_COMPONENT: Readonly<Record<string, string>> = { addons: "platform", planes: "openchoreo" };

/** What places are named after. */
export interface Surroundings {
  /** Names of clusters. */
  readonly clusters: ReadonlySet<string>;
  readonly tenants: ReadonlySet<string>;
}

/** @param chain The resource, its parent, and so on. */
export function placeOf(chain: readonly Registered[], { clusters, tenants }: Surroundings): Place {
  const cluster = firstOf(chain, (one) => clusterOf(one, clusters));
  const addon = firstOf(chain, ({ type, name }) => (type === ADDON ? name.split(".").slice(1).join(".") : undefined));
  const tenant = firstOf(chain, (one) => tenantOf(one, tenants));
  const component = firstOf(chain, ({ type }) => (type.startsWith("openchoreo:") ? type.split(":")[1] : undefined));
  return {
    ...(cluster !== undefined && { cluster }),
    area: areaOf(chain, addon, component),
    ...(addon !== undefined && { addon }),
    ...(tenant !== undefined && { tenant }),
  };
}

/** What is of the mesh or of a tenant stays so also below an add-on, and the other way round: the nearest one counts. */
function areaOf(chain: readonly Registered[], addon: string | undefined, component: string | undefined): string {
  if (addon !== undefined) return AREA_OF_ADDON.get(addon) ?? "extensions";
  if (component !== undefined) return AREA_OF_COMPONENT[component] ?? component;
  const type = chain[0]?.type ?? "";
  if (type.startsWith("pulumi:providers:")) return "providers";
  return type.startsWith("aws:") ? "clusters" : "platform";
}

/** The provider says it, or the name, whose parts are divided by dots. */
function clusterOf({ provider, name }: Registered, names: ReadonlySet<string>): string | undefined {
  const owner = provider?.split(".")[0];
  if (owner !== undefined && names.has(owner)) return owner;
  return name.split(".").find((part) => names.has(part));
}

/**
 * Components of tenants are named by clusters and namespaces; a namespace begins with its tenant's name. The longest name
 * counts. Names are looked up by what a part may begin with: a stack may have thousands of tenants.
 */
function tenantOf({ type, name }: Registered, tenants: ReadonlySet<string>): string | undefined {
  if (!type.startsWith("openchoreo:tenants:")) return undefined;
  const found = name.split(".").flatMap((part) => beginnings(part).filter((beginning) => tenants.has(beginning)));
  return found.sort((a, b) => b.length - a.length)[0];
}

/** `a-b-c`, `a-b` and `a` of `a-b-c`. */
function beginnings(part: string): string[] {
  const words = part.split("-");
  return words.map((_, index) => words.slice(0, words.length - index).join("-"));
}

function firstOf<T>(chain: readonly Registered[], look: (one: Registered) => T | undefined): T | undefined {
  for (const one of chain) {
    const found = look(one);
    if (found !== undefined) return found;
  }
  return undefined;
}
