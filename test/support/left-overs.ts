import { type Addon, CATALOG } from "../../components/addons";
import type { Graph, Registered } from "./graph";

/** Where the metrics add-on puts what it makes of others' alerts, scrapes and dashboards. */
const WATCHED = /^kube-prometheus-stack-(?:rules|scrape|dashboard)-(.+)$/;

/** Kinds that say who may reach whom. */
const POLICY = /:(?:Cilium(?:Clusterwide)?NetworkPolicy|NetworkPolicy|AuthorizationPolicy|PeerAuthentication)$/;

/**
 * What of a graph belongs to an add-on, each with why: resources that have its name, also among what watches it, objects
 * of kinds that it alone brings, what is in a namespace of its own, and policies about that namespace.
 * @param others Every other add-on that is there.
 */
export function partsOf(addon: Addon, graph: Graph, others: readonly Addon[]): string[] {
  const own = ownOf(addon, others);
  return graph.resources.flatMap((resource) => {
    const why = reasonFor(addon, resource, own);
    return why === undefined ? [] : [`${resource.type} ${resource.name}: ${why}`];
  });
}

interface Own {
  /** Namespace that no other add-on lives in. */
  readonly namespace?: string;
  /** As in a resource's type, without the version. */
  readonly kinds: ReadonlySet<string>;
}

function ownOf(addon: Addon, others: readonly Addon[]): Own {
  const taken = new Set(others.flatMap(kindsOf));
  const { name } = addon.namespace;
  const isShared = addon.namespace.podSecurity === undefined || others.some((other) => other.namespace.name === name);
  return {
    namespace: isShared ? undefined : name,
    kinds: new Set(kindsOf(addon).filter((kind) => !taken.has(kind))),
  };
}

function kindsOf({ kinds }: Addon): string[] {
  return kinds.map(({ group, kind }) => `${group} ${kind}`);
}

function reasonFor({ name }: Addon, resource: Registered, { namespace, kinds }: Own): string | undefined {
  // Every resource of a cluster is `<cluster>.<what>`.
  const what = resource.name.slice(resource.name.indexOf(".") + 1);
  if (named(what) === name) return "has its name";
  if (named(WATCHED.exec(what)?.[1] ?? "") === name) return "watches it";
  const [, group, kind] = /^kubernetes:([^/]+)\/[^:]+:(.+)$/.exec(resource.type) ?? [];
  if (kinds.has(`${group} ${kind}`)) return "is of its kind";
  if (namespace === undefined) return undefined;
  const metadata = Object(resource.inputs.metadata);
  if (metadata.namespace === namespace) return "is in its namespace";
  if (kind === "Namespace" && metadata.name === namespace) return "is its namespace";
  return POLICY.test(resource.type) && mentions(resource.inputs, namespace)
    ? "lets its namespace in or out"
    : undefined;
}

/** The add-on whose name a text is or begins with; of several the longest, as one name may begin another. */
function named(text: string): string | undefined {
  const found = CATALOG.map(({ name }) => name).filter((name) => text === name || text.startsWith(`${name}-`));
  return found.sort((a, b) => b.length - a.length)[0];
}

function mentions(value: unknown, text: string): boolean {
  if (typeof value !== "object" || value === null) return value === text;
  return Object.values(value).some((inner) => mentions(inner, text));
}
