import { refuse } from "../errors";
import { arn, between, oneOf } from "../formats";
import type { Call, Model } from "../model";
import { to } from "../model";
import { resolve } from "../references";
import { bucket, key, roleArn, TYPES } from "../targets";
import { at, objects, type Props, text, texts } from "../values";
import { partOf, REPLICATION } from "./s3";
import { requireTrust } from "./trust";

const STORAGE = oneOf(
  ...[
    "STANDARD",
    "REDUCED_REDUNDANCY",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER",
    "DEEP_ARCHIVE",
    "GLACIER_IR",
  ],
);

const replication = partOf(REPLICATION, {
  formats: {
    role: arn("iam", "role/"),
    "rules.status": oneOf("Enabled", "Disabled"),
    "rules.destination.bucket": arn("s3"),
    "rules.destination.storageClass": STORAGE,
    "rules.destination.encryptionConfiguration.replicaKmsKeyId": arn("kms"),
    "rules.priority": between(0, 2_147_483_647),
  },
  references: { role: to(roleArn), "rules.destination.bucket": to(bucket) },
  accept: (call) => {
    if (!isVersioned(call, text(call.args, "bucket"))) {
      refuse("InvalidRequest", "Versioning must be 'Enabled' on the bucket to apply a replication configuration");
    }
    requireTrust(call, text(call.args, "role"), "s3.amazonaws.com", () =>
      refuse("InvalidRequest", `Amazon S3 cannot assume the role ${text(call.args, "role")}`),
    );
    for (const rule of objects(call.args, "rules")) requireRule(call, rule);
  },
});

function requireRule(call: Call, rule: Props): void {
  const destination = text(rule, "destination.bucket").replace("arn:aws:s3:::", "");
  if (!isVersioned(call, destination))
    refuse("InvalidRequest", `Destination bucket must have versioning enabled: ${destination}`);
  const replicaKey = text(rule, "destination.encryptionConfiguration.replicaKmsKeyId");
  const isSelected = text(rule, "sourceSelectionCriteria.sseKmsEncryptedObjects.status") === "Enabled";
  if (replicaKey !== "" && !isSelected) {
    refuse("InvalidRequest", "SseKmsEncryptedObjects must be specified if EncryptionConfiguration is present.");
  }
  if (isSelected && replicaKey === "") {
    refuse("InvalidRequest", "EncryptionConfiguration must be specified if SseKmsEncryptedObjects is enabled.");
  }
  const place = bucket.find?.(destination, call)?.region ?? call.region;
  if (
    replicaKey !== "" &&
    !call.existing.has(replicaKey) &&
    resolve(key, replicaKey, { ...call, region: place }) === undefined
  ) {
    refuse("InvalidRequest", `Key '${replicaKey}' does not exist in ${place}, where bucket ${destination} is.`);
  }
  if (at(rule, "filter") !== undefined && at(rule, "deleteMarkerReplication") === undefined) {
    refuse(
      "InvalidRequest",
      "DeleteMarkerReplication must be specified for this version of Cross Region Replication configuration schema.",
    );
  }
}

function isVersioned({ view, existing }: Call, name: string): boolean {
  if (existing.has(name) || existing.has(`arn:aws:s3:::${name}`)) return true;
  return view
    .all(TYPES.bucketVersioning)
    .some(({ state }) => text(state, "bucket") === name && text(state, "versioningConfiguration.status") === "Enabled");
}

const lifecycle = partOf("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", {
  defaults: { transitionDefaultMinimumObjectSize: "all_storage_classes_128K" },
  formats: {
    "rules.status": oneOf("Enabled", "Disabled"),
    "rules.transitions.storageClass": STORAGE,
    "rules.noncurrentVersionTransitions.storageClass": STORAGE,
    "rules.expiration.days": between(1, 2_147_483_647),
    "rules.abortIncompleteMultipartUpload.daysAfterInitiation": between(1, 2_147_483_647),
  },
  accept: ({ args }) => {
    const ids = texts(args, "rules.id");
    if (new Set(ids).size < ids.length)
      refuse("InvalidArgument", "Rule ID must be unique. Found same ID for more than one rule");
    for (const rule of objects(args, "rules")) requireOrder(rule);
  },
});

/** Infrequent access needs 30 days, and an object expires after it has moved. */
function requireOrder(rule: Props): void {
  const expires = Number(text(rule, "expiration.days") || Number.POSITIVE_INFINITY);
  for (const move of objects(rule, "transitions")) {
    const [days, storage] = [Number(text(move, "days")), text(move, "storageClass")];
    if (["STANDARD_IA", "ONEZONE_IA"].includes(storage) && days < 30) {
      refuse(
        "InvalidArgument",
        `'Days' in Transition action must be greater than or equal to 30 for storageClass '${storage}'`,
      );
    }
    if (days >= expires) {
      refuse(
        "InvalidArgument",
        "'Days' in the Expiration action for filter must be greater than 'Days' in the Transition action",
      );
    }
  }
}

const logging = partOf("aws:s3/bucketLogging:BucketLogging", {
  references: { targetBucket: to(bucket) },
  accept: (call) => {
    const place = bucket.find?.(text(call.args, "targetBucket"), call)?.region;
    if (place !== call.region) {
      refuse(
        "InvalidTargetBucketForLogging",
        "The target bucket for logging must be in the same region as the source bucket",
      );
    }
  },
});

const objectLock = partOf("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", {
  replaceOn: ["bucket", "expectedBucketOwner", "objectLockEnabled"],
  defaults: { objectLockEnabled: "Enabled" },
  formats: { "rule.defaultRetention.mode": oneOf("GOVERNANCE", "COMPLIANCE") },
  accept: (call) => {
    if (!isVersioned(call, text(call.args, "bucket"))) {
      refuse("InvalidBucketState", "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration");
    }
  },
});

export const s3More: readonly Model[] = [replication, lifecycle, logging, objectLock];
