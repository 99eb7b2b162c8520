import { z } from "zod";
import { defineAddon } from "../addon";
import { PINS } from "../charts";
import type { AddonTarget } from "../contract";
import type { Kind } from "../gate";

const KINDS: readonly (readonly [kind: string, plural: string, group: string, scope: Kind["scope"]])[] = [
  ["VolumeSnapshot", "volumesnapshots", "snapshot", "Namespaced"],
  ["VolumeSnapshotClass", "volumesnapshotclasses", "snapshot", "Cluster"],
  ["VolumeSnapshotContent", "volumesnapshotcontents", "snapshot", "Cluster"],
  ["VolumeGroupSnapshot", "volumegroupsnapshots", "groupsnapshot", "Namespaced"],
  ["VolumeGroupSnapshotClass", "volumegroupsnapshotclasses", "groupsnapshot", "Cluster"],
  ["VolumeGroupSnapshotContent", "volumegroupsnapshotcontents", "groupsnapshot", "Cluster"],
];

/** Version that every CSI driver and Velero ask for; groups of snapshots are younger. */
const VERSIONS: Readonly<Record<string, string>> = { snapshot: "v1", groupsnapshot: "v1beta2" };

const config = (profile: "development" | "production") =>
  z
    .strictObject({
      enabled: z.boolean().default(true).describe("Off where every cluster has one already, as many clouds do."),
      replicas: z
        .int()
        .min(1)
        .max(5)
        .default(profile === "production" ? 2 : 1),
    })
    .describe("Volume snapshots: their kinds and the controller.");
export type SnapshotControllerConfig = z.output<ReturnType<typeof config>>;

/** Source: the chart's values.yaml; groups of snapshots are off, as the platform uses none. */
export function snapshotControllerValues(_target: AddonTarget, { replicas }: SnapshotControllerConfig) {
  return {
    installCRDs: true,
    controller: {
      replicaCount: replicas,
      args: { featureGates: "CSIVolumeGroupSnapshot=false" },
      ...(replicas > 1 ? { pdb: { minAvailable: 1 } } : {}),
      priorityClassName: "system-cluster-critical",
      resources: { requests: { cpu: "10m", memory: "40Mi" }, limits: { memory: "256Mi" } },
    },
  };
}

export const snapshotController = defineAddon({
  name: "snapshot-controller",
  key: "snapshotController",
  title: "Kinds and controller of volume snapshots",
  chart: PINS["snapshot-controller"],
  namespace: { name: "kube-system" },
  on: () => true,
  needs: ["cilium"],
  kinds: KINDS.map(([kind, plural, group, scope]) => ({
    group: `${group}.storage.k8s.io`,
    version: VERSIONS[group] ?? "v1",
    kind,
    plural,
    scope,
    registeredBy: "release" as const,
  })),
  config,
  values: snapshotControllerValues,
  monitoring: () => ({
    scrapes: [
      {
        name: "snapshot-controller",
        of: "pods",
        labels: { "app.kubernetes.io/name": "snapshot-controller" },
        port: "http",
      },
    ],
    alerts: [
      {
        alert: "VolumeSnapshotsHang",
        expr: "min_over_time(snapshot_controller_operations_in_flight[5m]) > 0",
        for: "30m",
        severity: "warning",
        summary: "A volume snapshot has been neither taken nor deleted for half an hour",
        runbook: "kubectl describe volumesnapshots,volumesnapshotcontents -A shows the driver's own message.",
      },
    ],
  }),
});
