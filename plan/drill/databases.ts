import type { PlanDatabase, PlanObjectStore } from "../model";
import type { Drilled } from "./drilled";
import type { DatabaseFate } from "./model";

/** @param region The region that is lost as a whole; absent where only clusters are. */
export function databaseFates(plan: Drilled, lost: readonly string[], region: string | undefined): DatabaseFate[] {
  return plan.tenants
    .flatMap(({ databases }) => databases)
    .flatMap((database): DatabaseFate[] => {
      const fate = fateOf(database, plan, { lost, region });
      if (fate === undefined) return [];
      const { database: name, environment } = database;
      return [environment === undefined ? { database: name, ...fate } : { database: name, environment, ...fate }];
    });
}

interface Loss {
  readonly lost: readonly string[];
  readonly region: string | undefined;
}

type Fate = Pick<DatabaseFate, "fate" | "means">;

function fateOf({ cluster, replicas, backup }: PlanDatabase, plan: Drilled, loss: Loss): Fate | undefined {
  const left = replicas.filter((name) => !loss.lost.includes(name));
  if (cluster === undefined || !loss.lost.includes(cluster)) {
    if (left.length === replicas.length) return undefined;
    return { fate: "loses its replica", means: "it runs on, and has no copy elsewhere until the cluster is back" };
  }
  if (left.length > 0) {
    return {
      fate: "replica takes over",
      means: `promote the one on ${left.join(", ")}; what was not yet copied is lost`,
    };
  }
  if (backup === undefined) return { fate: "no reachable backup", means: "it has no replica elsewhere and no backup" };
  const store = plan.clusters.find(({ name }) => name === cluster)?.objectStore;
  const where = backupAfter(store, loss.region);
  if (where === undefined) {
    return {
      fate: "no reachable backup",
      means: "its backups are lost with it: they are in the cluster or region that is lost",
    };
  }
  return { fate: "restore from backup", means: `restore the last one (${backup}) from ${where}` };
}

/** Where a backup can still be read; nothing where the store is lost too. */
function backupAfter(store: PlanObjectStore | undefined, region: string | undefined): string | undefined {
  if (store === undefined || store.place === "server") return undefined;
  if (store.region !== undefined && store.region !== region) return `the bucket in ${store.region}`;
  if (store.replicaRegion !== undefined && store.replicaRegion !== region) return `the copy in ${store.replicaRegion}`;
  return store.region === undefined && store.place === "settings" ? "the object store that settings name" : undefined;
}
