import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { EksPlan } from "../../fleet";
import type { BucketUse } from "../cloud";
import type { MadeBucket } from "./bucket";
import { LIMITS, physicalName } from "./names";
import { policyDocument, trustPolicy } from "./policy";

/** Arguments of {@link replicate}. */
export interface ReplicationArgs {
  readonly source: MadeBucket;
  readonly replica: MadeBucket;
  readonly plan: EksPlan;
  readonly use: BucketUse;
  readonly keyArn: pulumi.Output<string>;
  readonly replicaKeyArn: pulumi.Output<string>;
}

/** Copies every new object of a bucket to one in another region. What is deleted here stays there until it expires. */
export function replicate(name: string, args: ReplicationArgs, parent: pulumi.Resource): void {
  const { source, replica, plan, use } = args;
  const role = new aws.iam.Role(
    `${name}-role`,
    {
      name: physicalName(LIMITS.role, plan.physicalName, use, "replication"),
      assumeRolePolicy: trustPolicy("s3.amazonaws.com"),
    },
    { parent },
  );
  const policy = new aws.iam.RolePolicy(
    `${name}-policy`,
    { role: role.id, policy: policyDocument(replicationStatements(args)) },
    { parent },
  );
  new aws.s3.BucketReplicationConfig(
    name,
    {
      bucket: source.bucket.id,
      role: role.arn,
      rules: [
        {
          id: "everything",
          status: "Enabled",
          filter: { prefix: "" },
          deleteMarkerReplication: { status: "Disabled" },
          // Objects that are encrypted with a customer's key are left out unless this says otherwise.
          sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
          destination: {
            bucket: replica.bucket.arn,
            encryptionConfiguration: { replicaKmsKeyId: args.replicaKeyArn },
          },
        },
      ],
    },
    { parent, dependsOn: [source.versioning, replica.versioning, policy] },
  );
}

/** Source: AWS, "Setting up permissions for live replication". */
function replicationStatements({ source, replica, keyArn, replicaKeyArn }: ReplicationArgs) {
  const objects = (bucket: MadeBucket) => pulumi.interpolate`${bucket.bucket.arn}/*`;
  return [
    { actions: ["s3:GetReplicationConfiguration", "s3:ListBucket"], resources: [source.bucket.arn] },
    {
      actions: ["s3:GetObjectVersionAcl", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"],
      resources: [objects(source)],
    },
    { actions: ["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"], resources: [objects(replica)] },
    { actions: ["kms:Decrypt"], resources: [keyArn] },
    { actions: ["kms:Encrypt", "kms:GenerateDataKey"], resources: [replicaKeyArn] },
  ];
}
