import * as pulumi from "@pulumi/pulumi";
import { addonContract, installAddons } from "./components/addons";
import { type BootstrapOutputs, makeBootstrap, planBootstrap } from "./components/bootstrap";
import { type ConnectArgs, openClusters } from "./components/clusters";
import { planFleet } from "./components/fleet";
import { linkClusters, linkMeshes, linkNetworks, registerClusters, watchGateways } from "./components/mesh";
import { registerPlanes } from "./components/planes";
import { readBootstrap, readSettings } from "./components/settings";
import { PlatformReferences, type StackOutputs, stackOutputs } from "./components/stacks";
import { makeTenants, ownSites } from "./components/tenants";
import { MeshTrust } from "./components/trust";

/**
 * The whole program. Pulumi calls what the entry point exports and takes what it returns as the stack's outputs; the
 * rehearsal and the tests call the same function.
 * @param args Where files are and what asks running clusters. Default: as `pulumi up` needs it.
 */
async function openchoreo(args: ConnectArgs = {}): Promise<StackOutputs | BootstrapOutputs> {
  const bootstrap = readBootstrap();
  if (bootstrap !== undefined) return makeBootstrap(planBootstrap(bootstrap, pulumi.getStack()));
  const settings = readSettings(addonContract, args.root);
  const fleet = planFleet(settings, pulumi.getStack());
  const stacks = args.stacks ?? new PlatformReferences();
  const clusters = await openClusters(fleet, { ...args, stacks });
  const otherControl = await stacks.controlPlane(fleet);
  const trust = new MeshTrust("mesh", { fleet });
  const addons = installAddons({ fleet, platform: settings.platform, clusters, trust, otherControl, root: args.root });
  linkNetworks({ fleet, addons });
  linkClusters({ fleet, addons });
  linkMeshes({ fleet, addons });
  const health = watchGateways({ fleet, addons });
  const planes = registerPlanes({ fleet, tenants: settings.tenants, addons, trust, clusters });
  registerClusters({ fleet, addons, clusters });
  const sites = ownSites({ fleet, addons, health, planes });
  makeTenants({ tenants: settings.tenants, sites, organizations: planes?.organizations });
  return stackOutputs({ fleet, clusters: addons, trust });
}

export = openchoreo;
