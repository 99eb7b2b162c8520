import * as pulumi from "@pulumi/pulumi";
import { ownTenants, type Reference, type ShardSettings, type TenantsSettings } from "../settings";
import { lastTenants, type PlatformReferences, type SharingOutput } from "../stacks";
import { admitForeign, foreignWaypoints } from "./admission";
import type { EdgeOptions } from "./edges";
import { foreignEnd } from "./foreign";
import { makeTenants } from "./make";
import { refuseUnmoved } from "./moved";
import { planTenants } from "./plan";
import { foreignUses, type ResolvedUse, readOtherStacks, resolveUses } from "./references";
import { waypointNamespaces } from "./scene";
import { sharingOutput } from "./sharing";
import type { TenantSites } from "./site";

/** Arguments of {@link bringTenants}. */
export interface BringTenantsArgs {
  /** All tenants of the settings. */
  readonly tenants: TenantsSettings;
  readonly shard?: ShardSettings;
  readonly sites: TenantSites;
  /** Fully qualified name of the stack whose clusters these are; of this one where it made them. */
  readonly platformStack: string;
  readonly stacks: PlatformReferences;
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

/** Makes the tenants of this stack, and opens what their connections to other stacks need there. */
export async function bringTenants(args: BringTenantsArgs): Promise<TenantOutputs> {
  const { tenants, shard, sites, platformStack } = args;
  const own = ownTenants(tenants, shard);
  const isOwn = (tenant: string) => Object.hasOwn(own, tenant);
  const uses = await resolveOwnUses(own, args);
  const foreign = { foreign: foreignOf(uses), foreignWaypoints: foreignWaypoints(uses) };
  const made = makeTenants({ tenants, own: isOwn, sites, ...foreign });
  admitForeign({ uses, sites, stack: pulumi.getStack() });
  const planned = made.planned.filter(({ name }) => isOwn(name));
  const references = uses.map(({ holder }) => holder);
  const waypoints = waypointNamespaces(made.cells);
  const sharing = sharingOutput({ platformStack, tenants: planned, shard, references, waypoints });
  return { tenants: Object.keys(own).sort(), sharing };
}

/** Resolved before anything is registered, so that a connection that leads nowhere leaves nothing half done. */
async function resolveOwnUses(own: TenantsSettings, { sites, platformStack, stacks }: BringTenantsArgs) {
  const { profile, openchoreo, clusters } = sites;
  const uses = foreignUses(planTenants({ tenants: own, clusters: [...clusters.values()], profile, openchoreo }));
  if (uses.length === 0) return [];
  return resolveUses(uses, await readOtherStacks(uses, stacks), { stack: ownStack(), platformStack });
}

function foreignOf(uses: readonly ResolvedUse[]): EdgeOptions["foreign"] {
  const key = (reference: Reference, environment: string, from: string) =>
    [reference.stack, reference.tenant, reference.project, reference.name, environment, from].join(" ");
  const ends = new Map(
    uses.map((use) => [key(use.reference, use.from.environment, nameOf(use.from)), foreignEnd(use)]),
  );
  return (reference, from) => ends.get(key(reference, from.environment, nameOf(from)));
}

function nameOf({ tenant, project, name }: ResolvedUse["from"]): string {
  return [tenant, project, name].join("/");
}

/**
 * Says no before anything is registered where a tenant's resources are in this stack's state and settings place it in
 * another one. Only where tenants are in shards can that be.
 */
export async function refuseMoved(
  { tenants, shard }: Pick<BringTenantsArgs, "tenants" | "shard">,
  read: () => Promise<readonly string[]> = lastTenants,
): Promise<void> {
  if (shard === undefined) return;
  refuseUnmoved({ before: await read(), tenants, shard, stack: pulumi.getStack() });
}
