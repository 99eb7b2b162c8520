import { refuse } from "../errors";
import { arn, between, both, json, length, matches } from "../formats";
import { capitals, hex } from "../ids";
import { arnOf, type Call, type Model, once, to } from "../model";
import { requirePolicy } from "../policies";
import { isForeign, roleName, TYPES } from "../targets";
import { text, texts } from "../values";

/** IAM is of no region. */
const iamArn = (call: Call, rest: string) => arnOf({ ...call, region: "" }, "iam", rest);
const created = (call: Call) => once(call, "createDate", () => new Date().toISOString());
const path = (call: Call) => text(call.args, "path") || "/";

const NAME = (longest: number) =>
  matches(new RegExp(`^[\\w+=,.@-]{1,${longest}}$`), `at most ${longest} letters, digits and +=,.@_-`);
const PATH = matches(/^\/([!-~]+\/)?$/, "begins and ends with /");

/** Refuses a second one of a name, whatever its path. */
function requireNew({ view, old, id }: Call, type: string, what: string): void {
  if (old === undefined && view.get(type, id, "") !== undefined) {
    refuse("EntityAlreadyExists", `${what} with name ${id} already exists.`);
  }
}

const nameOf = ({ args }: Pick<Call, "args">) => text(args, "name") || `${text(args, "namePrefix")}${hex(26)}`;

const role: Model = {
  token: TYPES.role,
  global: true,
  replaceOn: ["name", "namePrefix", "path"],
  autoname: { field: "name", longest: 64, unless: ["namePrefix"] },
  defaults: { path: "/", maxSessionDuration: 3600, forceDetachPolicies: false },
  json: ["assumeRolePolicy"],
  formats: {
    name: NAME(64),
    path: PATH,
    assumeRolePolicy: json,
    maxSessionDuration: between(3600, 43_200),
    description: length(0, 1000),
    managedPolicyArns: arn("iam"),
    permissionsBoundary: arn("iam", "policy/"),
    "inlinePolicies.policy": json,
  },
  id: nameOf,
  outputs: (call) => ({
    arn: iamArn(call, `role${path(call)}${call.id}`),
    name: call.id,
    uniqueId: once(call, "uniqueId", () => `AROA${capitals(17)}`),
    createDate: created(call),
  }),
  accept: (call) => {
    requireNew(call, TYPES.role, "Role");
    requirePolicy(text(call.args, "assumeRolePolicy"), { kind: "trust", call });
    for (const policy of texts(call.args, "inlinePolicies.policy")) requirePolicy(policy, { kind: "identity", call });
    for (const policy of [...texts(call.args, "managedPolicyArns"), ...texts(call.args, "permissionsBoundary")])
      requireManaged(call, policy);
  },
  inUse: (_, by) => {
    if (by.type === TYPES.instanceProfile)
      return ["DeleteConflict", "Cannot delete entity, must remove roles from instance profile first."];
    if (by.type === ATTACHMENT) return ["DeleteConflict", "Cannot delete entity, must detach all policies first."];
    if (by.type === ROLE_POLICY) return ["DeleteConflict", "Cannot delete entity, must delete policies first."];
    return ["DeleteConflict", "The role is in use (AWS would delete it, and break what uses it)"];
  },
};

/** Policies of AWS that clusters, nodes and their add-ons are given. Source: AWS, "AWS managed policy reference". */
const AWS_POLICIES = new Set([
  ...[
    "AmazonEKSClusterPolicy",
    "AmazonEKSServicePolicy",
    "AmazonEKSVPCResourceController",
    "AmazonEKSWorkerNodePolicy",
  ],
  ...[
    "AmazonEKSWorkerNodeMinimalPolicy",
    "AmazonEKS_CNI_Policy",
    "AmazonEKSComputePolicy",
    "AmazonEKSBlockStoragePolicy",
  ],
  ...["AmazonEKSLoadBalancingPolicy", "AmazonEKSNetworkingPolicy", "AmazonEKSLocalOutpostClusterPolicy"],
  ...[
    "AmazonEC2ContainerRegistryReadOnly",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEC2ContainerRegistryPowerUser",
  ],
  ...[
    "AmazonSSMManagedInstanceCore",
    "AmazonSSMPatchAssociation",
    "CloudWatchAgentServerPolicy",
    "AmazonS3ReadOnlyAccess",
  ],
  ...[
    "AmazonRoute53ReadOnlyAccess",
    "ReadOnlyAccess",
    "SecurityAudit",
    "ViewOnlyAccess",
    "PowerUserAccess",
    "AdministratorAccess",
  ],
  ...["service-role/AmazonEBSCSIDriverPolicy", "service-role/AmazonEBSCSIDriverEKSClusterScopedPolicy"],
  ...["service-role/AmazonEFSCSIDriverPolicy", "service-role/AmazonS3ObjectLambdaExecutionRolePolicy"],
]);

/** Refuses a managed policy that neither AWS nor the account has. */
function requireManaged(call: Call, policy: string): void {
  const own = /^arn:aws[\w-]*:iam::aws:policy\/(.+)$/.exec(policy)?.[1];
  const isThere =
    own !== undefined
      ? AWS_POLICIES.has(own)
      : isForeign(policy, call) || call.existing.has(policy) || call.view.get(TYPES.policy, policy, "") !== undefined;
  if (!isThere) refuse("NoSuchEntity", `Policy ${policy} does not exist or is not attachable.`);
}

const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const MOST_INLINE = 10_240;

const rolePolicy: Model = {
  token: ROLE_POLICY,
  global: true,
  replaceOn: ["name", "namePrefix", "role"],
  autoname: { field: "name", longest: 128, unless: ["namePrefix"] },
  json: ["policy"],
  formats: { name: NAME(128), policy: json },
  references: { role: to(roleName) },
  id: (call) => `${text(call.args, "role")}:${nameOf(call)}`,
  outputs: (call) => ({ name: call.id.split(":")[1] }),
  accept: (call) => {
    requirePolicy(text(call.args, "policy"), { kind: "identity", call });
    const others = call.view
      .all(ROLE_POLICY)
      .filter(({ id, state }) => id !== call.id && text(state, "role") === text(call.args, "role"));
    const size = [...others.map(({ state }) => text(state, "policy")), text(call.args, "policy")]
      .map((policy) => policy.replace(/\s/g, "").length)
      .reduce((sum, one) => sum + one, 0);
    if (size > MOST_INLINE) {
      refuse(
        "LimitExceeded",
        `Maximum policy size of ${MOST_INLINE} bytes exceeded for role ${text(call.args, "role")}`,
      );
    }
  },
};

const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const MOST_ATTACHED = 10;

const attachment: Model = {
  token: ATTACHMENT,
  global: true,
  replaceOn: ["role", "policyArn"],
  formats: { policyArn: arn("iam", "policy/") },
  references: {
    role: to(roleName),
    policyArn: to({
      type: TYPES.policy,
      foreign: () => true,
      missing: (policy) => ["NoSuchEntity", `Policy ${policy} does not exist.`],
    }),
  },
  id: ({ args }) => `${text(args, "role")}/${text(args, "policyArn")}`,
  accept: (call) => {
    requireManaged(call, text(call.args, "policyArn"));
    const own = call.view
      .all(ATTACHMENT)
      .filter(({ id, state }) => id !== call.id && text(state, "role") === text(call.args, "role"));
    if (own.length >= MOST_ATTACHED)
      refuse("LimitExceeded", `Cannot exceed quota for PoliciesPerRole: ${MOST_ATTACHED}`);
  },
};

const policy: Model = {
  token: TYPES.policy,
  global: true,
  replaceOn: ["name", "namePrefix", "path", "description"],
  autoname: { field: "name", longest: 128, unless: ["namePrefix"] },
  defaults: { path: "/" },
  json: ["policy"],
  formats: { name: NAME(128), path: PATH, policy: json, description: length(0, 1000) },
  id: (call) => iamArn(call, `policy${path(call)}${nameOf(call)}`),
  outputs: (call) => ({
    arn: call.id,
    policyId: once(call, "policyId", () => `ANPA${capitals(17)}`),
    name: call.id.split("/").at(-1),
  }),
  accept: (call) => {
    const name = call.id.split("/").at(-1) ?? "";
    if (call.old === undefined && call.view.all(TYPES.policy).some(({ id }) => id.split("/").at(-1) === name)) {
      refuse("EntityAlreadyExists", `A policy called ${name} already exists. Duplicate names are not allowed.`);
    }
    requirePolicy(text(call.args, "policy"), { kind: "identity", call, longest: 6144 });
  },
  inUse: () => ["DeleteConflict", "Cannot delete a policy attached to entities."],
};

const profile: Model = {
  token: TYPES.instanceProfile,
  global: true,
  replaceOn: ["name", "namePrefix", "path"],
  autoname: { field: "name", longest: 128, unless: ["namePrefix"] },
  defaults: { path: "/" },
  formats: { name: NAME(128), path: PATH },
  references: { role: to(roleName) },
  id: nameOf,
  outputs: (call) => ({
    arn: iamArn(call, `instance-profile${path(call)}${call.id}`),
    name: call.id,
    createDate: created(call),
    uniqueId: once(call, "uniqueId", () => `AIPA${capitals(17)}`),
  }),
  accept: (call) => requireNew(call, TYPES.instanceProfile, "Instance Profile"),
};

const oidc: Model = {
  token: "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
  global: true,
  replaceOn: ["url"],
  formats: {
    url: both(length(1, 255), matches(/^https:\/\/[^\s?]+$/, "begins with https:// and has no query")),
    thumbprintLists: matches(/^[0-9A-Fa-f]{40}$/, "40 hexadecimal digits"),
    clientIdLists: length(1, 255),
  },
  id: (call) => iamArn(call, `oidc-provider/${text(call.args, "url").replace("https://", "")}`),
  outputs: (call) => ({
    arn: call.id,
    url: text(call.args, "url").replace("https://", ""),
    thumbprintLists: once(call, "thumbprintLists", () => [hex(40)]),
  }),
  accept: (call) => {
    if (call.old === undefined && call.view.get(oidc.token, call.id, "") !== undefined) {
      refuse("EntityAlreadyExists", `Provider with url ${text(call.args, "url")} already exists.`);
    }
  },
};

export const iam: readonly Model[] = [role, rolePolicy, attachment, policy, profile, oidc];
