import { REDIS_BACKUP_SUFFIX } from "../../../components/addons";
import { Graph, type Registered } from "../../support/graph";
import type { Json } from "../../support/settings";
import type { Engine } from "../../support/tenants";

/** A database on one cluster, as an object of its operator says it. */
export interface FoundDatabase {
  readonly engine: Engine;
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly spec: Json;
}

/** The types of objects that are databases. */
export const DATABASE_TYPES: Readonly<Record<Engine, string>> = {
  postgresql: "kubernetes:postgresql.cnpg.io/v1:Cluster",
  mongodb: "kubernetes:psmdb.percona.com/v1:PerconaServerMongoDB",
  redis: "kubernetes:redis.redis.opstreelabs.in/v1beta2:RedisReplication",
};

const ENGINES = Object.entries(DATABASE_TYPES) as (readonly [Engine, string])[];

/** Every database of a graph, once for each cluster that it is on. */
export function databasesIn(graph: Graph): FoundDatabase[] {
  return ENGINES.flatMap(([engine, type]) =>
    graph.ofType(type).map((found) => ({ engine, ...placeOf(found), spec: objectOf(found.inputs.spec) })),
  );
}

/** What its databases lack: a backup, members, or a spread of these over zones. */
export function lackingIn(graph: Graph): string[] {
  const objects = new Map(graph.resources.map((one) => [keyOf(one.type, placeOf(one)), one]));
  return databasesIn(graph).flatMap((one) => {
    const spec = (type: string, name = one.name): Json | undefined => {
      const found = objects.get(keyOf(type, { ...one, name }));
      return found && objectOf(found.inputs.spec);
    };
    const { count, spread, apart } = membersOf(one);
    const lacking = [
      ...(BACKED_UP[one.engine](one, spec) ? [] : ["no backup"]),
      ...(Number(count) >= 2 ? [] : ["no second member"]),
      ...(listOf(spread).some(isOverZones) ? [] : ["not over zones"]),
      ...(apart ? [] : ["two members may be on one node"]),
    ];
    return lacking.map((what) => `${one.namespace}/${one.name} on ${one.cluster}: ${what}`);
  });
}

/** How many members there are, what spreads them, and whether two of them are never on one node. */
function membersOf({ engine, spec }: FoundDatabase) {
  const { affinity, topologySpreadConstraints: spread } = spec;
  switch (engine) {
    case "postgresql":
      return { count: spec.instances, spread, apart: objectOf(affinity).podAntiAffinityType === "required" };
    case "mongodb": {
      const [set = {}] = listOf(spec.replsets);
      const { antiAffinityTopologyKey: key } = objectOf(set.affinity);
      return { count: set.size, spread: set.topologySpreadConstraints, apart: key === "kubernetes.io/hostname" };
    }
    case "redis":
      // Its operator's only rule is that of zones, which are different nodes.
      return { count: spec.clusterSize, spread, apart: true };
  }
}

/** Whether members are in two zones at least, or are not scheduled. */
function isOverZones({ topologyKey, maxSkew, minDomains, whenUnsatisfiable, labelSelector }: Json): boolean {
  return (
    topologyKey === "topology.kubernetes.io/zone" &&
    maxSkew === 1 &&
    Number(minDomains) >= 2 &&
    whenUnsatisfiable === "DoNotSchedule" &&
    Object.keys(objectOf(objectOf(labelSelector).matchLabels)).length > 0
  );
}

/** The spec of another object in the database's namespace, by its type and its name; its own name by default. */
type Look = (type: string, name?: string) => Json | undefined;

/** Whether there is everything that makes backups of a database of an engine. */
const BACKED_UP: Readonly<Record<Engine, (one: FoundDatabase, look: Look) => boolean>> = {
  postgresql({ name, spec }, look) {
    const schedule = look("kubernetes:postgresql.cnpg.io/v1:ScheduledBackup");
    const [archive] = listOf(spec.plugins).filter(({ enabled, isWALArchiver }) => enabled === true && isWALArchiver);
    const { barmanObjectName } = objectOf(archive?.parameters);
    const store = look("kubernetes:barmancloud.cnpg.io/v1:ObjectStore", String(barmanObjectName));
    const to = objectOf(store?.configuration).destinationPath;
    return isText(schedule?.schedule) && objectOf(schedule?.cluster).name === name && String(to).startsWith("s3://");
  },
  mongodb({ spec }) {
    const { enabled, storages, tasks } = objectOf(spec.backup);
    const isRun = (task: Json) =>
      task.enabled === true && isText(task.schedule) && String(task.storageName) in objectOf(storages);
    return enabled === true && listOf(tasks).some(isRun);
  },
  redis({ name }, look) {
    return isText(look("kubernetes:batch/v1:CronJob", `${name}-${REDIS_BACKUP_SUFFIX}`)?.schedule);
  },
};

/** The graph with the inputs of each resource of a type changed; `undefined` leaves the resource out. */
export function mutated(graph: Graph, type: string, change: (inputs: Json) => Json | undefined): Graph {
  return new Graph(
    graph.resources.flatMap((one): Registered[] => {
      if (one.type !== type) return [one];
      const inputs = change(structuredClone(one.inputs));
      return inputs === undefined ? [] : [{ ...one, inputs }];
    }),
  );
}

interface Place {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
}

function placeOf({ provider = "", inputs }: Registered): Place {
  const { namespace, name } = objectOf(inputs.metadata);
  return { cluster: provider, namespace: String(namespace), name: String(name) };
}

function keyOf(type: string, { cluster, namespace, name }: Place): string {
  return `${type} ${cluster}/${namespace}/${name}`;
}

function objectOf(value: unknown): Json {
  return typeof value === "object" && value !== null ? (value as Json) : {};
}

function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}
