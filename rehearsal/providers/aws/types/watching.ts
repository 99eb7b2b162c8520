import { refuse } from "../errors";
import { arn, length, matches, oneOf } from "../formats";
import { hex } from "../ids";
import { arnOf, type Model, to } from "../model";
import { key, TYPES } from "../targets";
import { text } from "../values";
import { makeLogGroup } from "./eks-cluster";

const DAYS = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const logGroup: Model = {
  token: TYPES.logGroup,
  replaceOn: ["name", "namePrefix", "logGroupClass"],
  autoname: { field: "name", longest: 512, unless: ["namePrefix"] },
  defaults: { retentionInDays: 0, skipDestroy: false },
  formats: {
    name: matches(/^(?!aws\/)[\w./#-]{1,512}$/, "at most 512 letters, digits and ./_#-, not beginning with aws/"),
    retentionInDays: oneOf(...DAYS),
    logGroupClass: oneOf("STANDARD", "INFREQUENT_ACCESS", "DELIVERY"),
    kmsKeyId: arn("kms", "key/"),
  },
  references: { kmsKeyId: to(key) },
  id: ({ args }) => text(args, "name") || `${text(args, "namePrefix")}${hex(26)}`,
  outputs: (call) => ({ arn: arnOf(call, "logs", `log-group:${call.id}`), name: call.id, logGroupClass: "STANDARD" }),
  accept: (call) => {
    if (call.old === undefined && call.view.get(TYPES.logGroup, call.id, call.region) !== undefined) {
      refuse("ResourceAlreadyExistsException", `The specified log group already exists: ${call.id}`);
    }
    requireKeyPolicy(call);
  },
  inUse: () => [
    "OperationAbortedException",
    "The log group is in use (AWS would delete it, and what writes to it would fail)",
  ],
  // EKS writes on as long as the cluster is there.
  deleted: (call) => {
    const name = /^\/aws\/eks\/([^/]+)\/cluster$/.exec(call.id)?.[1];
    if (name !== undefined) makeLogGroup({ ...call, id: name });
  },
};

/** Logs are encrypted by the service itself, which the key's policy must let. */
function requireKeyPolicy({ args, view, region }: Parameters<NonNullable<Model["accept"]>>[0]): void {
  const named = text(args, "kmsKeyId");
  if (named === "") return;
  const found = key.find?.(named, { view, region, accountId: "" });
  const policy = text(found?.state, "policy");
  const isOpen = policy.includes(`logs.${region}.amazonaws.com`) || policy.includes("logs.amazonaws.com");
  if (found !== undefined && !isOpen) {
    refuse(
      "AccessDeniedException",
      `The specified KMS key does not exist or is not allowed to be used with log group '${text(args, "name")}': its policy does not name logs.${region}.amazonaws.com`,
    );
  }
}

const COMPARISONS = [
  ...["GreaterThanOrEqualToThreshold", "GreaterThanThreshold", "LessThanThreshold", "LessThanOrEqualToThreshold"],
  ...["LessThanLowerOrGreaterThanUpperThreshold", "LessThanLowerThreshold", "GreaterThanUpperThreshold"],
];

const alarm: Model = {
  token: "aws:cloudwatch/metricAlarm:MetricAlarm",
  replaceOn: ["name"],
  autoname: { field: "name", longest: 255 },
  defaults: { actionsEnabled: true, treatMissingData: "missing" },
  formats: {
    name: length(1, 255),
    comparisonOperator: oneOf(...COMPARISONS),
    statistic: oneOf("SampleCount", "Average", "Sum", "Minimum", "Maximum"),
    treatMissingData: oneOf("breaching", "notBreaching", "ignore", "missing"),
    alarmActions: arn(),
    okActions: arn(),
  },
  id: ({ args }) => text(args, "name"),
  outputs: (call) => ({ arn: arnOf(call, "cloudwatch", `alarm:${call.id}`) }),
  accept: ({ args, view, region, id, old }) => {
    if (old === undefined && view.get("aws:cloudwatch/metricAlarm:MetricAlarm", id, region) !== undefined) {
      refuse("ResourceAlreadyExistsException", `Alarm ${id} already exists (AWS would overwrite it).`);
    }
    const isAlone = !("metricQueries" in args) && !("evaluationCriteria" in args);
    if (isAlone && (text(args, "metricName") === "" || text(args, "namespace") === "")) {
      refuse("ValidationError", "metricName and namespace, or metricQueries, must be specified");
    }
  },
};

export const watching: readonly Model[] = [logGroup, alarm];
