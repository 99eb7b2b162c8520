import { refuse } from "../errors";
import { between, json, length, matches, oneOf } from "../formats";
import { hex, uuid } from "../ids";
import { arnOf, exactlyOne, loosely, type Model, once, to } from "../model";
import { requirePolicy } from "../policies";
import { resolve } from "../references";
import { key, secret, TYPES } from "../targets";
import { flag, number, text } from "../values";

const secretModel: Model = {
  token: TYPES.secret,
  replaceOn: ["name", "namePrefix"],
  autoname: { field: "name", longest: 512, unless: ["namePrefix"] },
  defaults: { recoveryWindowInDays: 30, forceOverwriteReplicaSecret: false },
  json: ["policy"],
  formats: {
    name: matches(/^[\w/+=.@-]{1,512}$/, "at most 512 letters, digits and /_+=.@-"),
    recoveryWindowInDays: (value) => (value === 0 ? undefined : between(7, 30)(value)),
    policy: json,
    description: length(0, 2048),
  },
  references: { kmsKeyId: to(key) },
  id: (call) =>
    arnOf(
      call,
      "secretsmanager",
      `secret:${text(call.args, "name") || text(call.args, "namePrefix") + hex(26)}-${hex(6)}`,
    ),
  outputs: (call) => ({ arn: call.id, name: text(call.args, "name") }),
  accept: (call) => {
    const name = text(call.args, "name");
    const other = call.view
      .all(TYPES.secret, call.region)
      .find(({ id, state }) => id !== call.id && text(state, "name") === name);
    if (other?.scheduled) {
      refuse(
        "InvalidRequestException",
        `You can't create this secret because a secret with this name is already scheduled for deletion: ${name}.`,
      );
    }
    if (other !== undefined && name !== "") {
      refuse("ResourceExistsException", `The operation failed because the secret ${name} already exists.`);
    }
    requirePolicy(text(call.args, "policy"), { kind: "resource", call, code: "MalformedPolicyDocumentException" });
  },
  lingers: ({ args }) => (number(args, "recoveryWindowInDays") ?? 30) > 0,
};

const secretVersion: Model = {
  token: "aws:secretsmanager/secretVersion:SecretVersion",
  replaceOn: ["secretId", "secretBinary", "secretString", "secretStringWoVersion"],
  check: (args) => exactlyOne(args, ["secretString", "secretBinary", "secretStringWo"]),
  // A version goes with its secret.
  references: { secretId: loosely(secret) },
  id: (call) => `${text(call.args, "secretId")}|terraform-${uuid().replaceAll("-", "")}`,
  outputs: (call) => {
    const arn = resolve(secret, text(call.args, "secretId"), call)?.id;
    return { arn, secretArn: arn, versionId: call.id.split("|")[1], versionStages: ["AWSCURRENT"] };
  },
};

const PARAMETER = "aws:ssm/parameter:Parameter";

const parameter: Model = {
  token: PARAMETER,
  replaceOn: ["name", "dataType"],
  replaceIf: (olds, news) => (text(olds, "tier") === "Advanced" && text(news, "tier") === "Standard" ? ["tier"] : []),
  autoname: { field: "name", longest: 2048 },
  defaults: { overwrite: false },
  formats: {
    name: matches(/^(?!\/?(aws|ssm))[\w./-]{1,2048}$/i, "letters, digits and ._-/, not beginning with aws or ssm"),
    type: oneOf("String", "StringList", "SecureString"),
    tier: oneOf("Standard", "Advanced", "Intelligent-Tiering"),
    dataType: oneOf("text", "aws:ec2:image", "aws:ssm:integration"),
  },
  check: (args) => exactlyOne(args, ["value", "insecureValue", "valueWo"]),
  references: { keyId: to(key) },
  id: ({ args }) => text(args, "name"),
  outputs: (call) => ({
    arn: arnOf(call, "ssm", `parameter/${call.id.replace(/^\//, "")}`),
    dataType: "text",
    tier: once(call, "tier", () => "Standard"),
    keyId: text(call.args, "type") === "SecureString" ? "alias/aws/ssm" : "",
    version: (number(call.old, "version") ?? 0) + 1,
  }),
  recomputed: (changed) => (changed.some((path) => path === "value" || path === "description") ? ["version"] : []),
  accept: ({ args, view, region, id, old }) => {
    if (old === undefined && view.get(PARAMETER, id, region) !== undefined && !flag(args, "overwrite")) {
      refuse(
        "ParameterAlreadyExists",
        "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
      );
    }
    const value = text(args, "value") || text(args, "insecureValue");
    const most = text(args, "tier") === "Advanced" ? 8192 : 4096;
    if (value.length > most && text(args, "tier") !== "Intelligent-Tiering") {
      refuse(
        "ValidationException",
        `Standard tier parameters support a maximum parameter value of ${most} characters.`,
      );
    }
  },
};

export const secrets: readonly Model[] = [secretModel, secretVersion, parameter];
