import { planeAddon, servicesOf } from "../addons";
import { type ClusterConnection, type ConnectArgs, openOthers } from "../clusters";
import { makeOrganizations } from "../planes";
import { placeTenants, Refusal, type TenantPlatform, type TenantStackSettings } from "../settings";
import { type PlatformOutput, type PlatformReference, PlatformReferences, type TenancyOutput } from "../stacks";
import { bringTenants, prepareTenants, type TenantOutputs } from "./bring";
import { otherSites } from "./other-sites";
import type { TenantSites } from "./site";

/**
 * Makes the tenants of a stack that has no platform of its own, on the clusters of another stack: providers, and the
 * tenants' resources. No cluster, no add-on and no link between clusters is touched.
 */
export async function makeTenantStack(settings: TenantStackSettings, args: ConnectArgs): Promise<TenantOutputs> {
  const { platformStack } = settings;
  const stacks = args.stacks ?? new PlatformReferences();
  const reference = stacks.to(platformStack);
  const { platform, tenancy } = await reference.tenancy();
  placeTenants(settings, platformOf(platformStack, platform, tenancy));
  const clusters = tenancy.clusters.map(({ name, planes, meshId, objectStore }) => {
    return { name, planes, objectStore, mesh: meshId === undefined ? undefined : { id: meshId } };
  });
  const { profile } = platform;
  const { lastTenants } = args;
  const prepared = await prepareTenants({ ...settings, clusters, profile, stacks, lastTenants });
  const sites = await sitesOf(reference, stacks, args);
  const organizations = makeOwnOrganizations(prepared.own, sites);
  return bringTenants({ ...prepared, sites, organizations });
}

/** What tenants are checked against, as the other stack says it. */
function platformOf(stack: string, { profile, domain }: PlatformOutput, { clusters }: TenancyOutput): TenantPlatform {
  const known = clusters.map(({ name, planes, objectStore, meshId, addons, rateLimits }) => {
    const provider = { kind: objectStore === "cloud" ? "eks" : "existing" };
    const mesh = meshId === undefined ? undefined : { id: meshId };
    const has = (addon: string) => addons.includes(addon);
    return [name, { planes, provider, mesh, services: servicesOf({ name, planes, domain, has, rateLimits }) }] as const;
  });
  const named = clusters.some(({ objectStore }) => objectStore === "settings");
  return { stack, profile, domain, clusters: Object.fromEntries(known), objectStore: named ? {} : undefined };
}

async function sitesOf(
  reference: PlatformReference,
  stacks: PlatformReferences,
  { probe }: Pick<ConnectArgs, "probe">,
): Promise<TenantSites> {
  const { platform, tenancy } = await reference.tenancy();
  const secrets = await reference.tenancySecrets();
  const connections = await openOthers(reference, { path: "platformStack", probe });
  const otherControl = await openControl(tenancy, stacks, probe);
  return otherSites({ platform, tenancy, secrets, connections, otherControl });
}

/** The control plane, where it is a third stack's. */
async function openControl(
  { control }: TenancyOutput,
  stacks: PlatformReferences,
  probe: ConnectArgs["probe"],
): Promise<ClusterConnection | undefined> {
  if (control?.stack === undefined) return undefined;
  const reference = stacks.to(control.stack);
  const name = control.name ?? (await reference.platform()).controlPlane;
  if (name === undefined) throw new Refusal(`stack ${control.stack} has no control plane`);
  return (await openOthers(reference, { path: "platformStack", names: [name], prefix: "control.", probe })).get(name);
}

/** Tenants are organizations of OpenChoreo, where that is on. */
function makeOwnOrganizations(
  tenants: TenantStackSettings["tenants"],
  { openchoreo, control, clusters }: TenantSites,
): ReturnType<typeof makeOrganizations> | undefined {
  if (!openchoreo || control === undefined) return undefined;
  const sites = [...clusters.values()];
  const data = sites.filter((site) => site.planes.includes("data") && site.has(planeAddon("data")));
  const builds = sites.filter((site) => site.has(planeAddon("workflow")) && site.has("builds"));
  return makeOrganizations({
    tenants,
    control: { provider: control.provider, ready: control.after(planeAddon("control")) },
    planes: data.map(({ plane, name }) => ({ name: plane, cluster: name })),
    workflows: builds.map(({ name, provider, after }) => ({ name, provider, after: after(planeAddon("workflow")) })),
  });
}
