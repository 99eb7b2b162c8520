import { IMAGES } from "../../addons";

/** Images of databases. */
export const DATABASE_IMAGES = {
  /** The version that the pinned operator makes where nobody says. Source: CloudNativePG, pkg/versions. */
  postgresql: IMAGES.postgresql,
  /** The versions that the pinned operator was released with. Source: Percona's operator, deploy/cr.yaml. */
  mongodb: IMAGES.mongodb,
  mongodbBackup: IMAGES["mongodb-backup"],
  mongodbExporter: IMAGES["mongodb-exporter"],
  /** The versions of the pinned operator's own charts. */
  redis: IMAGES.redis,
  redisSentinel: IMAGES["redis-sentinel"],
  redisExporter: IMAGES["redis-exporter"],
  /** Brings Redis' dumps to the bucket, and takes old ones out. */
  redisUpload: IMAGES.rclone,
} as const;

/** Version of the resource that the images of MongoDB go with. */
export const MONGODB_CR_VERSION = "1.22.0";
