import * as pulumi from "@pulumi/pulumi";
import { words } from "../../settings";
import {
  ACCOUNT_KEYS,
  certificateSecret,
  type DatabaseArgs,
  type DatabaseObject,
  type DatabaseStore,
  isReplica,
  overZones,
  resourcesOf,
  userSecret,
} from "./database";
import { DATABASE_IMAGES } from "./images";

const PLUGIN = "barman-cloud.cloudnative-pg.io";

/** Name of the database in the server, and of the user that owns it: `-` would have to be quoted everywhere. */
export function postgresqlName(database: string): string {
  return database.replaceAll("-", "_");
}

/** Everything of a PostgreSQL database but its Secrets and Services. */
export function postgresqlObjects(args: DatabaseArgs): DatabaseObject[] {
  const { store, counterpart } = args;
  if (store === undefined) return [cluster(args)];
  const other = counterpart === undefined ? [] : [objectStore(args, counterpart.store, counterpart.cluster)];
  return [objectStore(args, store), ...other, cluster(args), scheduledBackup(args)];
}

function metadataOf({ namespace, labels }: DatabaseArgs, name: string) {
  return { name, namespace, labels };
}

/** Name of the object that says where backups are: the own ones, or those of the counterpart. */
function storeName({ name }: DatabaseArgs, of?: string): string {
  return of === undefined ? name : `${name}-${of}`;
}

function objectStore(args: DatabaseArgs, store: DatabaseStore, of?: string): DatabaseObject {
  const { retentionDays } = args.backup;
  const name = storeName(args, of);
  return {
    why: of === undefined ? "store" : `store-${of}`,
    apiVersion: "barmancloud.cnpg.io/v1",
    kind: "ObjectStore",
    metadata: metadataOf(args, name),
    spec: {
      // What the counterpart wrote is the counterpart's to delete.
      ...(of === undefined ? { retentionPolicy: `${retentionDays}d` } : {}),
      configuration: {
        destinationPath: destination(store),
        ...(store.endpoint === undefined ? {} : { endpointURL: store.endpoint }),
        s3Credentials: credentials(store),
        wal: { compression: "gzip", maxParallel: 2 },
        data: { compression: "gzip" },
      },
      instanceSidecarConfiguration: {
        env: environment(store),
        resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "512Mi" } },
      },
    },
  };
}

function destination({ bucket, folder }: DatabaseStore): pulumi.Input<string> {
  return typeof bucket === "string" ? `s3://${bucket}/${folder}` : pulumi.interpolate`s3://${bucket}/${folder}`;
}

function credentials({ secret }: DatabaseStore) {
  if (secret === undefined) return { inheritFromIAMRole: true };
  const from = (key: string) => ({ name: secret, key });
  return {
    accessKeyId: from(ACCOUNT_KEYS.id),
    secretAccessKey: from(ACCOUNT_KEYS.secret),
    region: from(ACCOUNT_KEYS.region),
  };
}

/** Servers that are not AWS often know no checksums of this kind. Source: the plugin's documentation, "Object stores". */
function environment({ region, endpoint }: DatabaseStore) {
  const asked = endpoint === undefined ? [] : ["AWS_REQUEST_CHECKSUM_CALCULATION", "AWS_RESPONSE_CHECKSUM_VALIDATION"];
  return [{ name: "AWS_DEFAULT_REGION", value: region }, ...asked.map((name) => ({ name, value: "when_required" }))];
}

function cluster(args: DatabaseArgs): DatabaseObject {
  const { name, size, storageClass, members, labels, store, strictZones } = args;
  const certificate = certificateSecret(name);
  return {
    why: "cluster",
    apiVersion: "postgresql.cnpg.io/v1",
    kind: "Cluster",
    metadata: metadataOf(args, name),
    spec: {
      imageName: DATABASE_IMAGES.postgresql,
      instances: members,
      inheritedMetadata: { labels },
      storage: { size, storageClass },
      resources: resourcesOf(args),
      postgresql: {
        parameters: { shared_buffers: `${quarterOf(args.resources.memory)}MB` },
        // A commit that was confirmed is in two places, unless no other member is there to confirm it.
        ...(members > 1 ? { synchronous: { method: "any", number: 1, dataDurability: "preferred" } } : {}),
      },
      enableSuperuserAccess: false,
      // One that forbids the only member to move would keep its node from being drained.
      enablePDB: members > 1,
      certificates: { serverCASecret: certificate, serverTLSSecret: certificate },
      affinity: {
        enablePodAntiAffinity: true,
        podAntiAffinityType: strictZones ? "required" : "preferred",
        topologyKey: "kubernetes.io/hostname",
      },
      topologySpreadConstraints: overZones(args, { "cnpg.io/cluster": name }),
      ...bootstrap(args),
      ...(store === undefined ? {} : { plugins: [archiving(args)] }),
    },
  };
}

function archiving(args: DatabaseArgs) {
  const parameters = { barmanObjectName: storeName(args), serverName: args.name };
  return { name: PLUGIN, enabled: true, isWALArchiver: true, parameters };
}

/** A new database, or the counterpart's from its backups, and after that both by what the other one archives. */
function bootstrap(args: DatabaseArgs) {
  const { name, cluster: self, counterpart } = args;
  const database = postgresqlName(name);
  const owner = { database, owner: database, secret: { name: userSecret(name) } };
  if (counterpart === undefined) return { bootstrap: { initdb: { ...owner, dataChecksums: true } } };
  const { cluster: other, role } = counterpart;
  const source = (of: string, object: string) => ({
    name: of,
    plugin: { name: PLUGIN, parameters: { barmanObjectName: object, serverName: name } },
  });
  return {
    bootstrap: isReplica(args)
      ? { recovery: { source: other, ...owner } }
      : { initdb: { ...owner, dataChecksums: true } },
    replica: { self, primary: role === "primary" ? other : self, source: other },
    externalClusters: [source(self, storeName(args)), source(other, storeName(args, other))],
  };
}

function scheduledBackup(args: DatabaseArgs): DatabaseObject {
  const { name, backup } = args;
  return {
    why: "backup",
    apiVersion: "postgresql.cnpg.io/v1",
    kind: "ScheduledBackup",
    metadata: metadataOf(args, name),
    spec: {
      // The operator's cron has a field for seconds.
      schedule: `0 ${backup.schedule}`,
      immediate: true,
      backupOwnerReference: "self",
      cluster: { name },
      method: "plugin",
      pluginConfiguration: { name: PLUGIN },
      target: "prefer-standby",
    },
  };
}

/** A quarter of a pod's memory in MiB, as PostgreSQL's documentation advises for shared buffers; 32 at least. */
function quarterOf(memory: string): number {
  return Math.max(32, Math.floor((words.quantityValue(memory) ?? 0) / 4 / 2 ** 20));
}
