import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { AwsCloud } from "../../../clusters";
import { defineAddon } from "../../addon";
import { type AddonScope, type AddonTarget, isOn, isOnEks } from "../../contract";
import type { Monitoring } from "../../monitoring";
import { classesOfSettings, ebsClasses, type TierClass } from "./classes";
import { type StorageSettings, storageProblems, storageSettings } from "./settings";
import { SharedFiles } from "./shared-files";

export { TIERS, type Tier } from "./settings";

/** Name of the class of snapshots, the same on every cluster. */
export const SNAPSHOT_CLASS = "standard";

/** The CSI driver that takes snapshots of a cluster's volumes; absent where none does. */
export function snapshotDriver(
  target: AddonTarget,
  settings: StorageSettings | undefined,
): { readonly driver: string; readonly parameters: Readonly<Record<string, string>> } | undefined {
  if (settings === undefined || !isOn(target, "snapshot-controller")) return undefined;
  if (target.connection.cloud === undefined) return settings.snapshots;
  return isOn(target, "aws-ebs-csi-driver") ? { driver: "ebs.csi.aws.com", parameters: {} } : undefined;
}

/** The classes of a cluster; on AWS each where its driver is. */
function makeClasses(scope: AddonScope<StorageSettings>): pulumi.Resource[] {
  const { connection, cluster, config } = scope;
  const { cloud } = connection;
  if (cloud === undefined) return classesOfSettings(cluster.name, config).map((chosen) => storageClass(scope, chosen));
  const disks = isOn(scope, "aws-ebs-csi-driver") ? ebsClasses(cloud, config) : [];
  const made = disks.map((chosen) => storageClass(scope, chosen));
  return isOn(scope, "aws-efs-csi-driver") ? [...made, sharedClass(scope, cloud)] : made;
}

function sharedClass(scope: AddonScope<StorageSettings>, cloud: AwsCloud): pulumi.Resource {
  const { name, fleet, cluster, config, opts } = scope;
  const args = { cloud, label: `${fleet.stack}-${cluster.name}`, retain: config.retain };
  const files = new SharedFiles(`${name}-files`, args, { parent: opts.parent, providers: [cloud.provider] });
  return storageClass(scope, files.tier);
}

function storageClass(scope: AddonScope<StorageSettings>, chosen: TierClass): pulumi.Resource {
  const { tier, provisioner, parameters, annotations, expandable, binding } = chosen;
  const isDefault: Record<string, string> =
    tier === "standard" ? { "storageclass.kubernetes.io/is-default-class": "true" } : {};
  return new kubernetes.storage.v1.StorageClass(
    `${scope.name}-${tier}`,
    {
      metadata: { name: tier, annotations: { ...annotations, ...isDefault } },
      provisioner,
      parameters,
      allowVolumeExpansion: expandable,
      reclaimPolicy: scope.config.retain ? "Retain" : "Delete",
      volumeBindingMode: binding,
    },
    scope.opts,
  );
}

/** Velero takes the labelled class of a driver; whoever asks for a snapshot without a class gets it too. */
function snapshotClass(scope: AddonScope<StorageSettings>): pulumi.Resource[] {
  const { name, config, opts } = scope;
  const found = snapshotDriver(scope, config);
  if (found === undefined) return [];
  return [
    new kubernetes.apiextensions.CustomResource(
      `${name}-snapshots`,
      {
        apiVersion: "snapshot.storage.k8s.io/v1",
        kind: "VolumeSnapshotClass",
        metadata: {
          name: SNAPSHOT_CLASS,
          labels: { "velero.io/csi-volumesnapshot-class": "true" },
          annotations: { "snapshot.storage.kubernetes.io/is-default-class": "true" },
        },
        driver: found.driver,
        parameters: found.parameters,
        deletionPolicy: config.retain ? "Retain" : "Delete",
      },
      opts,
    ),
  ];
}

function monitoring(): Monitoring {
  return {
    alerts: [
      {
        alert: "VolumeClaimPending",
        expr: 'kube_persistentvolumeclaim_status_phase{phase="Pending"} == 1',
        for: "30m",
        severity: "warning",
        summary: "Claim {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} has had no volume for half an hour",
        runbook:
          "kubectl describe pvc shows the provisioner's own message; a tier's class may be missing on the cluster.",
      },
    ],
    dashboards: {
      storage: {
        title: "Storage by tier",
        panels: [
          {
            title: "Claimed space",
            unit: "bytes",
            queries: {
              "{{storageclass}}":
                "sum by (storageclass) (kube_persistentvolumeclaim_resource_requests_storage_bytes * on (namespace, persistentvolumeclaim) group_left (storageclass) kube_persistentvolumeclaim_info)",
            },
          },
          {
            title: "Used part, fullest volumes",
            unit: "percentunit",
            queries: {
              "{{namespace}}/{{persistentvolumeclaim}}":
                "topk(10, kubelet_volume_stats_used_bytes / kubelet_volume_stats_capacity_bytes)",
            },
          },
          {
            title: "Claims without a volume",
            queries: {
              "{{namespace}}": 'sum by (namespace) (kube_persistentvolumeclaim_status_phase{phase="Pending"})',
            },
          },
        ],
      },
    },
  };
}

export const storageClasses = defineAddon({
  name: "storage-classes",
  key: "storage",
  title: "Storage classes by tier, and the class of snapshots",
  // Cluster-wide objects only.
  namespace: { name: "kube-system" },
  on: () => true,
  needs: [],
  uses: ["snapshot-controller", "aws-ebs-csi-driver", "aws-efs-csi-driver"],
  requires: (_, site) => (isOnEks(site) ? [{ oneOf: ["aws-ebs-csi-driver"], why: "to make volumes" }] : []),
  kinds: [],
  config: storageSettings,
  values: () => ({}),
  problems: storageProblems,
  resources: (scope) => [...makeClasses(scope), ...snapshotClass(scope)],
  monitoring,
});
