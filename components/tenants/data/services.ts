import { GLOBAL_SERVICE } from "../../addons";
import type { DatabaseSettings } from "../../settings";
import { type Called, memberServices, primaryService } from "./connection";

/** A Service by which a database is called. */
export interface CalledService {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly port: number;
  /** Pods that it leads to; absent where it leads to another cluster. */
  readonly selector?: Readonly<Record<string, string>>;
}

/** Where a Service is: with the database that is written to, with one that follows it, or with callers alone. */
export type Whereabouts = "primary" | "elsewhere";

const PORTS = { postgresql: 5432, mongodb: 27017, redis: 6379 } as const;

/** Labels by which the operators tell the primary's pod. */
const PRIMARY: Readonly<Record<"postgresql" | "redis", (name: string) => Readonly<Record<string, string>>>> = {
  postgresql: (name) => ({ "cnpg.io/cluster": name, "cnpg.io/instanceRole": "primary" }),
  redis: (name) => ({ app: name, redis_setup_type: "replication", "redis-role": "master" }),
};

/**
 * The Services of a database on one cluster. They have the same names on every cluster of the mesh, and lead to the pods
 * that are written to, wherever these are. Those of MongoDB's members are their operator's where the members are.
 */
export function calledServices(called: Called, where: Whereabouts): CalledService[] {
  const { engine, name } = called;
  const port = PORTS[engine];
  const service = (one: string, selector?: CalledService["selector"]): CalledService => ({
    name: one,
    labels: GLOBAL_SERVICE,
    port,
    ...(where === "primary" && selector !== undefined ? { selector } : {}),
  });
  if (isElected(engine)) return where === "primary" ? [] : memberServices(called).map((one) => service(one));
  return [service(primaryService(name), PRIMARY[engine](name))];
}

/** Whether clients ask the members which of them is the primary. */
function isElected(engine: DatabaseSettings["engine"]): engine is "mongodb" {
  return engine === "mongodb";
}
