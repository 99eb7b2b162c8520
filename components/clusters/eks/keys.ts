import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { EksPlan } from "../../fleet";
import { type GrantStatement, resourcePolicy } from "./policy";

/** The account and the part of AWS that a cluster is in. */
export interface Place {
  readonly account: pulumi.Output<string>;
  /** `aws`, `aws-us-gov`: the first part of every ARN. */
  readonly partition: string;
  readonly region: string;
}

/** Arguments of {@link EksKeys}. */
export interface EksKeysArgs extends Place {
  readonly plan: EksPlan;
}

/**
 * The cluster's own keys: one for Kubernetes' Secrets, which only the control plane uses, and one for everything else that
 * holds data. Whoever may read a bucket cannot read Secrets by that.
 */
export class EksKeys extends pulumi.ComponentResource {
  /** Envelope encryption of Kubernetes' Secrets. */
  readonly secrets: aws.kms.Key;
  /** Volumes, buckets, logs, queues and images. */
  readonly data: aws.kms.Key;

  constructor(name: string, { plan, ...place }: EksKeysArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:clusters:EksKeys", name, {}, opts);
    const make = (
      use: string,
      description: string,
      policy: readonly GrantStatement[],
      opts: pulumi.CustomResourceOptions,
    ) => {
      const key = customerKey(
        `${name}-${use}`,
        { description: `${plan.physicalName}: ${description}`, policy, alias: `${plan.physicalName}-${use}` },
        { parent: this, protect: plan.protect, ...opts },
      );
      return key;
    };
    this.secrets = make("secrets", "Kubernetes' Secrets", [administration(place)], {});
    // Buckets stay when a production cluster goes, and without their key nobody could read them.
    this.data = make("data", "volumes, buckets, logs, queues and images", dataPolicy(place), {
      retainOnDelete: plan.retain,
      ...(plan.adopt === undefined ? {} : { import: plan.adopt.dataKey }),
    });
    this.registerOutputs({ secrets: this.secrets.arn, data: this.data.arn });
  }
}

/** Arguments of {@link customerKey}. */
export interface CustomerKeyArgs {
  readonly description: string;
  readonly policy: readonly GrantStatement[];
  /** Name by which people find it, without `alias/`. */
  readonly alias: string;
}

/** A key of the customer's, which AWS rotates every year. */
export function customerKey(
  name: string,
  { description, policy, alias }: CustomerKeyArgs,
  opts: pulumi.CustomResourceOptions,
): aws.kms.Key {
  const key = new aws.kms.Key(
    name,
    { description, enableKeyRotation: true, deletionWindowInDays: 30, policy: resourcePolicy(policy) },
    opts,
  );
  new aws.kms.Alias(
    `${name}-alias`,
    { name: `alias/${alias}`, targetKeyId: key.id },
    { parent: opts.parent, provider: opts.provider },
  );
  return key;
}

/** In a key's own policy `*` is the key, and nothing else. Source: AWS KMS, "Key policies". */
const THIS_KEY = ["*"];

const USE = [
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
];

/** What AWS' default policy of a key gives to the account beside its use, spelled out. */
const ADMINISTER = [
  "kms:CancelKeyDeletion",
  "kms:CreateAlias",
  "kms:CreateGrant",
  "kms:DeleteAlias",
  "kms:DisableKey",
  "kms:DisableKeyRotation",
  "kms:EnableKey",
  "kms:EnableKeyRotation",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListAliases",
  "kms:ListGrants",
  "kms:ListKeyPolicies",
  "kms:ListKeyRotations",
  "kms:ListResourceTags",
  "kms:PutKeyPolicy",
  "kms:ReplicateKey",
  "kms:RetireGrant",
  "kms:RevokeGrant",
  "kms:RotateKeyOnDemand",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:UpdateAlias",
  "kms:UpdateKeyDescription",
];

/** Leaves it to IAM who of the account may do what; without it the key could not be managed by anyone. */
export function administration(place: Pick<Place, "account" | "partition">): GrantStatement {
  return { principal: { AWS: rootOf(place) }, actions: [...USE, ...ADMINISTER], resources: THIS_KEY };
}

/** The same of a key that only those use whom its policy names: who administers the account does not. */
export function custody(
  place: Pick<Place, "account" | "partition">,
  users: readonly string[],
  actions: readonly string[] = USE,
): GrantStatement[] {
  // Nor by a grant, which would give use of the key past its policy.
  const caring = ADMINISTER.filter((action) => action !== "kms:CreateGrant");
  const care = { principal: { AWS: rootOf(place) }, actions: ["kms:DescribeKey", ...caring], resources: THIS_KEY };
  return [care, { principal: { AWS: users }, actions, resources: THIS_KEY }];
}

function rootOf({ account, partition }: Pick<Place, "account" | "partition">): pulumi.Output<string> {
  return pulumi.interpolate`arn:${partition}:iam::${account}:root`;
}

/** Who uses the key that IAM policies cannot speak of: services of AWS, for this account and region only. */
function dataPolicy(place: Place): GrantStatement[] {
  const { account, partition } = place;
  const autoScaling = pulumi.interpolate`arn:${partition}:iam::${account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;
  const byAutoScaling = { "kms:CallerAccount": account, "aws:PrincipalArn": autoScaling };
  return [
    administration(place),
    {
      // Node groups start instances by this role. It is named in a condition, as a principal must exist already, and an
      // account has it only after its first group. Source: Amazon EC2 Auto Scaling, "Required KMS key policy".
      principal: { AWS: "*" },
      actions: USE,
      resources: THIS_KEY,
      conditions: { StringEquals: byAutoScaling },
    },
    {
      principal: { AWS: "*" },
      actions: ["kms:CreateGrant"],
      resources: THIS_KEY,
      conditions: { StringEquals: byAutoScaling, Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
    logsUse(place),
    {
      principal: { Service: "events.amazonaws.com" },
      actions: ["kms:Decrypt", "kms:GenerateDataKey"],
      resources: THIS_KEY,
      conditions: { StringEquals: { "aws:SourceAccount": account } },
    },
  ];
}

/** CloudWatch encrypts log groups of this account. Source: AWS, "Encrypt log data in CloudWatch Logs using KMS". */
export function logsUse({ account, partition, region }: Place): GrantStatement {
  const groups = pulumi.interpolate`arn:${partition}:logs:${region}:${account}:log-group:*`;
  return {
    principal: { Service: `logs.${region}.amazonaws.com` },
    actions: USE,
    resources: THIS_KEY,
    conditions: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": groups } },
  };
}

/** The account that settings name, or that the credentials belong to. */
export function accountOf(accountId: string | undefined, parent: pulumi.Resource): pulumi.Output<string> {
  return accountId === undefined ? aws.getCallerIdentityOutput({}, { parent }).accountId : pulumi.output(accountId);
}
