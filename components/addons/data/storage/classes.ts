import type * as pulumi from "@pulumi/pulumi";
import type { AwsCloud } from "../../../clusters";
import { type StorageSettings, TIERS, type Tier, tiersOf } from "./settings";

/** A storage class, decided. */
export interface TierClass {
  readonly tier: Tier;
  readonly provisioner: string;
  readonly parameters: Readonly<Record<string, pulumi.Input<string>>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly expandable: boolean;
  readonly binding: "WaitForFirstConsumer" | "Immediate";
}

/** The classes of a cluster that is not made in AWS, without those that are there. */
export function classesOfSettings(cluster: string, settings: StorageSettings): TierClass[] {
  const tiers = tiersOf(cluster, settings);
  return TIERS.flatMap((tier) => {
    const chosen = tiers[tier];
    return chosen === undefined || chosen === "present" ? [] : [{ tier, ...chosen }];
  });
}

/** The classes of EBS, encrypted with the cluster's own key. Source: the driver's documentation, StorageClass parameters. */
export function ebsClasses({ keyArn }: Pick<AwsCloud, "keyArn">, { aws }: StorageSettings): TierClass[] {
  const ebs = (tier: Tier, parameters: Readonly<Record<string, string>>): TierClass => ({
    tier,
    provisioner: "ebs.csi.aws.com",
    parameters: { ...parameters, encrypted: "true", kmsKeyId: keyArn },
    annotations: {},
    expandable: true,
    binding: "WaitForFirstConsumer",
  });
  return [
    ebs("standard", { type: "gp3" }),
    // A small volume has at least the hundred operations a second that AWS asks for.
    ebs("fast", { type: "io2", iopsPerGB: String(aws.iopsPerGB), allowAutoIOPSPerGBIncrease: "true" }),
    ebs("archive", { type: aws.archive }),
  ];
}
