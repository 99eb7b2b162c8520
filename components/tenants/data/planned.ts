import type { PlannedDatabase } from "../plan";
import type { TenantSite } from "../site";
import { daysOf } from "./backups";
import type { Called } from "./connection";
import { type Counterpart, DATABASE_LABEL, type DatabaseArgs, type DatabaseStore, folderOf } from "./database";

/** Label by which policies know the pods of a component or a database. */
const COMPONENT_LABEL = "choreo.dev/component";

/** The Secret with the account of an object store. */
export const ACCOUNT_SECRET = "object-store";

/** Secret with the account of another cluster's store. */
export function accountOfOther(cluster: string): string {
  return `${ACCOUNT_SECRET}-${cluster}`;
}

/** The database as whoever calls it knows it. */
export function calledDatabase({ name, namespace, members, settings: { engine } }: PlannedDatabase): Called {
  return { name, namespace, engine, members };
}

/** Folder of a namespace's databases in a cluster's object store. */
export function databaseFolder(prefix: string, namespace: string): string {
  return folderOf(prefix, "databases", namespace);
}

/** Where the databases of a namespace are backed up to on a cluster; `undefined` without an object store. */
export function storeOf({ backups }: Pick<TenantSite, "backups">, namespace: string, secret: string) {
  if (backups === undefined) return undefined;
  const { bucket, region, endpoint, prefix, credentials } = backups;
  const folder = databaseFolder(prefix, namespace);
  const store: DatabaseStore = { bucket, folder, region, endpoint };
  return credentials === undefined ? store : { ...store, secret };
}

/** What a planned database is on one of its clusters. @param other The other one, where there is one. */
export function argsOf(database: PlannedDatabase, site: TenantSite, other: TenantSite | undefined): DatabaseArgs {
  const { name, namespace, settings, members, strictZones, purge } = database;
  const { engine, size, storage, resources, backup } = settings;
  return {
    ...{ name, namespace, engine, size, resources, members, strictZones },
    storageClass: storage,
    backup: { schedule: backup.schedule, retentionDays: daysOf(backup.retention) },
    cluster: site.name,
    store: storeOf(site, namespace, ACCOUNT_SECRET),
    counterpart: counterpartOf(database, site, other),
    labels: labelsOf(database),
    purge: purge === true,
  };
}

function counterpartOf(
  { namespace, clusters }: PlannedDatabase,
  site: TenantSite,
  other: TenantSite | undefined,
): Counterpart | undefined {
  const store = other && storeOf(other, namespace, accountOfOther(other.name));
  if (other === undefined || store === undefined) return undefined;
  return { cluster: other.name, store, role: clusters[0] === site.name ? "replica" : "primary" };
}

function labelsOf({ name, tenant, project, environment }: PlannedDatabase) {
  return {
    "choreo.dev/tenant": tenant,
    "choreo.dev/project": project,
    "choreo.dev/environment": environment,
    [COMPONENT_LABEL]: name,
    [DATABASE_LABEL]: name,
  };
}
