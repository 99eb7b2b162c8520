import type { ObjectStorePlace } from "./defaults";
import type { DatabaseSettings } from "./tenants";

/** What decides whether a database is on a cluster. */
export interface DatabaseSite {
  readonly name: string;
  /** Absent outside the mesh. */
  readonly mesh?: { readonly id: number };
  /** Where it keeps backups; absent where nobody says. */
  readonly objectStore?: ObjectStorePlace;
}

/** Where a database may be. */
export interface DatabaseSites {
  /** Data planes of its environment, in the fleet's order. */
  readonly sites: readonly DatabaseSite[];
  /** Whether it is followed by a copy on another cluster where it says nothing: in production environments of production. */
  readonly follows: boolean;
}

/** Clusters of a database: that of the primary, and that of its replica, should there be one. */
export function placeDatabase(
  { engine, cluster, replica }: Pick<DatabaseSettings, "engine" | "cluster" | "replica">,
  { sites, follows }: DatabaseSites,
): string[] {
  const here = (wanted: string | undefined) => sites.find(({ name }) => name === wanted);
  const primary = here(cluster) ?? oldest(sites);
  if (primary === undefined) return [];
  const others = sites.filter(({ name }) => name !== primary.name);
  const isFollowed = engine === "postgresql" && follows && isReached(primary);
  const second = replica === undefined ? (isFollowed ? oldest(others.filter(isReached)) : undefined) : here(replica);
  return [...new Set([primary, second].flatMap((site) => site?.name ?? []))];
}

/** Whether other clusters reach a cluster's backups: a server within it serves nobody else. */
function isReached({ objectStore }: DatabaseSite): boolean {
  return objectStore !== undefined && objectStore !== "server";
}

/** Mesh ids never change and new clusters get higher ones, so a cluster more does not move a database. */
function oldest(candidates: readonly DatabaseSite[]): DatabaseSite | undefined {
  const id = (site: DatabaseSite) => site.mesh?.id ?? Number.POSITIVE_INFINITY;
  return candidates.reduce<DatabaseSite | undefined>(
    (first, site) => (first === undefined || id(site) < id(first) ? site : first),
    undefined,
  );
}
