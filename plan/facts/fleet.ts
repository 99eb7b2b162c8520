import { selectAddons } from "../../components/addons";
import type { FleetPlan, PlannedCluster } from "../../components/fleet";
import type { Settings } from "../../components/settings";
import type { PlanCluster, PlanComponent, PlanDatabase, PlanLink, PlanResource, PlanTenant } from "../model";

/** The fleet's clusters, with what is installed on them. */
export function planClusters(fleet: FleetPlan, { platform }: Settings): PlanCluster[] {
  const selected = selectAddons(platform);
  return fleet.clusters.map((cluster) => {
    const { name, planes, provider, wave, mesh, drained, objectStore } = cluster;
    const region = regionOf(cluster);
    const kubernetes = (cluster.eks ?? cluster.clusterApi)?.kubernetes;
    return {
      name,
      planes,
      provider: provider.kind,
      ...(region !== undefined && { region }),
      wave,
      ...(mesh !== undefined && { meshId: mesh.id }),
      drained,
      ...(kubernetes !== undefined && { kubernetes }),
      objectStore,
      addons: selected.filter(({ addon }) => addon.on(cluster)).map(({ addon }) => addon.name),
    };
  });
}

function regionOf({ eks, clusterApi }: PlannedCluster): string | undefined {
  return eks?.region ?? clusterApi?.region;
}

/** Every pair of clusters that something joins: what the program registers says what. */
export function planLinks(fleet: FleetPlan, resources: readonly PlanResource[]): PlanLink[] {
  const named = new Set(resources.map(({ type, name }) => `${type} ${name}`));
  const has = (type: string, ...names: readonly string[]) => names.every((name) => named.has(`${type} ${name}`));
  const hubs = resources.some(({ type }) => type === "openchoreo:mesh:NetworkHubs");
  const regions = new Map(fleet.clusters.map(({ name, eks }) => [name, eks !== undefined]));
  return fleet.mesh.links.map(([from, to]) => {
    const inAws = regions.get(from) === true && regions.get(to) === true;
    const kinds = [
      ...(has("openchoreo:mesh:ClusterMeshLinks", `${from}.mesh`, `${to}.mesh`) ? ["cluster mesh"] : []),
      ...(has("openchoreo:mesh:IstioMember", `${from}.istio`, `${to}.istio`) ? ["istio"] : []),
      ...(has("openchoreo:mesh:NetworkLink", `link.${from}.${to}`) ? ["VPC peering"] : []),
      ...(hubs && inAws ? ["transit gateway"] : []),
    ];
    return { from, to, kinds };
  });
}

/** Tenants, with where their components run. */
export function planTenants(fleet: FleetPlan, { tenants, platform }: Settings): PlanTenant[] {
  const placed = new Map(fleet.placements.map(({ component, clusters }) => [component, clusters]));
  return Object.entries(tenants).map(([name, tenant]) => {
    const projects = Object.entries(tenant.projects);
    return {
      name,
      owners: tenant.owners,
      environments: Object.keys(tenant.environments),
      components: projects.flatMap(([project, { components }]) =>
        Object.entries(components).map(([key, component]): PlanComponent => {
          const id = `${name}/${project}/${key}`;
          const { type, replicas, expose, uses } = component;
          const own = {
            component: id,
            type,
            clusters: placed.get(id) ?? [],
            replicas,
            uses: absolute(uses, name, project),
          };
          return expose === undefined ? own : { ...own, host: expose.host };
        }),
      ),
      databases: projects.flatMap(([project, { databases }]) =>
        Object.entries(databases).map(([key, database]): PlanDatabase => {
          const byProfile = platform.profile === "production" ? "highly-available" : "single";
          return {
            database: `${name}/${project}/${key}`,
            engine: database.engine,
            class: database.class ?? byProfile,
            replicas: [],
            backup: database.backup !== undefined,
          };
        }),
      ),
    };
  });
}

/** References as `tenant/project/name`; those to other stacks stay as they are. */
function absolute(uses: readonly string[], tenant: string, project: string): string[] {
  return uses.map((reference) => {
    if (reference.startsWith("stack://")) return reference;
    const parts = reference.split("/");
    return [tenant, project, ...parts].slice(parts.length - 1).join("/");
  });
}
