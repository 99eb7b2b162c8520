import { refuse } from "../errors";
import { arn, between, json, length, matches, oneOf } from "../formats";
import { hex } from "../ids";
import { arnOf, type Call, loosely, type Model, to } from "../model";
import { requirePolicy } from "../policies";
import { isForeign, key, queueUrl, roleArn, TYPES } from "../targets";
import { isObject, objects, text, texts } from "../values";

const queue: Model = {
  token: TYPES.queue,
  replaceOn: ["name", "namePrefix", "fifoQueue"],
  autoname: { field: "name", longest: 80, unless: ["namePrefix"] },
  defaults: {
    contentBasedDeduplication: false,
    delaySeconds: 0,
    fifoQueue: false,
    maxMessageSize: 262_144,
    messageRetentionSeconds: 345_600,
    receiveWaitTimeSeconds: 0,
    visibilityTimeoutSeconds: 30,
  },
  json: ["policy", "redrivePolicy", "redriveAllowPolicy"],
  formats: {
    name: matches(/^[\w-]{1,80}(\.fifo)?$/, "at most 80 letters, digits, _ and -"),
    policy: json,
    redrivePolicy: json,
    redriveAllowPolicy: json,
    delaySeconds: between(0, 900),
    maxMessageSize: between(1024, 1_048_576),
    messageRetentionSeconds: between(60, 1_209_600),
    receiveWaitTimeSeconds: between(0, 20),
    visibilityTimeoutSeconds: between(0, 43_200),
    kmsDataKeyReusePeriodSeconds: between(60, 86_400),
  },
  references: { kmsMasterKeyId: to(key) },
  id: (call) =>
    `https://sqs.${call.region}.amazonaws.com/${call.accountId}/${text(call.args, "name") || `${text(call.args, "namePrefix")}${hex(20)}`}`,
  outputs: (call) => {
    const name = call.id.split("/").at(-1) ?? "";
    return {
      arn: arnOf(call, "sqs", name),
      url: call.id,
      name,
      sqsManagedSseEnabled: text(call.args, "kmsMasterKeyId") === "",
      kmsDataKeyReusePeriodSeconds: 300,
    };
  },
  accept: (call) => {
    if (call.old === undefined && call.view.get(TYPES.queue, call.id, call.region) !== undefined) {
      refuse(
        "QueueAlreadyExists",
        `A queue already exists with the same name and a different value for an attribute: ${call.id}`,
      );
    }
    requireQueuePolicy(call, text(call.args, "policy"));
    const redrive = text(call.args, "redrivePolicy");
    const target = redrive === "" ? "" : text(JSON.parse(redrive), "deadLetterTargetArn");
    if (target !== "" && !call.view.all(TYPES.queue, call.region).some(({ state }) => text(state, "arn") === target)) {
      refuse(
        "InvalidParameterValue",
        `Value ${redrive} for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.`,
      );
    }
  },
};

function requireQueuePolicy(call: Call, policy: string): void {
  requirePolicy(policy, { kind: "resource", call, code: "InvalidAttributeValue" });
}

const queuePolicy: Model = {
  token: "aws:sqs/queuePolicy:QueuePolicy",
  replaceOn: ["queueUrl"],
  json: ["policy"],
  formats: { policy: json },
  references: { queueUrl: loosely(queueUrl) },
  id: ({ args }) => text(args, "queueUrl"),
  accept: (call) => {
    const policy = text(call.args, "policy");
    requireQueuePolicy(call, policy);
    const own = text(call.view.get(TYPES.queue, text(call.args, "queueUrl"), call.region)?.state, "arn");
    const statements = objects(JSON.parse(policy), "Statement");
    const strange = statements.flatMap((one) => texts(one, "Resource")).find((one) => one !== "*" && one !== own);
    if (strange !== undefined)
      refuse("InvalidAttributeValue", `Invalid value for the parameter Policy: ${strange} is not this queue (${own}).`);
  },
};

const eventRule: Model = {
  token: TYPES.eventRule,
  replaceOn: ["name", "namePrefix", "eventBusName"],
  autoname: { field: "name", longest: 64, unless: ["namePrefix"] },
  defaults: { eventBusName: "default", forceDestroy: false },
  formats: {
    name: matches(/^[\w.-]{1,64}$/, "at most 64 letters, digits and ._-"),
    eventPattern: json,
    scheduleExpression: matches(/^(rate|cron)\(.+\)$/, "rate(…) or cron(…)"),
    roleArn: arn("iam", "role/"),
    description: length(0, 512),
    state: oneOf("ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"),
  },
  check: (args) =>
    "eventPattern" in args || "scheduleExpression" in args
      ? []
      : [{ path: "eventPattern", reason: "one of eventPattern, scheduleExpression must be specified" }],
  references: { roleArn: to(roleArn) },
  id: ({ args }) => {
    const [bus, name] = [text(args, "eventBusName"), text(args, "name") || `${text(args, "namePrefix")}${hex(20)}`];
    return bus === "default" ? name : `${bus}/${name}`;
  },
  outputs: (call) => ({ arn: arnOf(call, "events", `rule/${call.id}`), name: call.id.split("/").at(-1) }),
  accept: (call) => {
    if (call.old === undefined && call.view.get(TYPES.eventRule, call.id, call.region) !== undefined) {
      refuse("ResourceAlreadyExistsException", `Rule ${call.id} already exists (AWS would overwrite it).`);
    }
    requirePattern(text(call.args, "eventPattern"));
  },
  inUse: () => ["ValidationException", "Rule can't be deleted since it has targets."],
};

/** Every field of a pattern is a list, or an object with more fields. */
function requirePattern(pattern: string): void {
  if (pattern === "") return;
  const wrong = (value: unknown): boolean => {
    if (Array.isArray(value)) return value.length === 0;
    return isObject(value) ? Object.values(value).some(wrong) : true;
  };
  if (wrong(JSON.parse(pattern)))
    refuse(
      "InvalidEventPatternException",
      "Event pattern is not valid. Reason: every value must be a list or an object",
    );
}

const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const MOST_TARGETS = 5;

const eventTarget: Model = {
  token: TARGET,
  replaceOn: ["rule", "targetId", "eventBusName"],
  autoname: { field: "targetId", longest: 64 },
  defaults: { eventBusName: "default", forceDestroy: false },
  formats: {
    arn: arn(),
    roleArn: arn("iam", "role/"),
    targetId: matches(/^[\w.-]{1,64}$/, "at most 64 letters, digits and ._-"),
    input: json,
  },
  references: {
    rule: to({
      type: TYPES.eventRule,
      find: (name, { view, region }) =>
        view.all(TYPES.eventRule, region).find(({ state }) => text(state, "name") === name),
      missing: (name) => ["ResourceNotFoundException", `Rule ${name} does not exist on EventBus default.`],
    }),
    arn: to({
      type: TYPES.queue,
      find: (named, { view }) => view.all(TYPES.queue).find(({ state }) => text(state, "arn") === named),
      // Targets of other services are not looked up.
      foreign: (named, call) => !named.startsWith("arn:aws:sqs:") || isForeign(named, call),
      missing: (named) => ["ResourceNotFoundException", `The target ${named} does not exist.`],
    }),
    roleArn: to(roleArn),
  },
  id: ({ args }) =>
    [text(args, "eventBusName"), text(args, "rule"), text(args, "targetId")]
      .filter((part) => part !== "default")
      .join("-"),
  accept: (call) => {
    const own = call.view
      .all(TARGET, call.region)
      .filter(({ id, state }) => id !== call.id && text(state, "rule") === text(call.args, "rule"));
    if (own.length >= MOST_TARGETS)
      refuse(
        "LimitExceededException",
        `The requested resource exceeds the maximum number allowed: ${MOST_TARGETS} targets for a rule.`,
      );
  },
};

export const messaging: readonly Model[] = [queue, queuePolicy, eventRule, eventTarget];
