import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { FleetPlan } from "../../fleet";

/** Tags that every resource in AWS has. */
export type AwsTags = Readonly<Record<"stack" | "cluster" | "owner" | "cost-center", string>>;

/** Who answers for what is made, and who pays. */
export interface Ownership {
  readonly owner: string;
  readonly costCenter: string;
}

/** @param cluster Cluster that a resource belongs to; what belongs to no single one says `fleet`. */
export function tagsOf({ stack, aws: common }: Pick<FleetPlan, "stack" | "aws">, cluster: string): AwsTags {
  if (common === undefined) throw new Error("nothing is said of AWS");
  return ownershipTags(stack, cluster, common);
}

/** The same of a stack without a fleet. */
export function ownershipTags(stack: string, cluster: string, { owner, costCenter }: Ownership): AwsTags {
  return { stack, cluster, owner, "cost-center": costCenter };
}

/** Arguments of {@link awsProvider}. */
export interface AwsProviderArgs {
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
  /** With credentials of another account it does nothing. Default: any account. */
  readonly accountId?: string;
}

/** A provider for one region, which tags whatever it makes. */
export function awsProvider(
  name: string,
  { region, tags, accountId }: AwsProviderArgs,
  parent?: pulumi.Resource,
): aws.Provider {
  return new aws.Provider(
    name,
    {
      region,
      defaultTags: { tags: { ...tags } },
      allowedAccountIds: accountId === undefined ? undefined : [accountId],
    },
    { parent },
  );
}
