import type * as pulumi from "@pulumi/pulumi";
import { REDIS_BACKUP_SUFFIX } from "../../addons";
import { certificateSecret, type DatabaseArgs, type DatabaseStore, folderOf, userSecret } from "./database";
import { DATABASE_IMAGES } from "./images";
import { REDIS_CONTAINER, REDIS_POD } from "./redis";

/** Name of the CronJob, which alerts know by its end. */
export function redisBackupName(database: string): string {
  return `${database}-${REDIS_BACKUP_SUFFIX}`;
}

const DUMP = { name: "dump", mountPath: "/dump" };
const TEMPORARY = { name: "tmp", mountPath: "/tmp" };
const RESOURCES = { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "512Mi" } };
const CONTAINER = {
  ...REDIS_CONTAINER,
  capabilities: { drop: [...REDIS_CONTAINER.capabilities.drop] },
  readOnlyRootFilesystem: true,
};

/**
 * The job that brings a dump of a Redis database to the bucket, and takes out those that are older than is kept; the
 * operator has none of its own. The dump is taken over the wire, from a member that serves nobody where there is one.
 */
export function redisBackupSpec(args: DatabaseArgs, store: DatabaseStore) {
  const { name, size, backup, labels } = args;
  return {
    schedule: backup.schedule,
    concurrencyPolicy: "Forbid",
    successfulJobsHistoryLimit: 1,
    failedJobsHistoryLimit: 2,
    jobTemplate: {
      metadata: { labels: { ...labels } },
      spec: {
        backoffLimit: 3,
        activeDeadlineSeconds: 7200,
        template: {
          metadata: { labels: { ...labels } },
          spec: {
            restartPolicy: "Never",
            serviceAccountName: name,
            automountServiceAccountToken: false,
            securityContext: REDIS_POD,
            initContainers: [dump(args)],
            containers: [upload(args, store)],
            volumes: [
              // A dump is no larger than what is in memory, and that is written to the volume too.
              { name: DUMP.name, emptyDir: { sizeLimit: size } },
              { name: TEMPORARY.name, emptyDir: {} },
              {
                name: "tls",
                secret: { secretName: certificateSecret(name), items: [{ key: "ca.crt", path: "ca.crt" }] },
              },
            ],
          },
        },
      },
    },
  };
}

function dump({ name, members }: DatabaseArgs) {
  const host = members === 1 ? `${name}-master` : `${name}-replica`;
  return {
    name: "dump",
    image: DATABASE_IMAGES.redis,
    command: ["redis-cli", "-h", host, "--tls", "--cacert", "/tls/ca.crt", "--rdb", `${DUMP.mountPath}/dump.rdb`],
    env: [{ name: "REDISCLI_AUTH", valueFrom: { secretKeyRef: { name: userSecret(name), key: "password" } } }],
    securityContext: CONTAINER,
    resources: RESOURCES,
    volumeMounts: [DUMP, { name: "tls", mountPath: "/tls", readOnly: true }],
  };
}

/** Source: rclone's documentation, "Amazon S3" and "Environment variables". */
function upload({ name, backup }: DatabaseArgs, { bucket, folder, region, endpoint, secret }: DatabaseStore) {
  const set = (key: string, value: pulumi.Input<string>) => ({ name: `RCLONE_CONFIG_STORE_${key}`, value });
  return {
    name: "upload",
    image: DATABASE_IMAGES.redisUpload,
    command: ["sh", "-euc"],
    args: [
      [
        `rclone copyto ${DUMP.mountPath}/dump.rdb "store:$BUCKET/$FOLDER/$(date -u +%Y%m%dT%H%M%SZ).rdb"`,
        `rclone delete --min-age ${backup.retentionDays}d "store:$BUCKET/$FOLDER"`,
        "",
      ].join("\n"),
    ],
    env: [
      { name: "HOME", value: "/tmp" },
      { name: "BUCKET", value: bucket },
      { name: "FOLDER", value: folderOf(folder, name) },
      set("TYPE", "s3"),
      set("PROVIDER", endpoint === undefined ? "AWS" : "Other"),
      set("REGION", region),
      set("ENV_AUTH", "true"),
      ...(endpoint === undefined ? [] : [set("ENDPOINT", endpoint), set("FORCE_PATH_STYLE", "true")]),
    ],
    ...(secret === undefined ? {} : { envFrom: [{ secretRef: { name: secret } }] }),
    securityContext: CONTAINER,
    resources: RESOURCES,
    volumeMounts: [DUMP, TEMPORARY],
  };
}
