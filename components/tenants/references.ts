import {
  inFiles,
  type Problem,
  pathOf,
  placedIn,
  type Reference,
  readReference,
  refuse,
  shardStack,
  type TenantFiles,
} from "../settings";
import type { PlatformReferences, SharedWorkload, SharingOutput } from "../stacks";
import { counterpart, nameOf } from "./edges";
import type { PlannedComponent, PlannedTenant } from "./plan";

/** A connection to something of another stack. */
export interface ForeignUse {
  /** Where settings say it. */
  readonly path: string;
  readonly from: PlannedComponent;
  readonly reference: Reference & { readonly stack: string };
}

/** The connections of tenants to other stacks. */
export function foreignUses(tenants: readonly PlannedTenant[]): ForeignUse[] {
  const components = tenants.flatMap(({ projects }) => projects.flatMap((project) => project.components));
  return components.flatMap((from) =>
    from.settings.uses.flatMap((text, index): ForeignUse[] => {
      const { stack, ...rest } = readReference(text, from);
      if (stack === undefined) return [];
      const path = pathOf("tenants", from.tenant, "projects", from.project, "components", from.name, "uses", index);
      return [{ path, from, reference: { ...rest, stack } }];
    }),
  );
}

/** Stacks that connections lead to, with what they say; read before anything is registered. */
export interface OtherStacks {
  /** By the name in the reference: the stack that has the tenant, which may be one of its shards. */
  readonly holderOf: (reference: ForeignUse["reference"]) => string;
  /** By name. */
  readonly sharing: ReadonlyMap<string, SharingOutput>;
}

/**
 * Reads the stacks that connections lead to, and those that these refer to, and so on.
 * @throws RunError when one of them has nothing to say, or speaks another version of the contract.
 */
export async function readOtherStacks(
  uses: readonly ForeignUse[],
  stacks: PlatformReferences,
  own: string,
): Promise<OtherStacks> {
  const sharing = new Map<string, SharingOutput>();
  const read = async (stack: string): Promise<SharingOutput> => {
    const known = sharing.get(stack) ?? (await stacks.to(stack).sharing());
    sharing.set(stack, known);
    return known;
  };
  const holders = new Map<string, string>();
  for (const { reference } of uses.filter((use) => use.reference.stack !== own)) {
    const { shards } = await read(reference.stack);
    const holder =
      shards === undefined ? reference.stack : shardOfStack(reference.stack, placedIn(reference.tenant, shards));
    holders.set(keyOf(reference), holder);
  }
  // Where a way leads back to this stack it ends: what this one says of itself is from when it was last brought up.
  const waiting = [...new Set(holders.values())].filter((stack) => stack !== own);
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { references } = await read(next);
    waiting.push(...references.filter((one) => one !== own && !sharing.has(one)));
  }
  return { holderOf: (reference) => holders.get(keyOf(reference)) ?? reference.stack, sharing };
}

function keyOf({ stack, tenant }: ForeignUse["reference"]): string {
  return `${stack} ${tenant}`;
}

/** Fully qualified name of the stack of a shard. */
function shardOfStack(stack: string, shard: number): string {
  const [organization, project, name = ""] = stack.split("/");
  return [organization, project, shardStack(name, shard)].join("/");
}

/** A connection to another stack, resolved. */
export interface ResolvedUse extends ForeignUse {
  /** The stack that has what is used. */
  readonly holder: string;
  readonly platformStack: string;
  readonly workload: SharedWorkload;
  /** On the same clusters it is called by its Service; on others only through their gateway. */
  readonly way: "service" | "gateway";
}

/** Who asks. */
export interface Asking {
  /** Fully qualified name of this stack. */
  readonly stack: string;
  readonly platformStack: string;
  /** Absent where its tenants are inline. */
  readonly tenantFiles?: TenantFiles;
}

/**
 * Finds what connections to other stacks lead to.
 * @throws SettingsError with every connection that leads nowhere, and why.
 */
export function resolveUses(uses: readonly ForeignUse[], others: OtherStacks, asking: Asking): ResolvedUse[] {
  const resolved = uses.map((use) => resolveUse(use, others, asking));
  const problems = distinct(resolved.flatMap((one) => ("problem" in one ? [one.problem] : [])));
  refuse(inFiles(problems, asking.tenantFiles));
  return resolved.flatMap((one) => ("use" in one ? [one.use] : []));
}

/** The same connection stands in every environment. */
function distinct(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((one) => [`${one.path}: ${one.message}`, one])).values()];
}

type Resolution = { readonly use: ResolvedUse } | { readonly problem: Problem };

function resolveUse(use: ForeignUse, others: OtherStacks, asking: Asking): Resolution {
  const { reference, from, path } = use;
  const holder = others.holderOf(reference);
  const problem = (message: string): Resolution => ({ problem: { path, message } });
  if (holder === asking.stack) return problem("leads to this stack itself; leave stack://… out");
  const back = wayBack(holder, asking.stack, others.sharing);
  if (back !== undefined) {
    const way = back.join(" → ");
    return problem(`stacks would refer to each other: ${asking.stack} → ${way}; neither could be brought up first`);
  }
  const sharing = others.sharing.get(holder);
  const name = nameOf(reference);
  const found = (sharing?.workloads ?? []).filter((one) => nameOf(one) === name);
  if (sharing === undefined || found.length === 0) return problem(lacks(holder, name, sharing, from));
  if (!found.some((one) => mayUse(one, from.tenant))) {
    return problem(
      `"${name}" of stack ${holder} is not shared with "${from.tenant}"; its owner names the tenant in sharedWith`,
    );
  }
  const workload = counterpart(found, from);
  if (workload === undefined) return problem(lacks(holder, name, sharing, from));
  const { platformStack } = sharing;
  if (platformStack === asking.platformStack) {
    const far = from.clusters.filter((cluster) => !workload.clusters.includes(cluster));
    if (far.length === 0) return { use: { ...use, holder, platformStack, workload, way: "service" } };
    return problem(
      `"${name}" of stack ${holder} is on ${workload.clusters.join(", ")}, and the component also on ${far.join(", ")}; ` +
        "place it where that is",
    );
  }
  if (workload.host === undefined) {
    return problem(
      `"${name}" of stack ${holder} is on the clusters of ${platformStack}, which this stack's are not joined with, ` +
        "and it is not exposed; its owner gives it a host (expose)",
    );
  }
  return { use: { ...use, holder, platformStack, workload, way: "gateway" } };
}

function mayUse({ sharedWith }: SharedWorkload, tenant: string): boolean {
  return sharedWith.includes(tenant) || sharedWith.includes("*");
}

function lacks(holder: string, name: string, sharing: SharingOutput | undefined, { tenant }: PlannedComponent): string {
  const own = (sharing?.workloads ?? []).filter((one) => mayUse(one, tenant));
  const names = [...new Set(own.map(nameOf))];
  const has = names.length === 0 ? "nothing" : names.join(", ");
  return `stack ${holder} shares no "${name}"; with "${tenant}" it shares ${has}`;
}

/** How a stack's references lead to another one; `undefined` where they do not. */
function wayBack(
  from: string,
  to: string,
  sharing: ReadonlyMap<string, SharingOutput>,
  passed: readonly string[] = [],
): readonly string[] | undefined {
  const way = [...passed, from];
  const next = sharing.get(from)?.references ?? [];
  if (next.includes(to)) return [...way, to];
  for (const one of next.filter((other) => !way.includes(other))) {
    const found = wayBack(one, to, sharing, way);
    if (found !== undefined) return found;
  }
  return undefined;
}
