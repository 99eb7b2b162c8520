import type { Addon } from "../contract";
import { ebsCsiDriver } from "./aws-ebs-csi-driver";
import { efsCsiDriver } from "./aws-efs-csi-driver";
import { psmdbOperator } from "./databases/mongodb";
import { barmanCloudPlugin, cloudnativePg } from "./databases/postgresql";
import { redisOperator } from "./databases/redis";
import { s3Server } from "./s3-server";
import { snapshotController } from "./snapshot-controller";
import { storageClasses } from "./storage";
import { velero } from "./velero";
import { restoreDrill } from "./velero/drill";

/** Add-ons of this area, in the order of the documentation. */
export const DATA: readonly Addon[] = [
  s3Server,
  snapshotController,
  ebsCsiDriver,
  efsCsiDriver,
  storageClasses,
  velero,
  restoreDrill,
  cloudnativePg,
  barmanCloudPlugin,
  psmdbOperator,
  redisOperator,
];
