import type { FleetPlan } from "../../components/fleet";
import type { Settings } from "../../components/settings";
import type { PlanComponent, PlanDatabase, PlanTenant } from "../model";

/** Tenants, with where their components run. */
export function planTenants(fleet: FleetPlan, { tenants, platform }: Settings): PlanTenant[] {
  const placed = new Map(fleet.placements.map(({ component, clusters }) => [component, clusters]));
  const primary = firstOfMesh(fleet);
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
            ...(primary !== undefined && { cluster: primary }),
            replicas: [],
            ...(database.backup !== undefined && { backup: database.backup.schedule }),
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

/** Databases are on the data cluster that was first in the mesh: ids never change, so that a new cluster moves none. */
function firstOfMesh({ clusters }: FleetPlan): string | undefined {
  const data = clusters.filter(({ planes }) => planes.includes("data"));
  const id = (cluster: FleetPlan["clusters"][number]) => cluster.mesh?.id ?? Number.POSITIVE_INFINITY;
  return [...data].sort((a, b) => id(a) - id(b))[0]?.name;
}
