import { RESTRICTED_CONTAINER, RESTRICTED_POD } from "../../addons";
import {
  certificateSecret,
  type DatabaseArgs,
  type DatabaseObject,
  overZones,
  resourcesOf,
  userSecret,
} from "./database";
import { DATABASE_IMAGES } from "./images";

/** User that Redis' images run as. */
const USER = 1000;

export const REDIS_CONTAINER = { ...RESTRICTED_CONTAINER, runAsNonRoot: true, runAsUser: USER };
export const REDIS_POD = { ...RESTRICTED_POD, runAsUser: USER, runAsGroup: USER, fsGroup: USER };

const API = "redis.redis.opstreelabs.in/v1beta2";

/** Sentinels that must agree, of three, before another member becomes the primary. */
const SENTINELS = { size: 3, quorum: "2" } as const;

/**
 * Everything of a Redis database but its Secrets, Services and backups. One member is a replication of one: it can grow
 * without losing its volume. Sentinels are an object of their own, as those of the replication's are not restricted.
 */
export function redisObjects(args: DatabaseArgs): DatabaseObject[] {
  return args.members === 1 ? [replication(args)] : [replication(args), sentinels(args)];
}

function replication(args: DatabaseArgs): DatabaseObject {
  const { name, namespace, labels, members, size, storageClass, purge } = args;
  return {
    why: "cluster",
    apiVersion: API,
    kind: "RedisReplication",
    metadata: { name, namespace, labels },
    spec: {
      clusterSize: members,
      ...common(args, DATABASE_IMAGES.redis, resourcesOf(args)),
      // Snapshots are written by a copy of the process, which needs room beside the data.
      redisConfig: { maxMemoryPercentOfLimit: 70 },
      storage: {
        keepAfterDelete: !purge,
        volumeClaimTemplate: {
          spec: {
            accessModes: ["ReadWriteOnce"],
            storageClassName: storageClass,
            resources: { requests: { storage: size } },
          },
        },
      },
      redisExporter: {
        enabled: true,
        image: DATABASE_IMAGES.redisExporter,
        resources: { requests: { cpu: "20m", memory: "32Mi" }, limits: { memory: "128Mi" } },
        securityContext: REDIS_CONTAINER,
      },
      topologySpreadConstraints: overZones(args, { app: name, role: "replication" }),
    },
  };
}

/** They watch the members, and make one of them the primary when the last one is gone. */
function sentinels(args: DatabaseArgs): DatabaseObject {
  const { name, namespace, labels } = args;
  const resources = { requests: { cpu: "20m", memory: "32Mi" }, limits: { memory: "128Mi" } };
  return {
    why: "sentinels",
    apiVersion: API,
    kind: "RedisSentinel",
    metadata: { name, namespace, labels },
    spec: {
      clusterSize: SENTINELS.size,
      ...common(args, DATABASE_IMAGES.redisSentinel, resources),
      redisSentinelConfig: {
        redisReplicationName: name,
        masterGroupName: name,
        quorum: SENTINELS.quorum,
        redisReplicationPassword: { secretKeyRef: { name: userSecret(name), key: "password" } },
      },
      topologySpreadConstraints: overZones(args, { app: `${name}-sentinel`, role: "sentinel" }),
    },
  };
}

function common({ name, members }: DatabaseArgs, image: string, resources: object) {
  return {
    kubernetesConfig: {
      image,
      imagePullPolicy: "IfNotPresent",
      resources,
      redisSecret: { name: userSecret(name), key: "password" },
    },
    serviceAccountName: name,
    TLS: { secret: { secretName: certificateSecret(name) } },
    pdb: members === 1 ? { enabled: false } : { enabled: true, maxUnavailable: 1 },
    podSecurityContext: REDIS_POD,
    securityContext: REDIS_CONTAINER,
  };
}
