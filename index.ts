import * as pulumi from "@pulumi/pulumi";
import { addonContract, installAddons } from "./components/addons";
import { type BootstrapOutputs, makeBootstrap, planBootstrap } from "./components/bootstrap";
import { type ConnectArgs, openClusters } from "./components/clusters";
import { planFleet } from "./components/fleet";
import { linkClusters, linkMeshes, linkNetworks, registerClusters, watchGateways } from "./components/mesh";
import { registerPlanes } from "./components/planes";
import { readBootstrap, readSettings, readTenantStack } from "./components/settings";
import { PlatformReferences, type StackOutputs, stackOutputs } from "./components/stacks";
import {
  bringTenants,
  makeTenantStack,
  ownSites,
  ownStack,
  prepareTenants,
  type TenantOutputs,
  tenancyOutputs,
} from "./components/tenants";
import { MeshTrust } from "./components/trust";

/**
 * The whole program. Pulumi calls what the entry point exports and takes what it returns as the stack's outputs; the
 * rehearsal and the tests call the same function.
 * @param args Where files are and what asks running clusters. Default: as `pulumi up` needs it.
 */
async function openchoreo(args: ConnectArgs = {}): Promise<StackOutputs | TenantOutputs | BootstrapOutputs> {
  const bootstrap = readBootstrap();
  if (bootstrap !== undefined) return makeBootstrap(planBootstrap(bootstrap, pulumi.getStack()));
  const tenantStack = readTenantStack(args.root);
  if (tenantStack !== undefined) return makeTenantStack(tenantStack, args);
  const settings = readSettings(addonContract, args.root);
  const fleet = planFleet(settings, pulumi.getStack());
  const stacks = args.stacks ?? new PlatformReferences();
  const { lastTenants } = args;
  const prepared = await prepareTenants({ ...settings, ...fleet, stacks, platformStack: ownStack(), lastTenants });
  const clusters = await openClusters(fleet, { ...args, stacks });
  const otherControl = await stacks.controlPlane(fleet);
  const trust = new MeshTrust("mesh", { fleet });
  const addons = installAddons({ fleet, platform: settings.platform, clusters, trust, otherControl, root: args.root });
  linkNetworks({ fleet, addons });
  linkClusters({ fleet, addons });
  linkMeshes({ fleet, addons });
  const health = watchGateways({ fleet, addons });
  const planes = registerPlanes({ fleet, tenants: prepared.own, addons, trust, clusters });
  registerClusters({ fleet, addons, clusters });
  const sites = ownSites({ fleet, addons, health, planes });
  const tenants = bringTenants({ ...prepared, sites, organizations: planes?.organizations });
  return stackOutputs({ fleet, clusters: addons, trust, ...tenancyOutputs({ fleet, sites, addons }), ...tenants });
}

export = openchoreo;
