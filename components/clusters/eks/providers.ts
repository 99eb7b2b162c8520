import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { FleetPlan } from "../../fleet";

/** Tags that every resource in AWS has. */
export type AwsTags = Readonly<Record<"stack" | "cluster" | "owner" | "cost-center", string>>;

/** @param cluster Cluster that a resource belongs to; what belongs to all of them says `fleet`. */
export function tagsOf({ stack, aws: common }: Pick<FleetPlan, "stack" | "aws">, cluster: string): AwsTags {
  if (common === undefined) throw new Error("nothing is said of AWS");
  return { stack, cluster, owner: common.owner, "cost-center": common.costCenter };
}

/** A provider for one region. It tags whatever it makes, and with another account's credentials it does nothing. */
export function awsProvider(
  name: string,
  region: string,
  fleet: FleetPlan,
  tags: AwsTags,
  parent?: pulumi.Resource,
): aws.Provider {
  const { accountId } = fleet.aws ?? {};
  return new aws.Provider(
    name,
    {
      region,
      defaultTags: { tags: { ...tags } },
      ...(accountId === undefined ? {} : { allowedAccountIds: [accountId] }),
    },
    { parent },
  );
}
