import { refuse } from "../errors";
import { arn, between, json, length, matches, oneOf } from "../formats";
import { uuid } from "../ids";
import { arnOf, type Call, type Model, to } from "../model";
import { requirePolicy } from "../policies";
import { resolve } from "../references";
import { key, TYPES } from "../targets";
import { flag, objects, text, texts } from "../values";

const keyFormats = { deletionWindowInDays: between(7, 30), description: length(0, 8192), policy: json };

const keyModel: Model = {
  token: TYPES.key,
  replaceOn: ["customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "xksKeyId"],
  defaults: {
    customerMasterKeySpec: "SYMMETRIC_DEFAULT",
    enableKeyRotation: false,
    isEnabled: true,
    keyUsage: "ENCRYPT_DECRYPT",
    bypassPolicyLockoutSafetyCheck: false,
  },
  json: ["policy"],
  formats: {
    ...keyFormats,
    rotationPeriodInDays: between(90, 2560),
    keyUsage: oneOf("ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"),
  },
  id: (call) => (flag(call.args, "multiRegion") ? `mrk-${uuid().replaceAll("-", "")}` : uuid()),
  outputs: (call) => ({
    arn: arnOf(call, "kms", `key/${call.id}`),
    keyId: call.id,
    policy: defaultPolicy(call),
    multiRegion: false,
    rotationPeriodInDays: flag(call.args, "enableKeyRotation") ? 365 : 0,
  }),
  accept: requireKeyPolicy,
  inUse: () => [
    "KMSInvalidStateException",
    "The key is in use (AWS would schedule its deletion, and break what is encrypted with it)",
  ],
};

function defaultPolicy({ accountId }: Call): string {
  const principal = { AWS: `arn:aws:iam::${accountId}:root` };
  return JSON.stringify({
    Version: "2012-10-17",
    Id: "key-default-1",
    Statement: [
      { Sid: "Enable IAM User Permissions", Effect: "Allow", Principal: principal, Action: "kms:*", Resource: "*" },
    ],
  });
}

/** A key whose policy shuts its maker out could never be managed again. */
function requireKeyPolicy(call: Call): void {
  const policy = text(call.args, "policy");
  if (policy === "") return;
  requirePolicy(policy, { kind: "resource", call, code: "MalformedPolicyDocumentException", longest: 32_768 });
  const statements = objects(JSON.parse(policy), "Statement").filter(
    (statement) => text(statement, "Effect") === "Allow",
  );
  const isOpen = statements.some((statement) => {
    const principals = [...texts(statement, "Principal.AWS"), ...texts(statement, "Principal")];
    const isOwn = principals.some(
      (one) => one === "*" || one === call.accountId || one === `arn:aws:iam::${call.accountId}:root`,
    );
    return (
      isOwn &&
      texts(statement, "Action").some((action) => ["kms:*", "*", "kms:PutKeyPolicy", "kms:Put*"].includes(action))
    );
  });
  if (!isOpen && !flag(call.args, "bypassPolicyLockoutSafetyCheck")) {
    refuse(
      "MalformedPolicyDocumentException",
      "The new key policy will not allow you to update the key policy in the future.",
    );
  }
}

const alias: Model = {
  token: TYPES.alias,
  replaceOn: ["name", "namePrefix"],
  autoname: { field: "name", longest: 256, unless: ["namePrefix"], prefix: "alias/" },
  formats: { name: matches(/^alias\/(?!aws\/)[\w/-]{1,250}$/, "begins with alias/ and not with alias/aws/") },
  references: { targetKeyId: to(key) },
  id: ({ args }) => text(args, "name"),
  outputs: (call) => ({
    arn: arnOf(call, "kms", call.id),
    targetKeyArn: text(resolve(key, text(call.args, "targetKeyId"), call)?.state, "arn"),
  }),
  accept: (call) => {
    if (call.old === undefined && call.view.get(TYPES.alias, call.id, call.region) !== undefined) {
      refuse("AlreadyExistsException", `An alias with the name ${arnOf(call, "kms", call.id)} already exists`);
    }
  },
};

const replica: Model = {
  token: TYPES.replicaKey,
  replaceOn: ["primaryKeyArn"],
  defaults: { enabled: true, bypassPolicyLockoutSafetyCheck: false },
  json: ["policy"],
  formats: { ...keyFormats, primaryKeyArn: arn("kms", "key/mrk-") },
  id: ({ args }) => text(args, "primaryKeyArn").split("/").at(-1) ?? "",
  outputs: (call) => ({
    arn: arnOf(call, "kms", `key/${call.id}`),
    keyId: call.id,
    keySpec: "SYMMETRIC_DEFAULT",
    keyUsage: "ENCRYPT_DECRYPT",
    policy: defaultPolicy(call),
  }),
  references: {
    // The primary is in another region.
    primaryKeyArn: to({
      type: TYPES.key,
      find: (named, { view }) => view.all(TYPES.key).find(({ state }) => text(state, "arn") === named),
      missing: (named) => ["NotFoundException", `Key '${named}' does not exist`],
    }),
  },
  accept: (call) => {
    requireKeyPolicy(call);
    const taken = call.old === undefined && resolve(key, call.id, call) !== undefined;
    if (taken) refuse("AlreadyExistsException", `Key ${call.id} exists already in ${call.region}.`);
  },
  inUse: () => [
    "KMSInvalidStateException",
    "The key is in use (AWS would schedule its deletion, and break what is encrypted with it)",
  ],
};

export const kms: readonly Model[] = [keyModel, alias, replica];
