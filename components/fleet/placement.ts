import type { Plane, TenantsSettings } from "../settings";

/** Where one component runs. */
export interface Placement {
  /** `tenant/project/component`. */
  readonly component: string;
  /** Names of clusters with the data plane, in the fleet's order. */
  readonly clusters: readonly string[];
}

/** What placement asks of a cluster. */
export interface Site {
  readonly name: string;
  readonly planes: readonly Plane[];
}

/** Places every component: on the clusters that it names, or on every cluster with the data plane. */
export function placeComponents(tenants: TenantsSettings, clusters: readonly Site[]): Placement[] {
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
