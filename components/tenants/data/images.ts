/** Images of databases, each at one exact version; the only place of theirs. */
export const DATABASE_IMAGES = {
  /** The version that the pinned operator makes where nobody says. Source: CloudNativePG, pkg/versions. */
  postgresql: "ghcr.io/cloudnative-pg/postgresql:18.4-system-trixie",
  /** The versions that the pinned operator was released with. Source: Percona's operator, deploy/cr.yaml. */
  mongodb: "docker.io/percona/percona-server-mongodb:8.0.19-7",
  mongodbBackup: "docker.io/percona/percona-backup-mongodb:2.12.0",
  mongodbExporter: "docker.io/percona/mongodb_exporter:0.47.1",
  /** The versions of the pinned operator's own charts. */
  redis: "quay.io/opstree/redis:v7.0.15",
  redisSentinel: "quay.io/opstree/redis-sentinel:v7.0.15",
  redisExporter: "quay.io/opstree/redis-exporter:v1.44.0",
  /** Brings Redis' dumps to the bucket, and takes old ones out. */
  redisUpload: "docker.io/rclone/rclone:1.71.2",
} as const;

/** Version of the resource that the images of MongoDB go with. */
export const MONGODB_CR_VERSION = "1.22.0";
