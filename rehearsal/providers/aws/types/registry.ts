import { refuse } from "../errors";
import { json, matches, oneOf } from "../formats";
import { arnOf, type Call, loosely, type Model, to } from "../model";
import { requirePolicy } from "../policies";
import { isRegion } from "../regions";
import { key, repository, roleArn, TYPES } from "../targets";
import { flag, number, objects, type Props, text, texts } from "../values";

const NAME = /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/;
const MUTABILITY = oneOf("MUTABLE", "IMMUTABLE", "MUTABLE_WITH_EXCLUSION", "IMMUTABLE_WITH_EXCLUSION");
const ENCRYPTION = oneOf("AES256", "KMS", "KMS_DSSE");
const registryId = ({ accountId }: Call) => ({ registryId: accountId });

const repositoryModel: Model = {
  token: TYPES.repository,
  replaceOn: ["name", "encryptionConfigurations"],
  autoname: { field: "name", longest: 256, lower: true },
  defaults: { imageTagMutability: "MUTABLE", forceDelete: false },
  formats: {
    name: matches(NAME, "lower-case letters, digits and ._-/"),
    imageTagMutability: MUTABILITY,
    "encryptionConfigurations.encryptionType": ENCRYPTION,
  },
  references: { "encryptionConfigurations.kmsKey": to(key) },
  id: ({ args }) => text(args, "name"),
  outputs: (call) => ({
    ...registryId(call),
    arn: arnOf(call, "ecr", `repository/${call.id}`),
    repositoryUrl: `${call.accountId}.dkr.ecr.${call.region}.amazonaws.com/${call.id}`,
  }),
  accept: (call) => {
    if (call.old === undefined && call.view.get(TYPES.repository, call.id, call.region) !== undefined) {
      refuse(
        "RepositoryAlreadyExistsException",
        `The repository with name '${call.id}' already exists in the registry with id '${call.accountId}'`,
      );
    }
  },
  release: ({ args, id, view, region }) => {
    const images = view.get(TYPES.repository, id, region)?.state.images;
    if (number({ images }, "images") !== undefined && !flag(args, "forceDelete")) {
      refuse(
        "RepositoryNotEmptyException",
        `The repository with name '${id}' cannot be deleted because it still contains images`,
      );
    }
  },
};

const lifecyclePolicy: Model = {
  token: "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  replaceOn: ["repository", "policy"],
  json: ["policy"],
  formats: { policy: json },
  references: { repository: loosely(repository) },
  id: ({ args }) => text(args, "repository"),
  outputs: registryId,
  accept: ({ args }) => requireLifecycle(text(args, "policy")),
};

/** Rules have priorities of their own, and the one that takes any image is the last. */
function requireLifecycle(policy: string): void {
  if (policy === "") return;
  const rules = objects(JSON.parse(policy), "rules");
  const priorities = rules.map((rule) => number(rule, "rulePriority") ?? Number.NaN);
  const last = Math.max(...priorities);
  const reason =
    rules.length === 0
      ? "Lifecycle policy validation failure: rules is missing"
      : new Set(priorities).size < priorities.length
        ? "rulePriority must be unique"
        : rules.map((rule) => lifecycleProblem(rule, last)).find((problem) => problem !== undefined);
  if (reason === undefined) return;
  refuse(
    "InvalidParameterException",
    `Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: '${reason}'`,
  );
}

function lifecycleProblem(rule: Props, last: number): string | undefined {
  const [status, priority] = [text(rule, "selection.tagStatus"), number(rule, "rulePriority")];
  const lists = [...texts(rule, "selection.tagPrefixList"), ...texts(rule, "selection.tagPatternList")];
  const problems: readonly (readonly [boolean, string])[] = [
    [priority === undefined, "rulePriority is missing"],
    [!["tagged", "untagged", "any"].includes(status), "selection.tagStatus must be tagged, untagged or any"],
    [!COUNTS.includes(text(rule, "selection.countType")), `selection.countType must be one of ${COUNTS.join(", ")}`],
    [number(rule, "selection.countNumber") === undefined, "selection.countNumber is missing"],
    [text(rule, "action.type") !== "expire", "action.type must be expire"],
    [status === "tagged" && lists.length === 0, "tagPrefixList or tagPatternList is needed where tagStatus is tagged"],
    [status === "any" && priority !== last, "the rule with tagStatus any must have the highest rulePriority"],
  ];
  return problems.find(([isWrong]) => isWrong)?.[1];
}

const COUNTS = ["imageCountMoreThan", "sinceImagePushed"];

const repositoryPolicy: Model = {
  token: "aws:ecr/repositoryPolicy:RepositoryPolicy",
  replaceOn: ["repository"],
  json: ["policy"],
  formats: { policy: json },
  references: { repository: loosely(repository) },
  id: ({ args }) => text(args, "repository"),
  outputs: registryId,
  accept: (call) =>
    requirePolicy(text(call.args, "policy"), {
      kind: "resource",
      call,
      code: "InvalidParameterException",
      longest: 10_240,
    }),
};

const TEMPLATE = "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate";

const creationTemplate: Model = {
  token: TEMPLATE,
  replaceOn: ["prefix"],
  defaults: { imageTagMutability: "MUTABLE" },
  json: ["lifecyclePolicy", "repositoryPolicy"],
  formats: {
    prefix: (value) =>
      value === "ROOT" || NAME.test(String(value).replace(/\/$/, ""))
        ? undefined
        : `"${value}" is no prefix of repositories`,
    appliedFors: oneOf("PULL_THROUGH_CACHE", "REPLICATION", "CREATE_ON_PUSH"),
    imageTagMutability: MUTABILITY,
    "encryptionConfigurations.encryptionType": ENCRYPTION,
  },
  references: { customRoleArn: to(roleArn), "encryptionConfigurations.kmsKey": to(key) },
  id: ({ args }) => text(args, "prefix"),
  outputs: registryId,
  accept: (call) => {
    if (call.old === undefined && call.view.get(TEMPLATE, call.id, call.region) !== undefined) {
      refuse(
        "TemplateAlreadyExistsException",
        `The repository creation template with prefix '${call.id}' already exists.`,
      );
    }
    requireLifecycle(text(call.args, "lifecyclePolicy"));
    const needsRole =
      "resourceTags" in call.args ||
      objects(call.args, "encryptionConfigurations").some((one) => text(one, "encryptionType") !== "AES256");
    if (needsRole && text(call.args, "customRoleArn") === "") {
      refuse(
        "ValidationException",
        "A custom role is required where a template has resource tags or encrypts with KMS.",
      );
    }
  },
};

/** Settings of the whole registry; AWS has one of each in a region, which is only set back when it goes. */
function ofRegistry(token: string, formats: Model["formats"]): Model {
  return {
    token,
    replaceOn: [],
    formats,
    id: ({ accountId }) => accountId,
    outputs: registryId,
    accept: (call) => {
      if (call.old === undefined && call.view.get(token, call.id, call.region) !== undefined) {
        refuse(
          "ValidationException",
          `The registry of ${call.region} has such a configuration already, which this one would overwrite.`,
        );
      }
    },
  };
}

const scanning = ofRegistry("aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration", {
  scanType: oneOf("BASIC", "ENHANCED"),
  "rules.scanFrequency": oneOf("SCAN_ON_PUSH", "CONTINUOUS_SCAN", "MANUAL"),
});

const replication = ofRegistry("aws:ecr/replicationConfiguration:ReplicationConfiguration", {
  "replicationConfiguration.rules.destinations.region": (value) =>
    isRegion(String(value)) ? undefined : `Invalid AWS Region: ${value}`,
  "replicationConfiguration.rules.destinations.registryId": matches(/^\d{12}$/, "an account id"),
});

export const registry: readonly Model[] = [
  repositoryModel,
  lifecyclePolicy,
  repositoryPolicy,
  creationTemplate,
  scanning,
  replication,
];
