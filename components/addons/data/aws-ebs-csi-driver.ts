import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { AwsCloud, CloudIdentity, PolicyStatement } from "../../clusters";
import { defineAddon } from "../addon";
import { PINS } from "../charts";
import { type AddonTarget, isOn, isOnEks } from "../contract";

const NAMESPACE = "kube-system";

/** The chart's own names. */
const SERVICE_ACCOUNT = "ebs-csi-controller-sa";

/** Tag of every volume and snapshot that the driver makes; its rights end there. */
const OWN_TAG = "ebs.csi.aws.com/cluster";

const config = (profile: "development" | "production") =>
  z
    .strictObject({
      enabled: z.boolean().default(true),
      replicas: z
        .int()
        .min(1)
        .max(5)
        .default(profile === "production" ? 2 : 1)
        .describe("Replicas of the controller."),
    })
    .describe("The driver of EBS volumes on clusters that are made in AWS.");
export type EbsCsiConfig = z.output<ReturnType<typeof config>>;

/** Source: the chart's values.yaml. Classes are made by the add-on `storage-classes`. */
export function ebsCsiValues(target: AddonTarget, { replicas }: EbsCsiConfig) {
  const { cloud } = target.connection;
  return {
    controller: {
      replicaCount: replicas,
      podDisruptionBudget: { enabled: replicas > 1 },
      // Pods do not reach the instance's metadata, which would say it.
      region: cloud?.region,
      k8sTagClusterId: cloud?.clusterName,
      extraVolumeTags: cloud?.tags ?? {},
      loggingFormat: "json",
    },
    // Whether the kinds are there must not depend on what was installed first.
    sidecars: { snapshotter: { forceEnable: isOn(target, "snapshot-controller") } },
    node: { enableWindows: false, loggingFormat: "json" },
    helmTester: { enabled: false },
  };
}

/** What the driver may do. Source: docs/example-iam-policy.json of the driver, narrowed to its own tag. */
function statements({ partition, region, account, keyArn }: AwsCloud): PolicyStatement[] {
  const arn = (what: string) => pulumi.interpolate`arn:${partition}:ec2:${region}:${account}:${what}/*`;
  // Snapshots belong to no account in their ARNs.
  const snapshots = pulumi.interpolate`arn:${partition}:ec2:${region}::snapshot/*`;
  const requested = { StringEquals: { [`aws:RequestTag/${OWN_TAG}`]: "true" } };
  const owned = { StringEquals: { [`aws:ResourceTag/${OWN_TAG}`]: "true" } };
  return [
    { actions: DESCRIBE, resources: ["*"] },
    { actions: ["ec2:CreateVolume"], resources: [arn("volume")], conditions: requested },
    { actions: ["ec2:CreateVolume"], resources: [snapshots] },
    { actions: ["ec2:CreateSnapshot"], resources: [snapshots], conditions: requested },
    { actions: ["ec2:CreateSnapshot"], resources: [arn("volume")] },
    {
      actions: ["ec2:CreateTags"],
      resources: [arn("volume"), snapshots],
      conditions: { StringEquals: { "ec2:CreateAction": ["CreateVolume", "CreateSnapshot"] } },
    },
    { actions: ["ec2:AttachVolume", "ec2:DetachVolume"], resources: [arn("instance")] },
    {
      actions: ["ec2:AttachVolume", "ec2:DetachVolume", "ec2:ModifyVolume", "ec2:DeleteVolume"],
      resources: [arn("volume")],
      conditions: owned,
    },
    { actions: ["ec2:DeleteSnapshot"], resources: [snapshots], conditions: owned },
    { actions: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext"], resources: [keyArn] },
    {
      actions: ["kms:CreateGrant"],
      resources: [keyArn],
      conditions: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
}

/** What AWS lets nobody narrow to a resource. */
const DESCRIBE = [
  "ec2:DescribeAvailabilityZones",
  "ec2:DescribeInstances",
  "ec2:DescribeSnapshots",
  "ec2:DescribeTags",
  "ec2:DescribeVolumes",
  "ec2:DescribeVolumesModifications",
  "ec2:DescribeVolumeStatus",
];

function identities({ connection: { cloud } }: AddonTarget): CloudIdentity[] {
  if (cloud === undefined) return [];
  return [{ namespace: NAMESPACE, serviceAccount: SERVICE_ACCOUNT, statements: statements(cloud) }];
}

export const ebsCsiDriver = defineAddon({
  name: "aws-ebs-csi-driver",
  key: "ebsCsi",
  title: "EBS volumes, encrypted with the cluster's own key",
  chart: PINS["aws-ebs-csi-driver"],
  namespace: { name: NAMESPACE },
  on: isOnEks,
  needs: ["cilium"],
  uses: ["snapshot-controller"],
  kinds: [],
  config,
  values: ebsCsiValues,
  identities,
});
