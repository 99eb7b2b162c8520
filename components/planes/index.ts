import * as pulumi from "@pulumi/pulumi";
import {
  AGENT_PLANES,
  type AgentPlane,
  agentIdentity,
  type ClusterAddons,
  type FleetAddons,
  gitHostsOf,
  joined,
  planeAddon,
  registryOf,
} from "../addons";
import type { ClusterSources } from "../clusters";
import { type FleetPlan, type PlannedCluster, planeName } from "../fleet";
import type { TenantsSettings } from "../settings";
import type { MeshTrust } from "../trust";
import { BuildHandOver } from "./builds";
import { type ControlPlaneSite, controlPlaneOf } from "./control";
import type { Organization } from "./organization";
import { makeOrganizations, type WorkflowSite } from "./organizations";
import { PlatformTypes } from "./platform-types";
import { type PlaneArgs, PlaneRegistration } from "./registration";

export type { ControlPlaneSite } from "./control";
export { environmentName, type Organization, organizationNamespace, PIPELINE } from "./organization";
export { makeOrganizations, type OrganizationsArgs, type WorkflowSite } from "./organizations";
export { COMPONENT_WORKLOADS, PLACED_PROJECT_TYPE, PROJECT_TYPE, TRAITS, WORKFLOWS } from "./types";

/** Arguments of {@link registerPlanes}. */
export interface RegisterPlanesArgs {
  readonly fleet: FleetPlan;
  /** The tenants that this stack makes. */
  readonly tenants: TenantsSettings;
  readonly addons: FleetAddons;
  readonly trust: MeshTrust;
  readonly clusters: ClusterSources;
}

/** OpenChoreo's planes with what tenants are made in. */
export interface Planes {
  readonly control: ControlPlaneSite;
  /** By tenant. */
  readonly organizations: ReadonlyMap<string, Organization>;
}

/** A cluster that has planes of OpenChoreo's. */
interface Site {
  readonly cluster: PlannedCluster;
  readonly addons: ClusterAddons;
  readonly planes: readonly AgentPlane[];
}

/**
 * Joins the planes of every cluster to the control plane, and makes what they have in common: the types that projects
 * and components are made of, and an organization for each tenant. A cluster more or less is its registration, and one
 * environment of each tenant's, more or less.
 * @returns Nothing where OpenChoreo is switched off.
 */
export function registerPlanes(args: RegisterPlanesArgs): Planes | undefined {
  const { fleet, addons, clusters } = args;
  const sites = fleet.clusters.flatMap((cluster): Site[] => {
    const own = addons.get(cluster.name);
    const planes = AGENT_PLANES.filter((plane) => own?.has(planeAddon(plane)));
    return own === undefined || planes.length === 0 ? [] : [{ cluster, addons: own, planes }];
  });
  if (sites.length === 0) return undefined;
  const control = controlPlaneOf(fleet, addons, clusters);
  const registered = new Map(sites.map((site) => [site, register(args, site, control)]));
  if (control.own) makeTypes(fleet, sites, control);
  const workflows = sites.flatMap((site) => handOver(site));
  const data = [...registered].filter(([{ planes }]) => planes.includes("data"));
  const planes = data.map(([{ cluster }, registration]) => {
    return { name: planeName(fleet, cluster), cluster: cluster.name, registration };
  });
  const own = { provider: control.connection.provider, ready: control.ready };
  return { control, organizations: makeOrganizations({ tenants: args.tenants, control: own, planes, workflows }) };
}

function register({ fleet, trust }: RegisterPlanesArgs, site: Site, control: ControlPlaneSite): PlaneRegistration {
  const { cluster, addons, planes } = site;
  const agents = planes.map((plane) => pulumi.output(addons.ready(planeAddon(plane))));
  const args = (plane: AgentPlane): Omit<PlaneArgs, "fleet" | "cluster"> => {
    const { authority } = agentIdentity(trust.forCluster(cluster.name), plane, planeName(fleet, cluster));
    return {
      agentCa: authority.certificate,
      hasGateway: addons.has("envoy-gateway"),
      hasSecretStore: addons.has("external-secrets"),
    };
  };
  return new PlaneRegistration(
    `${cluster.name}.planes`,
    {
      fleet,
      cluster,
      planes: new Map(planes.map((plane) => [plane, args(plane)])),
      // Unregistered while both still run: agents learn of it, and finalizers are answered.
      after: agents.reduce(joined, pulumi.output(control.ready)),
    },
    { providers: [control.connection.provider] },
  );
}

function makeTypes(fleet: FleetPlan, sites: readonly Site[], { connection, ready }: ControlPlaneSite): PlatformTypes {
  const [builds] = sites.filter(hasBuilds).flatMap(({ cluster, addons }) => {
    const registry = registryOf(addons.target());
    return registry === undefined ? [] : [{ plane: planeName(fleet, cluster), registry: registry.prefix }];
  });
  return new PlatformTypes("types", { builds, after: ready }, { providers: [connection.provider] });
}

function hasBuilds({ addons, planes }: Site): boolean {
  return planes.includes("workflow") && addons.has("builds");
}

/** Builds are handed over where there are builds. */
function handOver(site: Site): WorkflowSite[] {
  const { cluster, addons } = site;
  const { provider } = addons.connection;
  const registry = hasBuilds(site) ? registryOf(addons.target()) : undefined;
  if (registry === undefined) return [];
  const after = joined(addons.ready(planeAddon("workflow")), addons.ready("builds"));
  const args = { registry: registry.prefix, after };
  const made = new BuildHandOver(`${cluster.name}.hand-over`, args, { providers: [provider] });
  return [{ name: cluster.name, provider, gitHosts: gitHostsOf(addons.target()), after: [made] }];
}
