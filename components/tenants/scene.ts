import type { Cell } from "./cells";
import type { Workload } from "./plan";
import type { BackupStore, TenantSite, TenantSites } from "./site";

/** What policies of one cluster depend on, beside the edges. */
export interface Scene {
  readonly cluster: string;
  /** Whether Istio is on the cluster. */
  readonly meshed: boolean;
  /** Addresses of the east-west gateways of other clusters, by cluster; of those that this one reaches. */
  readonly eastWest: ReadonlyMap<string, readonly string[]>;
  /** Namespaces whose calls go through a waypoint, the same on every cluster. */
  readonly waypoints: ReadonlySet<string>;
  readonly backups?: BackupStore;
}

/** The scene of a cluster. */
export function sceneOf(site: TenantSite, sites: TenantSites, waypoints: ReadonlySet<string>): Scene {
  const meshed = site.has("istiod");
  const peers = [...sites.clusters.values()].filter((other) => other.name !== site.name && other.eastWest.length > 0);
  const reached = meshed && site.eastWest.length > 0 ? peers : [];
  return {
    cluster: site.name,
    meshed,
    eastWest: new Map(reached.map((peer) => [peer.name, peer.eastWest])),
    waypoints,
    backups: site.backups,
  };
}

/** Namespaces in which a component asks for what only a waypoint does. */
export function waypointNamespaces(cells: readonly Cell[]): ReadonlySet<string> {
  return new Set(
    cells
      .filter(({ components }) => components.some(({ settings }) => settings.mesh !== undefined))
      .map(({ namespace }) => namespace),
  );
}

/** Whether a workload is called through a waypoint. */
export function behindWaypoint(workload: Workload, { waypoints, meshed }: Scene): boolean {
  return meshed && workload.kind === "component" && waypoints.has(workload.namespace);
}

/** Where a workload is seen from a cluster: on it, and on others that it reaches. */
export function placesOf(workload: Workload, { cluster, eastWest }: Scene) {
  return {
    here: workload.clusters.includes(cluster),
    elsewhere: workload.clusters.filter((other) => eastWest.has(other)),
  };
}
