import { GLOBAL_SERVICE, RESTRICTED_CONTAINER, RESTRICTED_POD } from "../../addons";
import { backupsWithin } from "./backups";
import {
  certificateSecret,
  DATABASE_ISSUER,
  type DatabaseArgs,
  type DatabaseObject,
  type DatabaseStore,
  folderOf,
  overZones,
  resourcesOf,
  userSecret,
} from "./database";
import { DATABASE_IMAGES, MONGODB_CR_VERSION } from "./images";

/** Name of the replica set; Services and hosts of members have it in theirs. */
export const REPLICA_SET = "rs0";

/** User that Percona's images run as. */
const USER = 1001;

const CONTAINER = { ...RESTRICTED_CONTAINER, runAsNonRoot: true, runAsUser: USER };
const POD = { ...RESTRICTED_POD, runAsUser: USER, fsGroup: USER };

const STORAGE = "object-store";

/** Port of the exporter beside each member. */
export const MONGODB_METRICS = { name: "metrics", port: 9216 } as const;

/** Everything of a MongoDB database but its Secrets and Services; users of the operator's own are the operator's. */
export function mongodbObjects(args: DatabaseArgs): DatabaseObject[] {
  const { name, namespace, labels, members, purge, store } = args;
  return [
    {
      why: "cluster",
      apiVersion: "psmdb.percona.com/v1",
      kind: "PerconaServerMongoDB",
      metadata: {
        name,
        namespace,
        labels,
        // Only where it is to go with its data: what is kept must not hold up its operator's removal.
        ...(purge ? { finalizers: ["percona.com/delete-psmdb-pods-in-order", "percona.com/delete-psmdb-pvc"] } : {}),
      },
      spec: {
        crVersion: MONGODB_CR_VERSION,
        image: DATABASE_IMAGES.mongodb,
        imagePullPolicy: "IfNotPresent",
        initContainerSecurityContext: CONTAINER,
        unsafeFlags: { replsetSize: members === 1, backupIfUnhealthy: false },
        updateStrategy: "SmartUpdate",
        upgradeOptions: { apply: "disabled" },
        secrets: {
          users: systemUsers(name),
          ssl: certificateSecret(name),
          sslInternal: `${certificateSecret(name)}-internal`,
        },
        // Members have names that lead to them from every cluster, and that their certificates stand for.
        clusterServiceDNSMode: "ServiceMesh",
        multiCluster: { enabled: false, DNSSuffix: "svc.cluster.local" },
        tls: { mode: "requireTLS", issuerConf: { name: DATABASE_ISSUER, kind: "Issuer", group: "cert-manager.io" } },
        replsets: [replicaSet(args)],
        sharding: { enabled: false },
        users: [applicationUser(name)],
        logcollector: { enabled: false },
        backup: store === undefined ? { enabled: false, image: DATABASE_IMAGES.mongodbBackup } : backup(args, store),
      },
    },
  ];
}

/** Secret of the operator's own users, which it fills itself. */
function systemUsers(database: string): string {
  return `${database}-system-users`;
}

/** The user that connections have: it owns its database and knows of no other. */
function applicationUser(database: string) {
  return {
    name: database,
    db: database,
    passwordSecretRef: { name: userSecret(database), key: "password" },
    roles: [
      { name: "readWrite", db: database },
      { name: "dbAdmin", db: database },
    ],
  };
}

function replicaSet(args: DatabaseArgs) {
  const { name, members, size, storageClass, labels, strictZones } = args;
  return {
    name: REPLICA_SET,
    size: members,
    labels,
    serviceAccountName: name,
    // Users are known by their passwords; members and the operator by certificates.
    configuration: "net:\n  tls:\n    allowConnectionsWithoutCertificates: true\n",
    affinity: { antiAffinityTopologyKey: strictZones ? "kubernetes.io/hostname" : "none" },
    topologySpreadConstraints: overZones(args, {
      "app.kubernetes.io/instance": name,
      "app.kubernetes.io/component": "mongod",
    }),
    // A Service for each member: other clusters of the mesh reach members by it, and members know each other by it.
    expose: { enabled: true, type: "ClusterIP", labels: GLOBAL_SERVICE },
    podDisruptionBudget: { maxUnavailable: 1 },
    podSecurityContext: POD,
    containerSecurityContext: CONTAINER,
    resources: resourcesOf(args),
    volumeSpec: {
      persistentVolumeClaim: {
        storageClassName: storageClass,
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: size } },
      },
    },
    sidecars: [exporter(name)],
  };
}

/** It signs in as the operator's own user that may only look. */
function exporter(database: string) {
  const from = (name: string, key: string) => ({
    name,
    valueFrom: { secretKeyRef: { name: systemUsers(database), key } },
  });
  return {
    name: "exporter",
    image: DATABASE_IMAGES.mongodbExporter,
    args: [
      "--mongodb.uri=mongodb://localhost:27017/admin?tls=true&tlsInsecure=true",
      "--collector.replicasetstatus",
      "--collector.dbstats",
      "--collector.diagnosticdata",
      `--web.listen-address=:${MONGODB_METRICS.port}`,
    ],
    env: [
      from("MONGODB_USER", "MONGODB_CLUSTER_MONITOR_USER"),
      from("MONGODB_PASSWORD", "MONGODB_CLUSTER_MONITOR_PASSWORD"),
    ],
    ports: [{ name: MONGODB_METRICS.name, containerPort: MONGODB_METRICS.port }],
    securityContext: CONTAINER,
    resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "256Mi" } },
  };
}

function backup({ name, namespace, labels, backup: { schedule, retentionDays } }: DatabaseArgs, store: DatabaseStore) {
  const { bucket, folder, region, endpoint, secret } = store;
  return {
    enabled: true,
    image: DATABASE_IMAGES.mongodbBackup,
    labels,
    podSecurityContext: POD,
    containerSecurityContext: CONTAINER,
    resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } },
    storages: {
      [STORAGE]: {
        type: "s3",
        s3: {
          bucket,
          region,
          prefix: folderOf(folder, name),
          ...(secret === undefined ? {} : { credentialsSecret: secret }),
          ...(endpoint === undefined ? {} : { endpointUrl: endpoint, forcePathStyle: true }),
        },
      },
    },
    pitr: { enabled: true, compressionType: "gzip" },
    tasks: [
      {
        name: `${namespace}-${name}`,
        enabled: true,
        schedule,
        storageName: STORAGE,
        compressionType: "gzip",
        retention: { type: "count", count: backupsWithin(schedule, retentionDays), deleteFromStorage: true },
      },
    ],
  };
}
