import type { TenantsSettings } from "../settings";
import type { PlannedCluster } from "./plan";

/** Where one component runs. */
export interface Placement {
  /** `tenant/project/component`. */
  readonly component: string;
  /** Names of clusters with the data plane, in the fleet's order. */
  readonly clusters: readonly string[];
}

/** Places every component: on the clusters that it names, or on every cluster with the data plane. */
export function placeComponents(tenants: TenantsSettings, clusters: readonly PlannedCluster[]): Placement[] {
  const data = clusters.filter((cluster) => cluster.planes.includes("data")).map((cluster) => cluster.name);
  return Object.entries(tenants).flatMap(([tenant, { projects }]) =>
    Object.entries(projects).flatMap(([project, { components }]) =>
      Object.entries(components).map(([name, component]) => ({
        component: `${tenant}/${project}/${name}`,
        clusters:
          component.clusters === undefined ? data : data.filter((cluster) => component.clusters?.includes(cluster)),
      })),
    ),
  );
}
