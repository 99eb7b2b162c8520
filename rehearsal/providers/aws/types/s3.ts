import { refuse } from "../errors";
import { json, matches, oneOf } from "../formats";
import { hex } from "../ids";
import { loosely, type Model, to } from "../model";
import { requirePolicy } from "../policies";
import { bucket, key, TYPES } from "../targets";
import { flag, objects, text, texts } from "../values";

const NAME = matches(
  /^(?!xn--|sthree-|amzn-s3-demo-)(?!\d+\.\d+\.\d+\.\d+$)(?!.*(\.\.|-s3alias$|--ol-s3$))[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  "3 to 63 lower-case letters, digits, dots and hyphens, beginning and ending with a letter or digit",
);

const bucketModel: Model = {
  token: TYPES.bucket,
  replaceOn: ["bucket", "bucketPrefix", "bucketNamespace", "objectLockEnabled"],
  autoname: { field: "bucket", longest: 63, unless: ["bucketPrefix"], lower: true },
  defaults: { forceDestroy: false, objectLockEnabled: false, requestPayer: "BucketOwner" },
  json: ["policy"],
  formats: {
    bucket: NAME,
    policy: json,
    acl: oneOf("private", "public-read", "public-read-write", "log-delivery-write", "authenticated-read"),
  },
  id: ({ args }) => text(args, "bucket") || `${text(args, "bucketPrefix")}${hex(26)}`,
  outputs: (call) => ({
    arn: `arn:aws:s3:::${call.id}`,
    bucket: call.id,
    bucketDomainName: `${call.id}.s3.amazonaws.com`,
    bucketRegionalDomainName: `${call.id}.s3.${call.region}.amazonaws.com`,
    bucketRegion: call.region,
    hostedZoneId: "Z3AQBSTGFYJSTF",
    serverSideEncryptionConfiguration: { rule: { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } } },
    versioning: { enabled: false, mfaDelete: false },
  }),
  accept: (call) => {
    const other = call.view.all(TYPES.bucket).find(({ id }) => id === call.id);
    if (call.old === undefined && other !== undefined) {
      refuse(
        "BucketAlreadyOwnedByYou",
        `Your previous request to create the named bucket succeeded and you already own it: ${call.id} in ${other.region}.`,
      );
    }
    if ("acl" in call.args || "grants" in call.args) {
      refuse(
        "AccessControlListNotSupported",
        "The bucket does not allow ACLs: set its ownership controls first, or better use a policy.",
      );
    }
  },
  release: ({ args, id, view }) => {
    const filled = view.all(OBJECT).find(({ state }) => text(state, "bucket") === id);
    if (filled !== undefined && !flag(args, "forceDestroy")) {
      refuse("BucketNotEmpty", `The bucket you tried to delete is not empty: ${id} has ${filled.id}`);
    }
  },
  inUse: () => ["InvalidBucketState", "The bucket is in use (AWS would delete it, and break what writes to it)"],
};

const OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2";

/** What belongs to one bucket and has its name for an id. */
function partOf(token: string, more: Partial<Model>): Model {
  return {
    token,
    replaceOn: ["bucket", "expectedBucketOwner"],
    id: ({ args }) => text(args, "bucket"),
    ...more,
    // It goes with the bucket.
    references: { bucket: loosely(bucket), ...more.references },
    accept: (call) => {
      const place = bucket.find?.(text(call.args, "bucket"), call);
      if (place !== undefined && place.region !== call.region) {
        refuse(
          "PermanentRedirect",
          `The bucket ${place.id} you are attempting to access must be addressed using the endpoint of ${place.region}.`,
        );
      }
      more.accept?.(call);
    },
  };
}

const versioning = partOf(TYPES.bucketVersioning, {
  formats: {
    "versioningConfiguration.status": oneOf("Enabled", "Suspended", "Disabled"),
    "versioningConfiguration.mfaDelete": oneOf("Enabled", "Disabled"),
  },
  accept: ({ args, view }) => {
    const isReplicated = view.all(REPLICATION).some(({ state }) => text(state, "bucket") === text(args, "bucket"));
    if (isReplicated && text(args, "versioningConfiguration.status") !== "Enabled") {
      refuse(
        "InvalidBucketState",
        "A replication configuration is present on this bucket, so the versioning state cannot be changed.",
      );
    }
  },
});

export const REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig";

const encryption = partOf("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", {
  formats: { "rules.applyServerSideEncryptionByDefault.sseAlgorithm": oneOf("AES256", "aws:kms", "aws:kms:dsse") },
  references: { "rules.applyServerSideEncryptionByDefault.kmsMasterKeyId": to(key) },
  accept: ({ args }) => {
    const [rule] = objects(args, "rules.applyServerSideEncryptionByDefault");
    if (text(rule, "sseAlgorithm") === "AES256" && text(rule, "kmsMasterKeyId") !== "") {
      refuse(
        "InvalidArgument",
        "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
      );
    }
  },
});

const publicAccess = partOf("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", {
  defaults: { blockPublicAcls: false, blockPublicPolicy: false, ignorePublicAcls: false, restrictPublicBuckets: false },
});

const ownership = partOf("aws:s3/bucketOwnershipControls:BucketOwnershipControls", {
  formats: { "rule.objectOwnership": oneOf("BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced") },
});

const bucketPolicy = partOf("aws:s3/bucketPolicy:BucketPolicy", {
  json: ["policy"],
  formats: { policy: json },
  accept: (call) => {
    const [name, policy] = [text(call.args, "bucket"), text(call.args, "policy")];
    requirePolicy(policy, { kind: "resource", call, code: "MalformedPolicy", longest: 20_480 });
    const own = `arn:aws:s3:::${name}`;
    const statements = objects(JSON.parse(policy), "Statement");
    const strange = statements
      .flatMap((one) => texts(one, "Resource"))
      .find((one) => one !== own && !one.startsWith(`${own}/`));
    if (strange !== undefined)
      refuse("MalformedPolicy", `Policy has invalid resource: ${strange} is not of bucket ${name}`);
    const action = statements
      .flatMap((one) => texts(one, "Action"))
      .find((one) => one !== "*" && !one.startsWith("s3:"));
    if (action !== undefined) refuse("MalformedPolicy", `Policy has invalid action: ${action}`);
    const isPublic = statements.some(
      (one) =>
        text(one, "Effect") === "Allow" &&
        !("Condition" in one) &&
        [...texts(one, "Principal"), ...texts(one, "Principal.AWS")].includes("*"),
    );
    const isBlocked = call.view
      .all(publicAccess.token)
      .some(({ state }) => text(state, "bucket") === name && flag(state, "blockPublicPolicy"));
    if (isPublic && isBlocked)
      refuse("AccessDenied", "Access Denied: public policies are prevented by the BlockPublicPolicy setting.");
  },
});

const objectModel = partOf(OBJECT, {
  replaceOn: ["bucket", "key", "objectLockMode"],
  id: ({ args }) => text(args, "key"),
  references: { kmsKeyId: to(key) },
});

export const s3: readonly Model[] = [
  bucketModel,
  versioning,
  encryption,
  publicAccess,
  ownership,
  bucketPolicy,
  objectModel,
];
export { partOf };
