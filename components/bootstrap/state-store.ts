import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bucketName, custody, customerKey, makeBucket, type Place } from "../clusters";
import type { BootstrapPlan } from "./plan";

/** Arguments of {@link StateStore}. */
export interface StateStoreArgs extends Place {
  readonly plan: BootstrapPlan;
}

/** What it takes to have old states, should a new one be broken or removed. */
const OLD_STATES_DAYS = 365;

const READ = ["s3:GetObject", "s3:GetObjectVersion"];
const WRITE = ["s3:PutObject", "s3:DeleteObject"];
const LIST = ["s3:ListBucket", "s3:ListBucketVersions"];

/**
 * Where stacks keep their states, and the key that the secrets in them are encrypted with. Both name who may use them:
 * nobody else does, not even an administrator of the account, unless they change these policies first.
 */
export class StateStore extends pulumi.ComponentResource {
  /** For `pulumi login`. */
  readonly backend: pulumi.Output<string>;
  /** For `pulumi stack init --secrets-provider`. */
  readonly secretsProvider: string;

  constructor(name: string, { plan, ...place }: StateStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:bootstrap:StateStore", name, {}, opts);
    const { stack, writers, readers, region } = plan;
    const users = [...writers, ...readers];
    // Without them every state is lost, and with the states the way to change or remove what they describe.
    const kept = { parent: this, protect: true, retainOnDelete: true };
    const policy = custody(place, users);
    const secrets = `${stack}-secrets`;
    customerKey(`${name}-secrets`, { description: `${stack}: secrets in states`, policy, alias: secrets }, kept);
    const key = customerKey(
      `${name}-key`,
      { description: `${stack}: states of stacks`, policy, alias: `${stack}-state` },
      kept,
    );
    const { bucket } = makeBucket(
      name,
      {
        physical: bucketName(place.account, stack, "state"),
        keyArn: key.arn,
        lifecycle: { oldVersions: OLD_STATES_DAYS },
        policy: (made) => bucketStatements(made, writers, users),
      },
      kept,
    );
    this.backend = pulumi.interpolate`s3://${bucket.bucket}?region=${region}&awssdk=v2`;
    this.secretsProvider = `awskms://alias/${secrets}?region=${region}`;
    this.registerOutputs({ backend: this.backend, secretsProvider: this.secretsProvider });
  }
}

/** Who may do what with states; everybody else is refused, whatever IAM says. */
function bucketStatements(bucket: aws.s3.Bucket, writers: readonly string[], users: readonly string[]) {
  const objects = [pulumi.interpolate`${bucket.arn}/*`];
  const all = [bucket.arn, ...objects];
  return [
    { principal: { AWS: users }, actions: LIST, resources: [bucket.arn] },
    { principal: { AWS: users }, actions: READ, resources: objects },
    { principal: { AWS: writers }, actions: WRITE, resources: objects },
    {
      effect: "Deny" as const,
      principal: { AWS: "*" as const },
      actions: [...READ, ...WRITE, ...LIST],
      resources: all,
      conditions: { ArnNotEquals: { "aws:PrincipalArn": users } },
    },
    {
      // Old states go by their age, and by nobody's hand.
      effect: "Deny" as const,
      principal: { AWS: "*" as const },
      actions: ["s3:DeleteObjectVersion"],
      resources: objects,
    },
    {
      effect: "Deny" as const,
      principal: { AWS: "*" as const },
      actions: WRITE,
      resources: objects,
      conditions: { ArnNotEquals: { "aws:PrincipalArn": writers } },
    },
  ];
}
