import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AwsPlan, EksPlan } from "../../fleet";
import { LIMITS, physicalName, repositoryPrefix } from "./names";
import { policyDocument, trustPolicy } from "./policy";

/** Arguments of {@link EksRegistry}. */
export interface EksRegistryArgs {
  readonly plan: EksPlan;
  readonly scanning: AwsPlan["imageScanning"];
  readonly account: pulumi.Output<string>;
  /** Encrypts the images. */
  readonly keyArn: pulumi.Output<string>;
  readonly tags: Readonly<Record<string, string>>;
}

/** Images without a tag are what a newer build replaced. */
const LIFECYCLE = {
  rules: [
    {
      rulePriority: 1,
      description: "Images that no tag names any more",
      selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 14 },
      action: { type: "expire" },
    },
  ],
};

/**
 * Tags that move: kpack's newest image of a component beside those that it numbers, caches of builds, and cosign's
 * signatures, which grow when an image is signed again.
 */
const MOVING_TAGS = ["latest", "build-cache", "sha256-*.sig"];

/**
 * The account's registry (ECR), for images that are built on the cluster: a repository comes into being with the first push
 * below the cluster's prefix, encrypted, with tags of images that never move, scanned at every push.
 */
export class EksRegistry extends pulumi.ComponentResource {
  constructor(name: string, args: EksRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:clusters:EksRegistry", name, {}, opts);
    const { plan, account, keyArn, tags, scanning } = args;
    const own = { parent: this };
    const { role, granted } = creationRole(name, plan, account, keyArn, this);
    new aws.ecr.RepositoryCreationTemplate(
      name,
      {
        prefix: repositoryPrefix(plan),
        description: `Images built on ${plan.physicalName}`,
        appliedFors: ["CREATE_ON_PUSH"],
        imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
        imageTagMutabilityExclusionFilters: MOVING_TAGS.map((filter) => ({ filter, filterType: "WILDCARD" })),
        encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: keyArn }],
        lifecyclePolicy: JSON.stringify(LIFECYCLE),
        customRoleArn: role.arn,
        resourceTags: { ...tags },
      },
      { ...own, dependsOn: granted },
    );
    if (scanning !== "none") {
      new aws.ecr.RegistryScanningConfiguration(
        `${name}-scanning`,
        {
          scanType: scanning.toUpperCase(),
          rules: [{ scanFrequency: "SCAN_ON_PUSH", repositoryFilters: [{ filter: "*", filterType: "WILDCARD" }] }],
        },
        // One setting for all registries of the account in the region: another stack may rely on it.
        { ...own, retainOnDelete: true },
      );
    }
    this.registerOutputs();
  }
}

/** What ECR makes repositories with. Source: AWS, "IAM permissions for creating repository creation templates". */
function creationRole(
  name: string,
  plan: EksPlan,
  account: pulumi.Output<string>,
  keyArn: pulumi.Output<string>,
  parent: pulumi.Resource,
) {
  const role = new aws.iam.Role(
    `${name}-role`,
    {
      name: physicalName(LIMITS.role, plan.physicalName, "registry"),
      assumeRolePolicy: trustPolicy("ecr.amazonaws.com", { StringEquals: { "aws:SourceAccount": account } }),
    },
    { parent },
  );
  const repositories = pulumi.interpolate`arn:${plan.partition}:ecr:${plan.region}:${account}:repository/${repositoryPrefix(plan)}/*`;
  const policy = new aws.iam.RolePolicy(
    `${name}-policy`,
    {
      role: role.id,
      policy: policyDocument([
        { actions: ["ecr:CreateRepository", "ecr:ReplicateImage", "ecr:TagResource"], resources: [repositories] },
        { actions: ["kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant"], resources: [keyArn] },
      ]),
    },
    { parent },
  );
  return { role, granted: [policy] };
}
