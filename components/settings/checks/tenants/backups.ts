import { type Problem, pathOf } from "../../problems";
import type { TenantSettings } from "../../tenants";
import { eachDatabase, type TenantPlatform } from "./world";

/** In development there is a server in each cluster, and clusters that are made here have buckets of their own. */
function hasObjectStore({ objectStore, profile, clusters }: TenantPlatform): boolean {
  const existing = Object.values(clusters).some(({ provider }) => provider.kind === "existing");
  return objectStore !== undefined || profile === "development" || !existing;
}

/** Backups need a bucket. In production every database is backed up, whether settings say so or not. */
export function backupProblems(tenant: string, settings: TenantSettings, platform?: TenantPlatform): Problem[] {
  if (platform === undefined || hasObjectStore(platform)) return [];
  return eachDatabase(tenant, settings, (_, path) => [
    { path: pathOf(...path, "backup"), message: "needs a bucket; set platform.objectStore" },
  ]);
}
