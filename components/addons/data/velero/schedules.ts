import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import type { AddonScope } from "../../contract";
import { COPY, LOCATION } from "./locations";
import type { VeleroSettings } from "./settings";
import { BACKUP_TIERS, type BackupTier } from "./tiers";

/** ConfigMap that says how volumes are backed up. */
const VOLUME_POLICY = "volumes";

/** What a schedule backs up. */
export interface BackupPlan {
  /** DNS label; the schedule is `<cluster>-<name>-<tier>`, as backups of several clusters may be seen on one. */
  readonly name: string;
  readonly cluster: string;
  readonly tier: BackupTier;
  /** Default: all, and what is in no namespace. */
  readonly namespaces?: readonly string[];
  /** Whether the contents of volumes belong to it. */
  readonly volumes: boolean;
}

/** A Velero Schedule as data. */
export interface BackupSchedule {
  readonly name: string;
  readonly spec: object;
}

/**
 * The schedules of a plan: one to the cluster's own place, and for a tier that copies one to the second place, should
 * there be one. The alerts know the tier by the schedule's name.
 */
export function backupSchedules(plan: BackupPlan, { copy }: { readonly copy?: unknown }): BackupSchedule[] {
  const { copies } = BACKUP_TIERS[plan.tier];
  const name = `${plan.cluster}-${plan.name}-${plan.tier}`;
  const own = { name, spec: scheduleSpec(plan, LOCATION) };
  return copies && copy !== undefined ? [own, { name: `${name}-copy`, spec: scheduleSpec(plan, COPY) }] : [own];
}

function scheduleSpec({ tier, namespaces, volumes }: BackupPlan, storageLocation: string): object {
  const { schedule, keepHours } = BACKUP_TIERS[tier];
  const scope = namespaces === undefined ? { includeClusterResources: true } : { includedNamespaces: [...namespaces] };
  const contents = volumes
    ? { snapshotMoveData: true, resourcePolicy: { kind: "configmap", name: VOLUME_POLICY } }
    : { snapshotVolumes: false, defaultVolumesToFsBackup: false };
  const template = { ...scope, ...contents, storageLocation, ttl: `${keepHours}h0m0s` };
  return { schedule, useOwnerReferencesInBackup: false, template };
}

/** One of Velero's objects for a schedule. */
export function scheduleObject(
  { name, namespace, opts }: AddonScope<VeleroSettings>,
  { name: schedule, spec }: BackupSchedule,
): pulumi.Resource {
  return new kubernetes.apiextensions.CustomResource(
    `${name}-schedule-${schedule}`,
    { apiVersion: "velero.io/v1", kind: "Schedule", metadata: { name: schedule, namespace }, spec },
    opts,
  );
}

/**
 * How volumes are backed up: from a snapshot where the driver takes them, else file by file from the running pod. Either
 * way the contents go to the bucket, and no copy depends on the disks of one region. Source: Velero's documentation,
 * "Resource filtering", volume policies; a policy without conditions is for every volume that is left.
 */
export function volumePolicy(driver: string | undefined): object {
  const snapshots = driver === undefined ? [] : [{ conditions: { csi: { driver } }, action: { type: "snapshot" } }];
  return {
    version: "v1",
    volumePolicies: [
      { conditions: { volumeTypes: ["emptyDir"] }, action: { type: "skip" } },
      ...snapshots,
      { conditions: {}, action: { type: "fs-backup" } },
    ],
  };
}

export function volumePolicyObject(
  { name, namespace, opts }: AddonScope<VeleroSettings>,
  driver: string | undefined,
): pulumi.Resource {
  const data = { "policy.yaml": stringify(volumePolicy(driver)) };
  return new kubernetes.core.v1.ConfigMap(
    `${name}-volumes`,
    { metadata: { name: VOLUME_POLICY, namespace }, data },
    opts,
  );
}
