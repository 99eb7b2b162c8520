import { belongingTo, blocks, isHidden, statementsOf } from "../lib/aws";
import { anyOf, type Resource, resourceRule, type StackView, stackRule, type, types, wholeNumber } from "../lib/rule";
import { at, differs, isMissing, isOff, isOn, isOpen, items, text, UNKNOWN } from "../lib/values";

const BUCKET = types("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2");
const ENCRYPTION = types(
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
);
const ACCESS_BLOCK = type("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock");
const POLICY = type("aws:s3/bucketPolicy:BucketPolicy");
const VERSIONING = types("aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucketVersioningV2:BucketVersioningV2");

/** Reports every bucket that has no companion of `companions` that holds. */
function eachBucketHas(
  stack: StackView,
  companions: typeof ENCRYPTION,
  holds: (companion: Resource) => boolean,
  report: (bucket: Resource) => void,
): void {
  for (const bucket of stack.ofType(BUCKET))
    if (!belongingTo(bucket, "bucket", stack, companions).some(holds)) report(bucket);
}

export const awsBucketsEncrypted = stackRule({
  name: "aws-buckets-encrypted",
  description: "Every bucket encrypts what is put into it with a key of ours.",
  severity: "high",
  reason: "with AWS' own key whoever may read the bucket reads everything, and no key can be taken away",
  fix: "Add a BucketServerSideEncryptionConfiguration with sseAlgorithm aws:kms and kmsMasterKeyId.",
  checkStack: (stack, report) =>
    eachBucketHas(stack, ENCRYPTION, encryptsByKey, (bucket) => report("the bucket is not encrypted by a key", bucket)),
});

function encryptsByKey({ props }: Resource): boolean {
  if (isHidden(props.rules)) return true;
  return blocks(props.rules).some((rule) => {
    const how = at(rule, "applyServerSideEncryptionByDefault");
    return how === UNKNOWN || (!differs(at(how, "sseAlgorithm"), "aws:kms") && !isMissing(at(how, "kmsMasterKeyId")));
  });
}

const BLOCKS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

export const awsBucketsPrivate = stackRule({
  name: "aws-buckets-private",
  description: "No bucket can be made public.",
  severity: "critical",
  reason: "one policy that was meant for another bucket is enough",
  fix: `Add a BucketPublicAccessBlock with ${BLOCKS.join(", ")}.`,
  checkStack: (stack, report) =>
    eachBucketHas(
      stack,
      ACCESS_BLOCK,
      ({ props }) => BLOCKS.every((key) => !isOff(props[key])),
      (bucket) => report("the bucket can be made public", bucket),
    ),
});

export const awsBucketsTlsOnly = stackRule({
  name: "aws-buckets-tls-only",
  description: "Every bucket refuses requests without TLS.",
  severity: "high",
  reason: "S3 also answers by HTTP unless a policy forbids it",
  fix: "Add a BucketPolicy that denies s3:* where aws:SecureTransport is false.",
  checkStack: (stack, report) =>
    eachBucketHas(
      stack,
      POLICY,
      ({ props }) => props.policy === UNKNOWN || statementsOf(props.policy).some(deniesPlain),
      (bucket) => report("the bucket answers without TLS", bucket),
    ),
});

function deniesPlain({ allows, actions, conditions }: ReturnType<typeof statementsOf>[number]): boolean {
  const secure = at(conditions, "Bool", "aws:SecureTransport");
  return !allows && actions.includes("s3:*") && (secure === "false" || secure === false);
}

export const awsBucketsVersioned = stackRule({
  name: "aws-buckets-versioned",
  description: "Every bucket keeps earlier versions.",
  severity: "high",
  reason: "what is deleted or overwritten, by mistake or by an attacker, is then gone",
  fix: "Add a BucketVersioning with status Enabled, and a lifecycle rule that ends old versions.",
  checkStack: (stack, report) =>
    eachBucketHas(
      stack,
      VERSIONING,
      ({ props }) => !differs(at(props, "versioningConfiguration", "status"), "Enabled"),
      (bucket) => report("the bucket keeps no earlier versions", bucket),
    ),
});

export const awsBucketsNoAcl = resourceRule({
  name: "aws-buckets-no-acl",
  description: "No bucket is given away by an access control list.",
  severity: "critical",
  reason: "lists are older than policies, and public-read is one word",
  fix: "Remove acl, and set objectOwnership to BucketOwnerEnforced.",
  appliesTo: anyOf(BUCKET, types("aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketAclV2:BucketAclV2")),
  check: ({ props }, report) => {
    const acl = text(props.acl);
    if (acl !== undefined && acl !== "private") report("the bucket is given away by its acl");
  },
});

export const awsFilesEncrypted = resourceRule({
  name: "aws-files-encrypted",
  description: "File systems that pods share are encrypted.",
  severity: "high",
  reason: "a file system cannot be encrypted later",
  fix: "Set encrypted to true, with the key of the cluster in kmsKeyId.",
  appliesTo: type("aws:efs/fileSystem:FileSystem"),
  check: ({ props }, report) => {
    if (isOff(props.encrypted)) report("the file system is not encrypted");
  },
});

export const awsQueuesEncrypted = resourceRule({
  name: "aws-queues-encrypted",
  description: "Queues and topics are encrypted.",
  severity: "medium",
  reason: "messages name machines, accounts and what happens to them",
  fix: "Set kmsMasterKeyId, or sqsManagedSseEnabled for a queue.",
  appliesTo: types("aws:sqs/queue:Queue", "aws:sns/topic:Topic"),
  check: ({ props }, report) => {
    if (isMissing(props.kmsMasterKeyId) && !isOn(props.sqsManagedSseEnabled) && props.sqsManagedSseEnabled !== UNKNOWN)
      report("messages are not encrypted");
  },
});

export const awsLogsKept = resourceRule({
  name: "aws-logs-kept",
  description: "Logs are kept for a time that is set, and encrypted.",
  severity: "medium",
  reason: "without a time they are kept, and paid for, for ever; too short, and nothing can be looked up",
  fix: "Set retentionInDays, and kmsKeyId.",
  options: { days: wholeNumber("Days that logs are kept at least.", 30) },
  appliesTo: type("aws:cloudwatch/logGroup:LogGroup"),
  check: ({ props }, report, { days }) => {
    const kept = props.retentionInDays ?? 0;
    if (kept === 0) report("logs are kept for ever");
    else if (typeof kept === "number" && kept < days) report(`logs are kept for ${kept} days`);
    if (isMissing(props.kmsKeyId)) report("logs are not encrypted with a key");
  },
});

export const awsKeysRotate = resourceRule({
  name: "aws-keys-rotate",
  description: "Keys are rotated every year, and are not deleted at once.",
  severity: "medium",
  reason: "what is encrypted with a deleted key is gone; a rotated key limits what a stolen one opens",
  fix: "Set enableKeyRotation to true, and deletionWindowInDays to 7 or more.",
  appliesTo: type("aws:kms/key:Key"),
  check: ({ props }, report) => {
    const symmetric = props.keyUsage === undefined || props.keyUsage === "ENCRYPT_DECRYPT";
    if (symmetric && isOff(props.enableKeyRotation)) report("the key is not rotated");
    if (isOn(props.bypassPolicyLockoutSafetyCheck)) report("the key may lock everybody out");
  },
});

export const awsImagesImmutable = resourceRule({
  name: "aws-images-immutable",
  description: "Tags of images cannot be moved.",
  severity: "high",
  reason: "who can move a tag changes what runs without a deployment",
  fix: "Set imageTagMutability to IMMUTABLE.",
  appliesTo: types("aws:ecr/repository:Repository", "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate"),
  check: ({ props }, report) => {
    const mutability = props.imageTagMutability;
    if (mutability !== UNKNOWN && !String(mutability).startsWith("IMMUTABLE")) report("tags can be moved");
  },
});

export const awsImagesEncrypted = resourceRule({
  name: "aws-images-encrypted",
  description: "Images are encrypted with a key of ours.",
  severity: "medium",
  reason: "images hold the source of everything that runs",
  fix: "Set encryptionConfigurations to encryptionType KMS with kmsKey.",
  appliesTo: types("aws:ecr/repository:Repository", "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate"),
  check: ({ props }, report) => {
    const configurations = props.encryptionConfigurations;
    if (isOpen(configurations)) return;
    const byKey = items(configurations).some((one) => !differs(at(one, "encryptionType"), "KMS"));
    if (!byKey) report("images are not encrypted by a key");
  },
});
