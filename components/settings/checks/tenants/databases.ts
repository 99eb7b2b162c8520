import { objectStoreOf } from "../../defaults";
import { type Problem, pathOf } from "../../problems";
import type { DatabaseSettings, TenantSettings } from "../../tenants";
import { eachDatabase, own, type TenantPlatform } from "./world";

/** Replicas on other clusters, and names that data was made under. */
export function databaseProblems(tenant: string, settings: TenantSettings, platform?: TenantPlatform): Problem[] {
  return [
    ...eachDatabase(tenant, settings, (database, path) => replicaProblems(database, path, platform)),
    ...renamingProblems(tenant, settings),
  ];
}

/** What follows another one reads its logs in the object store. */
function replicaProblems(
  { engine, cluster, replica }: DatabaseSettings,
  path: readonly string[],
  platform?: TenantPlatform,
) {
  if (replica === undefined) return [];
  const at = pathOf(...path, "replica");
  if (engine !== "postgresql") {
    const message = `${engine} has no copy on another cluster; remove this key (docs/tenancy.md says how it is restored there)`;
    return [{ path: at, message }];
  }
  // Where one of them is no cluster to begin with, that is said of it, and this is not known.
  if (platform === undefined || cluster === undefined || cluster === replica) return [];
  const both = [cluster, replica].map((name) => own(platform.clusters, name));
  if (both.some((one) => one === undefined || !one.planes.includes("data"))) return [];
  const closed = [cluster, replica].filter((_, index) => {
    const known = both[index];
    return known !== undefined && objectStoreOf(known, platform) === "server";
  });
  if (closed.length === 0) return [];
  const message = `no other cluster reaches the backups of ${closed.join(" and ")}, which are on the cluster itself; set platform.objectStore`;
  return [{ path: at, message }];
}

/** Two databases cannot both be the one that was made under a name. */
function renamingProblems(tenant: string, { projects }: TenantSettings): Problem[] {
  return Object.entries(projects).flatMap(([project, { databases }]) =>
    Object.entries(databases).flatMap(([name, { renamedFrom }]) => {
      if (renamedFrom === undefined || renamedFrom === name) return [];
      const path = pathOf("tenants", tenant, "projects", project, "databases", name, "renamedFrom");
      const others = Object.entries(databases).filter(([other]) => other !== name);
      const [taken] = others.filter(([other, settings]) => (settings.renamedFrom ?? other) === renamedFrom);
      if (taken === undefined) return [];
      return [{ path, message: `the data of "${renamedFrom}" is that of database "${taken[0]}" already` }];
    }),
  );
}
