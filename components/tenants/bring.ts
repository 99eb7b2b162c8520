import * as pulumi from "@pulumi/pulumi";
import {
  ownTenants,
  type Profile,
  type Reference,
  type ShardSettings,
  type TenantFiles,
  type TenantsSettings,
} from "../settings";
import { lastTenants, type PlatformReferences, type SharingOutput } from "../stacks";
import { admitForeign, foreignWaypoints } from "./admission";
import { type EdgeOptions, nameOf } from "./edges";
import { foreignEnd } from "./foreign";
import { type MakeTenantsArgs, makeTenants } from "./make";
import { refuseUnmoved } from "./moved";
import { type PlanSite, planTenants } from "./plan";
import { foreignUses, type ResolvedUse, readOtherStacks, resolveUses } from "./references";
import { waypointNamespaces } from "./scene";
import { sharingOutput } from "./sharing";
import type { TenantSites } from "./site";

/** Arguments of {@link prepareTenants}. */
export interface PrepareTenantsArgs {
  /** All tenants of the settings. */
  readonly tenants: TenantsSettings;
  /** Absent where they are inline. */
  readonly tenantFiles?: TenantFiles;
  readonly shard?: ShardSettings;
  /** In the fleet's order. */
  readonly clusters: readonly PlanSite[];
  readonly profile: Profile;
  /** Fully qualified name of the stack whose clusters these are; of this one where it makes them. */
  readonly platformStack: string;
  readonly stacks: PlatformReferences;
  /** Tenants that are in this stack's state. Default: read from what it put out. */
  readonly lastTenants?: () => Promise<readonly string[]>;
}

/** What is known of tenants before anything is registered. */
export type PreparedTenants = Pick<PrepareTenantsArgs, "tenants" | "shard" | "platformStack"> & {
  /** Those of the tenants that this stack makes. */
  readonly own: TenantsSettings;
  /** Their connections to other stacks. */
  readonly uses: readonly ResolvedUse[];
};

/** Arguments of {@link bringTenants}. */
export interface BringTenantsArgs extends PreparedTenants, Pick<MakeTenantsArgs, "organizations"> {
  readonly sites: TenantSites;
}

/** What a stack with tenants puts out of them. */
export interface TenantOutputs {
  /** Tenants whose resources are in this stack's state. */
  readonly tenants: readonly string[];
  readonly sharing: SharingOutput;
}

/** Fully qualified name of this stack. */
export function ownStack(): string {
  return [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
}

/**
 * Reads what tenants depend on beside the platform, before anything is registered: so what is wrong leaves nothing half
 * done.
 * @throws RunError where a tenant's resources are in this stack's state and settings place it in another one, or where a
 * connection to another stack leads nowhere.
 */
export async function prepareTenants(args: PrepareTenantsArgs): Promise<PreparedTenants> {
  const { tenants, tenantFiles, shard, clusters, profile, platformStack, stacks } = args;
  const { lastTenants: read = lastTenants } = args;
  // Only where tenants are in shards can one be in the wrong stack.
  if (shard !== undefined) refuseUnmoved({ before: await read(), tenants, shard, stack: pulumi.getStack() });
  const own = ownTenants(tenants, shard);
  const uses = foreignUses(planTenants({ tenants: own, clusters, profile, openchoreo: true }));
  const prepared = { tenants, own, shard, platformStack };
  if (uses.length === 0) return { ...prepared, uses: [] };
  const stack = ownStack();
  const others = await readOtherStacks(uses, stacks, stack);
  return { ...prepared, uses: resolveUses(uses, others, { stack, platformStack, tenantFiles }) };
}

/** Makes the tenants of this stack, and opens what their connections to other stacks need there. */
export function bringTenants(args: BringTenantsArgs): TenantOutputs {
  const { tenants, own, shard, platformStack, uses, sites, organizations } = args;
  const isOwn = (tenant: string) => Object.hasOwn(own, tenant);
  const foreign = { foreign: foreignOf(uses), foreignWaypoints: foreignWaypoints(uses) };
  const made = makeTenants({ tenants, own: isOwn, sites, organizations, ...foreign });
  admitForeign({ uses, sites, stack: pulumi.getStack() });
  const planned = made.planned.filter(({ name }) => isOwn(name));
  const references = uses.map(({ holder }) => holder);
  const waypoints = waypointNamespaces(made.cells);
  const sharing = sharingOutput({ platformStack, tenants: planned, shard, references, waypoints });
  return { tenants: Object.keys(own).sort(), sharing };
}

function foreignOf(uses: readonly ResolvedUse[]): EdgeOptions["foreign"] {
  const key = (reference: Reference, environment: string, from: string) =>
    [reference.stack, reference.tenant, reference.project, reference.name, environment, from].join(" ");
  const ends = new Map(
    uses.map((use) => [key(use.reference, use.from.environment, nameOf(use.from)), foreignEnd(use)]),
  );
  return (reference, from) => ends.get(key(reference, from.environment, nameOf(from)));
}
