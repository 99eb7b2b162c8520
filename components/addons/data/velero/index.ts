import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { CloudIdentity } from "../../../clusters";
import { defineAddon } from "../../addon";
import { PINS } from "../../charts";
import { type AddonScope, type AddonTarget, settingsOf } from "../../contract";
import { IMAGES } from "../../images";
import { ACCOUNT_FORM, S3_SERVER } from "../../object-store";
import { snapshotDriver } from "../storage";
import type { StorageSettings } from "../storage/settings";
import { VELERO_KINDS } from "./kinds";
import { accountSecrets, locationObject, placesOf } from "./locations";
import { veleroMonitoring } from "./monitoring";
import { backupSchedules, scheduleObject, volumePolicyObject } from "./schedules";
import { type VeleroSettings, veleroSettings } from "./settings";

export { type BackupPlan, type BackupSchedule, backupSchedules } from "./schedules";
export type { VeleroSettings } from "./settings";
export { BACKUP_TIERS, type BackupTier } from "./tiers";

export const VELERO_NAMESPACE = "velero";

/** The chart's own name. */
const SERVICE_ACCOUNT = "velero-server";

/** Velero writes to nothing without a plugin; this one is of Velero's version and speaks S3. */
const PLUGIN = IMAGES["velero-plugin-for-aws"];

/** Source: the chart's values.yaml. Places and schedules are objects of this program. */
export function veleroValues(target: AddonTarget, { keepKinds }: VeleroSettings) {
  return {
    initContainers: [
      { name: "plugin-for-aws", image: PLUGIN, volumeMounts: [{ mountPath: "/target", name: "plugins" }] },
    ],
    // Accounts belong to places; where there is none, pods have an identity in the cloud.
    credentials: { useSecret: false },
    backupsEnabled: false,
    snapshotsEnabled: false,
    configuration: {
      ...(driverOf(target) === undefined ? {} : { features: "EnableCSI" }),
      logFormat: "json",
    },
    deployNodeAgent: true,
    nodeAgent: {
      // On every node there are volumes, whatever else it is kept free of.
      tolerations: [{ operator: "Exists" }],
      resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "1Gi" } },
    },
    resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "1Gi" } },
    upgradeCRDs: true,
    // While Velero still runs: its objects have finalizers that nobody else removes.
    cleanUpCRDs: !keepKinds,
  };
}

/** The CSI driver whose snapshots are backed up. */
function driverOf(target: AddonTarget): string | undefined {
  return snapshotDriver(target, settingsOf<StorageSettings>(target, "storage-classes"))?.driver;
}

/** Accounts, and the key that contents of volumes are encrypted with; Velero's own would be the same everywhere. */
function prepare(scope: AddonScope<VeleroSettings>): pulumi.Resource[] {
  const { name, namespace, trust, opts } = scope;
  const repository = new kubernetes.core.v1.Secret(
    `${name}-repository`,
    {
      metadata: { name: "velero-repo-credentials", namespace },
      // Shared, so that every cluster can restore what another one backed up.
      stringData: { "repository-password": trust.sharedPassword("velero-repository").value },
    },
    opts,
  );
  return [repository, ...accountSecrets(scope, placesOf(scope, scope.config))];
}

function resources(scope: AddonScope<VeleroSettings>): pulumi.Resource[] {
  const { config, cluster } = scope;
  const plan = { name: "platform", cluster: cluster.name, tier: config.platform, volumes: false };
  return [
    ...placesOf(scope, config).map((place) => locationObject(scope, place)),
    volumePolicyObject(scope, driverOf(scope)),
    ...backupSchedules(plan, config).map((schedule) => scheduleObject(scope, schedule)),
  ];
}

/** Source: the plugin's documentation; snapshots are taken by the CSI driver, which has a role of its own. */
function identities({ connection: { cloud } }: AddonTarget): CloudIdentity[] {
  if (cloud === undefined) return [];
  const { partition, buckets, keyArn } = cloud;
  const bucket = pulumi.interpolate`arn:${partition}:s3:::${buckets.backups}`;
  const statements = [
    {
      actions: [
        "s3:GetObject",
        "s3:PutObject",
        "s3:DeleteObject",
        "s3:AbortMultipartUpload",
        "s3:ListMultipartUploadParts",
      ],
      resources: [pulumi.interpolate`${bucket}/*`],
    },
    { actions: ["s3:ListBucket", "s3:GetBucketLocation"], resources: [bucket] },
    { actions: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"], resources: [keyArn] },
  ];
  return [{ namespace: VELERO_NAMESPACE, serviceAccount: SERVICE_ACCOUNT, statements }];
}

export const velero = defineAddon({
  name: "velero",
  key: "velero",
  title: "Backups of objects and volumes, by tier, and restores",
  chart: PINS.velero,
  // The node agent reads volumes through the nodes' own folders, as root.
  namespace: { name: VELERO_NAMESPACE, podSecurity: "privileged" },
  on: () => true,
  needs: ["cilium", S3_SERVER.addon],
  uses: ["snapshot-controller", "storage-classes"],
  kinds: VELERO_KINDS,
  keepsKinds: ({ keepKinds }) =>
    keepKinds
      ? "kept by velero.keepKinds, and the list of backups with them"
      : "removed by a Job of the chart, which does nothing where pods are simulated",
  secrets: ({ copy }) => (copy === undefined ? {} : { [copy.credentials]: ACCOUNT_FORM }),
  config: veleroSettings,
  values: veleroValues,
  prepare,
  identities,
  resources,
  monitoring: veleroMonitoring,
});

/** Whether backups of a tier that is copied have a second place to go to. */
export function copiesBackups(target: AddonTarget): boolean {
  return settingsOf<VeleroSettings>(target, velero.name)?.copy !== undefined;
}
