import { refuse } from "../errors";
import { arn, json, matches, oneOf } from "../formats";
import { hex } from "../ids";
import { arnOf, type Call, type Model, once, to } from "../model";
import { isKnown, resolve } from "../references";
import { cluster, roleArn, TYPES } from "../targets";
import { type Props, text, texts } from "../values";
import { ACCESS_POLICIES, ADDONS } from "./eks-facts";
import { trusted } from "./trust";

export function entryId(clusterName: string, principal: string): string {
  return `${clusterName}:${principal}`;
}

const now = (call: Call, name: string) => once(call, name, () => new Date().toISOString());

const accessEntry: Model = {
  token: TYPES.accessEntry,
  replaceOn: ["clusterName", "principalArn", "type"],
  defaults: { type: "STANDARD" },
  formats: {
    principalArn: arn("iam"),
    type: oneOf("STANDARD", "EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "HYBRID_LINUX", "EC2", "HYPERPOD_LINUX"),
    kubernetesGroups: matches(
      /^(?!system:|eks:|aws:|amazon:|iam:)\S+$/,
      "a group cannot begin with system:, eks:, aws:, amazon: or iam:",
    ),
  },
  references: { clusterName: to(cluster) },
  id: ({ args }) => entryId(text(args, "clusterName"), text(args, "principalArn")),
  outputs: (call) => ({
    accessEntryArn: arnOf(
      call,
      "eks",
      `access-entry/${text(call.args, "clusterName")}/role/${call.accountId}/${text(call.args, "principalArn").split("/").at(-1)}/${hex(8)}`,
    ),
    createdAt: now(call, "createdAt"),
    modifiedAt: new Date().toISOString(),
    userName: text(call.args, "principalArn"),
  }),
  accept: (call) => {
    const { args, view, region, accountId } = call;
    const mode = text(
      view.get(TYPES.cluster, text(args, "clusterName"), region)?.state,
      "accessConfig.authenticationMode",
    );
    if (mode === "CONFIG_MAP") {
      refuse(
        "InvalidRequestException",
        "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.",
      );
    }
    if (call.old === undefined && view.get(TYPES.accessEntry, call.id, region) !== undefined) {
      refuse("ResourceInUseException", "The specified access entry resource is already in use on this cluster.");
    }
    const principal = text(args, "principalArn");
    if (principal.startsWith(`arn:aws:iam::${accountId}:role/`) && !isKnown(roleArn, principal, call)) {
      refuse(
        "InvalidParameterException",
        `The specified principalArn is invalid: invalid principal. ${principal} is no role of the account's`,
      );
    }
    if (
      text(args, "type") !== "STANDARD" &&
      (texts(args, "kubernetesGroups").length > 0 || text(args, "userName") !== "")
    ) {
      refuse("InvalidRequestException", "The groups and the user name of an entry of this type are set by EKS.");
    }
  },
  inUse: (id) => ["ResourceInUseException", `access entry ${id} is in use`],
};

const policyAssociation: Model = {
  token: "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
  replaceOn: ["accessScope", "clusterName", "policyArn", "principalArn"],
  formats: {
    "accessScope.type": oneOf("cluster", "namespace"),
    policyArn: (value) => {
      const name = /^arn:aws[\w-]*:eks::aws:cluster-access-policy\/(.+)$/.exec(String(value))?.[1];
      return ACCESS_POLICIES.includes(name ?? "")
        ? undefined
        : `"${value}" is no access policy of EKS: ${ACCESS_POLICIES.join(", ")}`;
    },
  },
  check: (args) =>
    text(args, "accessScope.type") === "namespace" && texts(args, "accessScope.namespaces").length === 0
      ? [{ path: "accessScope.namespaces", reason: "is required where the scope is namespace" }]
      : [],
  references: { clusterName: to(cluster) },
  id: ({ args }) => `${entryId(text(args, "clusterName"), text(args, "principalArn"))}#${text(args, "policyArn")}`,
  outputs: (call) => ({ associatedAt: now(call, "associatedAt"), modifiedAt: new Date().toISOString() }),
  accept: ({ args, view, region }) => {
    const entry = view.get(TYPES.accessEntry, entryId(text(args, "clusterName"), text(args, "principalArn")), region);
    if (entry === undefined) {
      refuse(
        "ResourceNotFoundException",
        `The specified principalArn could not be found: ${text(args, "principalArn")} has no access entry.`,
      );
    }
    if (text(entry?.state, "type") !== "STANDARD") {
      refuse("InvalidRequestException", "Policies can only be associated with an access entry of type STANDARD.");
    }
  },
};

const POD_IDENTITY = "aws:eks/podIdentityAssociation:PodIdentityAssociation";
const POD_SERVICE = "pods.eks.amazonaws.com";
const AGENT = "eks-pod-identity-agent";

const podIdentity: Model = {
  token: POD_IDENTITY,
  replaceOn: ["clusterName", "namespace", "serviceAccount"],
  defaults: { disableSessionTags: false },
  formats: { roleArn: arn("iam", "role/"), targetRoleArn: arn("iam", "role/") },
  references: {
    clusterName: to(cluster),
    roleArn: to({
      ...roleArn,
      missing: () => ["InvalidParameterException", "Role provided in the request does not exist."],
    }),
  },
  id: () => `a-${hex(17)}`,
  outputs: (call) => ({
    associationArn: arnOf(call, "eks", `podidentityassociation/${text(call.args, "clusterName")}/${call.id}`),
    associationId: call.id,
  }),
  accept: (call) => {
    const { args, view, region, id } = call;
    const key = (state: Props) =>
      ["clusterName", "namespace", "serviceAccount"].map((name) => text(state, name)).join("/");
    const same = view.all(POD_IDENTITY, region).find((item) => item.id !== id && key(item.state) === key(args));
    if (same !== undefined) refuse("ResourceInUseException", `Association already exists: ${same.id}`);
    if (view.get(TYPES.addon, `${text(args, "clusterName")}:${AGENT}`, region) === undefined) {
      refuse(
        "InvalidRequestException",
        `Cluster ${text(args, "clusterName")} has no add-on ${AGENT}: pods would find no credentials.`,
      );
    }
    requirePodTrust(call, text(args, "roleArn"));
  },
};

function requirePodTrust(call: Call, role: string): void {
  const found = resolve(roleArn, role, call);
  if (found === undefined) return;
  const actions = trusted(text(found.state, "assumeRolePolicy"), POD_SERVICE);
  const missing = ["sts:AssumeRole", "sts:TagSession"].filter((action) => !actions.includes(action));
  if (missing.length > 0) {
    refuse(
      "InvalidParameterException",
      `Trust policy of role ${role} does not allow ${POD_SERVICE} to ${missing.join(" and ")}.`,
    );
  }
}

const addon: Model = {
  token: TYPES.addon,
  replaceOn: ["addonName", "clusterName"],
  defaults: { preserve: false },
  formats: {
    addonName: (value) => (ADDONS.has(String(value)) ? undefined : `Addon specified is not supported: "${value}"`),
    addonVersion: matches(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/, "a version is such as v1.3.8-eksbuild.2"),
    configurationValues: json,
    resolveConflictsOnCreate: oneOf("NONE", "OVERWRITE"),
    resolveConflictsOnUpdate: oneOf("NONE", "OVERWRITE", "PRESERVE"),
    serviceAccountRoleArn: arn("iam", "role/"),
  },
  references: {
    clusterName: to(cluster),
    serviceAccountRoleArn: to(roleArn),
    "podIdentityAssociations.roleArn": to(roleArn),
  },
  id: ({ args }) => `${text(args, "clusterName")}:${text(args, "addonName")}`,
  outputs: (call) => ({
    arn: arnOf(call, "eks", `addon/${text(call.args, "clusterName")}/${text(call.args, "addonName")}/${hex(8)}`),
    createdAt: now(call, "createdAt"),
    modifiedAt: new Date().toISOString(),
    addonVersion: text(call.old, "addonVersion") || "v1.0.0-eksbuild.1",
  }),
  accept: (call) => {
    const { args, view, region, old } = call;
    const [name, clusterName] = [text(args, "addonName"), text(args, "clusterName")];
    if (old === undefined && view.get(TYPES.addon, call.id, region) !== undefined)
      refuse("ResourceInUseException", "Addon already exists.");
    for (const role of texts(args, "podIdentityAssociations.roleArn")) requirePodTrust(call, role);
    const hasNodes = view.all(TYPES.nodeGroup, region).some(({ state }) => text(state, "clusterName") === clusterName);
    if (ADDONS.get(name)?.needsNodes && !hasNodes) {
      refuse(
        "InsufficientNumberOfReplicas",
        `unexpected state 'DEGRADED', wanted target 'ACTIVE': The add-on ${name} is unhealthy because it doesn't have the desired number of replicas: the cluster has no node group.`,
      );
    }
  },
  release: ({ args, view, region }) => {
    const clusterName = text(args, "clusterName");
    if (text(args, "addonName") !== AGENT) return;
    const left = view.all(POD_IDENTITY, region).filter(({ state }) => text(state, "clusterName") === clusterName);
    if (left.length > 0) {
      refuse(
        "ResourceInUseException",
        `${left.length} pod identity associations of ${clusterName} still need ${AGENT}.`,
      );
    }
  },
};

export const eksAccess: readonly Model[] = [accessEntry, policyAssociation, podIdentity, addon];
