import type { DatabaseSettings } from "../../settings";
import { shortNameOf } from "../edges";
import { REPLICA_SET } from "./mongodb";
import { postgresqlName } from "./postgresql";

/** What a client of a database is told, by the keys of the Secret that tells it. */
export interface Connection {
  /** Host of the primary, or of each member, joined by commas. */
  readonly host: string;
  readonly port: string;
  readonly database: string;
  readonly username: string;
  /** URI without the password, which goes between `before` and `after`. */
  readonly uri: readonly [before: string, after: string];
}

/** The database that is called. */
export interface Called {
  readonly name: string;
  readonly namespace: string;
  readonly engine: DatabaseSettings["engine"];
  readonly members: number;
}

/** Name of the Service that leads to the primary of PostgreSQL and Redis, the same on every cluster of the mesh. */
export function primaryService(database: string): string {
  return `${database}-primary`;
}

/** Names of the Services of the members of MongoDB, whose clients find the primary themselves. */
export function memberServices({ name, members }: Pick<Called, "name" | "members">): string[] {
  return Array.from({ length: members }, (_, index) => `${name}-${REPLICA_SET}-${index}`);
}

/** Names are the same on every cluster of the mesh, wherever the database is. */
export function connectionOf(called: Called): Connection {
  return CONNECTIONS[called.engine](called);
}

const CONNECTIONS: Readonly<Record<DatabaseSettings["engine"], (called: Called) => Connection>> = {
  postgresql: ({ name, namespace }) => {
    const database = postgresqlName(name);
    const host = hostOf(primaryService(name), namespace);
    const uri = [`postgresql://${database}:`, `@${host}:5432/${database}?sslmode=require`] as const;
    return { host, port: "5432", database, username: database, uri };
  },
  mongodb: ({ name, namespace, members }) => {
    const hosts = memberServices({ name, members }).map((service) => hostOf(service, namespace));
    const options = `?replicaSet=${REPLICA_SET}&tls=true&authSource=${name}`;
    const uri = [`mongodb://${name}:`, `@${hosts.map((host) => `${host}:27017`).join(",")}/${name}${options}`] as const;
    return { host: hosts.join(","), port: "27017", database: name, username: name, uri };
  },
  redis: ({ name, namespace }) => {
    const host = hostOf(primaryService(name), namespace);
    return { host, port: "6379", database: "0", username: "default", uri: ["rediss://default:", `@${host}:6379/0`] };
  },
};

function hostOf(service: string, namespace: string): string {
  return `${service}.${namespace}.svc.cluster.local`;
}

/** Every name that a certificate of a database has to stand for, on its own and on other clusters. */
export function certificateNames({ name, namespace, engine }: Omit<Called, "members">): string[] {
  return SERVICES[engine](name).flatMap((service) => [
    ...[service, `${service}.${namespace}`, `${service}.${namespace}.svc`],
    hostOf(service, namespace),
  ]);
}

/** Services of a database: that of the primary, and those of the operators. MongoDB's certificates are its operator's. */
const SERVICES: Readonly<Record<DatabaseSettings["engine"], (name: string) => readonly string[]>> = {
  postgresql: (name) => [primaryService(name), `${name}-rw`, `${name}-ro`, `${name}-r`],
  mongodb: () => [],
  redis: (name) => [primaryService(name), name, `${name}-master`, `${name}-replica`],
};

/** Whom a connection is named for. */
interface User {
  readonly tenant: string;
  readonly project: string;
}

/** Name of the Secret by which a project's components know a database: as short as it is unambiguous there. */
export function connectionName(user: User, database: User & { readonly name: string }): string {
  return `database.${shortNameOf(database, user).join(".")}`;
}

/** The values of a connection's Secret. @param ca PEM of the authority that signed the server's certificate. */
export function connectionData(called: Called, password: string, ca: string): Record<string, string> {
  const { host, port, database, username, uri } = connectionOf(called);
  return { host, port, database, username, password, uri: uri.join(password), "ca.crt": ca };
}
