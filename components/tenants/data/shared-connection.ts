import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Manifest } from "../../addons";
import type { PlannedDatabase } from "../plan";
import { connectionData } from "./connection";
import type { DatabaseKeys } from "./keys";
import { calledDatabase } from "./planned";

/**
 * How a database is told to tenants that another stack may make. Its own stack keeps a Secret in the database's namespace,
 * on every cluster that it is called from; external-secrets brings it to the callers' namespaces, by an account that may
 * read this one and nothing else. So no stack has to be there before another one, no password is in a state but that of the
 * database's own stack, and a tenant that moves to another shard changes nothing.
 */

const RBAC = "rbac.authorization.k8s.io";

/** Account in a namespace that fetches connections. Components' accounts have their names, which hold no dot. */
const READER = "database.reader";

/** A database with the Secret that others are told by. */
export type SharedDatabase = PlannedDatabase & { readonly connection: string };

/** Whether other tenants can be told how to sign in. */
export function isTold(database: PlannedDatabase): database is SharedDatabase {
  return database.connection !== undefined;
}

/** Arguments of {@link SharedConnection}. */
export interface SharedConnectionArgs {
  readonly database: SharedDatabase;
  readonly keys: DatabaseKeys;
  /** Namespaces of other tenants that call it from this cluster. */
  readonly callers: readonly string[];
  /** The database's namespace. */
  readonly after: pulumi.Input<pulumi.Resource[]>;
}

/** What a database tells other tenants on one cluster, and who may read it. */
export class SharedConnection extends pulumi.ComponentResource {
  constructor(name: string, args: SharedConnectionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:tenants:SharedConnection", name, {}, opts);
    const { database, keys, callers, after } = args;
    const { connection, namespace, tenant } = database;
    const own = { parent: this, dependsOn: after };
    const metadata = { name: connection, namespace };
    new kubernetes.core.v1.Secret(name, connectionSecret(metadata, database, keys), own);
    const rules = [{ apiGroups: [""], resources: ["secrets"], resourceNames: [connection], verbs: ["get"] }];
    new kubernetes.rbac.v1.Role(name, { metadata, rules }, own);
    if (callers.length > 0) {
      new kubernetes.rbac.v1.RoleBinding(name, readersBinding(connection, { database, callers }), own);
    }
    this.registerOutputs({ tenant });
  }
}

/** The Secret that says how to sign in to a database. */
export function connectionSecret(
  { name, namespace }: { readonly name: string; readonly namespace: string },
  database: PlannedDatabase,
  keys: DatabaseKeys,
): kubernetes.core.v1.SecretArgs {
  const labels = { "choreo.dev/tenant": database.tenant, "choreo.dev/database": database.name };
  const known = pulumi.all([keys.password(database.name), keys.authority.certificate]);
  const stringData = known.apply(([password, ca]) => connectionData(calledDatabase(database), password, ca));
  return { metadata: { name, namespace, labels }, stringData };
}

/** Lets the accounts of some namespaces read a database's connection. @param name Of the RoleBinding. */
export function readersBinding(
  name: string,
  { database, callers }: { readonly database: SharedDatabase; readonly callers: readonly string[] },
) {
  return {
    metadata: { name, namespace: database.namespace },
    roleRef: { apiGroup: RBAC, kind: "Role", name: database.connection },
    subjects: [...new Set(callers)].map((namespace) => ({ kind: "ServiceAccount", name: READER, namespace })),
  };
}

/** The account by which connections are fetched to a namespace. */
export function reader(namespace: string) {
  return { metadata: { name: READER, namespace }, automountServiceAccountToken: false };
}

/** The databases of a namespace, as those of another one see them. */
export function databaseStore(from: string, namespace: string): Manifest {
  return {
    apiVersion: "external-secrets.io/v1",
    kind: "SecretStore",
    metadata: { name: storeName(from), namespace },
    spec: {
      provider: {
        kubernetes: {
          remoteNamespace: from,
          server: { caProvider: { type: "ConfigMap", name: "kube-root-ca.crt", key: "ca.crt" } },
          auth: { serviceAccount: { name: READER } },
        },
      },
    },
  };
}

/** The connection's Secret in a caller's namespace. @param name By which components there know the database. */
export function fetchedConnection(name: string, database: SharedDatabase, namespace: string): Manifest {
  return {
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata: { name, namespace },
    spec: {
      refreshInterval: "1m",
      secretStoreRef: { kind: "SecretStore", name: storeName(database.namespace) },
      target: { name, creationPolicy: "Owner" },
      dataFrom: [{ extract: { key: database.connection } }],
    },
  };
}

function storeName(from: string): string {
  return `databases.${from}`;
}
