import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { CloudIdentity, PolicyStatement } from "../../clusters";
import { defineAddon } from "../addon";
import { PINS } from "../charts";
import { type AddonTarget, isOnEks } from "../contract";

const NAMESPACE = "kube-system";

/** The chart's own name. */
const SERVICE_ACCOUNT = "efs-csi-controller-sa";

/** Tag of every access point that the driver makes; its rights end there. */
const OWN_TAG = "efs.csi.aws.com/cluster";

const config = (profile: "development" | "production") =>
  z
    .strictObject({
      enabled: z.boolean().default(true).describe("Off where no volume is shared across zones."),
      replicas: z
        .int()
        .min(1)
        .max(5)
        .default(profile === "production" ? 2 : 1)
        .describe("Replicas of the controller."),
    })
    .describe("The driver of EFS volumes, which are shared across zones, on clusters that are made in AWS.");
export type EfsCsiConfig = z.output<ReturnType<typeof config>>;

/** Source: the chart's values.yaml. The file system and its class are made by the add-on `storage-classes`. */
export function efsCsiValues({ connection: { cloud } }: AddonTarget, { replicas }: EfsCsiConfig) {
  // Pods do not reach the instance's metadata, which would say it.
  const env = cloud === undefined ? [] : [{ name: "AWS_REGION", value: cloud.region }];
  return {
    controller: {
      replicaCount: replicas,
      env,
      podDisruptionBudget: { enabled: replicas > 1 },
    },
    node: { env },
    useHelmHooksForCSIDriver: false,
  };
}

/** Source: docs/iam-policy-example.json of the driver. */
function identities({ connection: { cloud } }: AddonTarget): CloudIdentity[] {
  if (cloud === undefined) return [];
  const efs = (...actions: readonly string[]) => actions.map((action) => `elasticfilesystem:${action}`);
  const { partition, region, account } = cloud;
  const named = (kind: "access-point" | "file-system") =>
    pulumi.interpolate`arn:${partition}:elasticfilesystem:${region}:${account}:${kind}/*`;
  const statements: PolicyStatement[] = [
    {
      actions: [
        ...efs("DescribeAccessPoints", "DescribeFileSystems", "DescribeMountTargets"),
        "ec2:DescribeAvailabilityZones",
      ],
      resources: ["*"],
    },
    {
      actions: efs("CreateAccessPoint", "TagResource"),
      resources: [named("file-system"), named("access-point")],
      conditions: { StringEquals: { [`aws:RequestTag/${OWN_TAG}`]: "true" } },
    },
    {
      actions: efs("DeleteAccessPoint"),
      resources: [named("access-point")],
      conditions: { StringEquals: { [`aws:ResourceTag/${OWN_TAG}`]: "true" } },
    },
  ];
  return [{ namespace: NAMESPACE, serviceAccount: SERVICE_ACCOUNT, statements }];
}

export const efsCsiDriver = defineAddon({
  name: "aws-efs-csi-driver",
  key: "efsCsi",
  title: "EFS volumes, shared across zones",
  chart: PINS["aws-efs-csi-driver"],
  namespace: { name: NAMESPACE },
  on: isOnEks,
  needs: ["cilium"],
  kinds: [],
  leaves: { "CSIDriver efs.csi.aws.com": "kept by the chart, for volumes that outlive the driver" },
  config,
  values: efsCsiValues,
  identities,
});
