import type { DatabaseArgs, DatabaseObject } from "./database";
import { mongodbObjects } from "./mongodb";
import { postgresqlObjects } from "./postgresql";
import { redisObjects } from "./redis";

/** Everything of a database that its operator reads. */
export function databaseObjects(args: DatabaseArgs): DatabaseObject[] {
  return OBJECTS[args.engine](args);
}

const OBJECTS: Readonly<Record<DatabaseArgs["engine"], (args: DatabaseArgs) => DatabaseObject[]>> = {
  postgresql: postgresqlObjects,
  mongodb: mongodbObjects,
  redis: redisObjects,
};

/** Metrics of every database of a namespace; the names of ports are those of the operators and of the exporters here. */
export function databaseMonitor(namespace: string): DatabaseObject {
  return {
    why: "monitor",
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PodMonitor",
    metadata: { name: "databases", namespace },
    spec: {
      selector: { matchExpressions: [{ key: "choreo.dev/database", operator: "Exists" }] },
      podMetricsEndpoints: ["metrics", "redis-exporter"].map((port) => ({ port, interval: "30s" })),
    },
  };
}
