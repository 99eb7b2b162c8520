import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type GrantStatement, resourcePolicy } from "./policy";

/** Days after which an object moves to cheaper storage (default: never), and after which an old version goes. */
export interface Lifecycle {
  readonly archive?: number;
  readonly oldVersions: number;
}

/** A bucket that is complete, and its versioning, which replication waits for. */
export interface MadeBucket {
  readonly bucket: aws.s3.Bucket;
  readonly versioning: aws.s3.BucketVersioning;
}

/** Arguments of {@link makeBucket}. */
export interface BucketArgs {
  readonly physical: pulumi.Input<string>;
  readonly keyArn: pulumi.Input<string>;
  readonly lifecycle: Lifecycle;
  /** Statements of its policy beside the one that asks for TLS. Default: none. */
  readonly policy?: (bucket: aws.s3.Bucket) => readonly GrantStatement[];
}

/**
 * An encrypted, versioned bucket that nobody reaches without TLS or by a public grant.
 * `opts` may keep it when its cluster goes: it is where the data lives that outlives clusters.
 */
export function makeBucket(name: string, args: BucketArgs, opts: pulumi.CustomResourceOptions): MadeBucket {
  const bucket = new aws.s3.Bucket(name, { bucket: args.physical }, opts);
  // Retained like the bucket: without them it would lie open to what its own settings allow.
  const { protect: _, import: __, ...own } = { ...opts, dependsOn: undefined };
  const id = bucket.id;
  new aws.s3.BucketOwnershipControls(
    `${name}-ownership`,
    { bucket: id, rule: { objectOwnership: "BucketOwnerEnforced" } },
    own,
  );
  const access = new aws.s3.BucketPublicAccessBlock(
    `${name}-access`,
    { bucket: id, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
    own,
  );
  new aws.s3.BucketServerSideEncryptionConfiguration(
    `${name}-encryption`,
    {
      bucket: id,
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: args.keyArn },
          // One call to KMS for many objects.
          bucketKeyEnabled: true,
        },
      ],
    },
    own,
  );
  const versioning = new aws.s3.BucketVersioning(
    `${name}-versioning`,
    { bucket: id, versioningConfiguration: { status: "Enabled" } },
    own,
  );
  new aws.s3.BucketPolicy(
    `${name}-policy`,
    { bucket: id, policy: resourcePolicy([tlsOnly(bucket), ...(args.policy?.(bucket) ?? [])]) },
    { ...own, dependsOn: [access] },
  );
  const rules = lifecycleRules(args.lifecycle);
  new aws.s3.BucketLifecycleConfiguration(
    `${name}-lifecycle`,
    { bucket: id, rules },
    { ...own, dependsOn: [versioning] },
  );
  return { bucket, versioning };
}

function tlsOnly(bucket: aws.s3.Bucket): GrantStatement {
  return {
    effect: "Deny",
    principal: { AWS: "*" },
    actions: ["s3:*"],
    resources: [bucket.arn, pulumi.interpolate`${bucket.arn}/*`],
    conditions: { Bool: { "aws:SecureTransport": "false" } },
  };
}

function lifecycleRules({ archive, oldVersions }: Lifecycle) {
  const everything = { filter: { prefix: "" }, status: "Enabled" };
  const versions = {
    id: "old-versions",
    ...everything,
    noncurrentVersionExpiration: { noncurrentDays: oldVersions },
    abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
  };
  if (archive === undefined) return [versions];
  return [versions, { id: "archive", ...everything, transitions: [{ days: archive, storageClass: "STANDARD_IA" }] }];
}
