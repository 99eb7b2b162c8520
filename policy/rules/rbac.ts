import { objectName } from "../lib/kubernetes";
import { anyOf, kinds, type Report, type Resource, resourceRule, textList } from "../lib/rule";
import { at, isFields, isOpen, items, text, UNKNOWN } from "../lib/values";

const GROUP = "rbac.authorization.k8s.io";
const ROLES = kinds(GROUP, "Role", "ClusterRole");
const BINDINGS = kinds(GROUP, "RoleBinding", "ClusterRoleBinding");

function eachGrant(resource: Resource, check: (grant: Grant) => void): void {
  for (const rule of items(resource.props.rules)) {
    if (!isFields(rule)) continue;
    const names = isOpen(rule.resourceNames) || items(rule.resourceNames).length > 0;
    check({ verbs: items(rule.verbs), resources: items(rule.resources), groups: items(rule.apiGroups), names });
  }
}

interface Grant {
  readonly verbs: readonly unknown[];
  readonly resources: readonly unknown[];
  readonly groups: readonly unknown[];
  /** Whether it is for objects that it names, or that are not known. */
  readonly names: boolean;
}

const READS: readonly unknown[] = ["get", "list", "watch"];

const readers = textList("Roles that may read everything: Argo CD compares what runs with what Git says.", [
  "argocd-manager",
]);

function isReader(resource: Resource, known: readonly string[], verbs: readonly unknown[]): boolean {
  const hidden = at(resource.props, "metadata", "name") === UNKNOWN;
  return (hidden || known.includes(objectName(resource) ?? "")) && verbs.every((verb) => READS.includes(verb));
}

export const rbacNoWildcards = resourceRule({
  name: "rbac-no-wildcards",
  description: "No role grants every verb, every resource or every API group.",
  severity: "high",
  reason: "a wildcard also grants what is installed tomorrow",
  fix: "List the verbs, resources and API groups that are needed.",
  options: { readers },
  appliesTo: ROLES,
  check: (resource, report, options) =>
    eachGrant(resource, ({ verbs, resources, groups }) => {
      if (isReader(resource, options.readers, verbs)) return;
      for (const [what, values] of Object.entries({ verb: verbs, resource: resources, "API group": groups }))
        if (values.includes("*")) report(`the role grants every ${what}`);
    }),
});

const ESCALATING = ["escalate", "bind", "impersonate"];

export const rbacNoEscalation = resourceRule({
  name: "rbac-no-escalation",
  description: "No role lets its holders give themselves more rights.",
  severity: "critical",
  reason: "who may escalate, bind or impersonate is an administrator by another name",
  fix: "Remove the verbs escalate, bind and impersonate.",
  appliesTo: ROLES,
  check: (resource, report) =>
    eachGrant(resource, ({ verbs }) => {
      for (const verb of ESCALATING) if (verbs.includes(verb)) report(`the role grants the verb ${verb}`);
    }),
});

export const rbacNoSecretsEverywhere = resourceRule({
  name: "rbac-no-secrets-everywhere",
  description: "No role of a whole cluster reads Secrets.",
  severity: "high",
  reason: "it reads every credential of every tenant",
  fix: "Make it a Role in the namespace whose Secrets are needed, or name them in resourceNames.",
  options: { readers },
  appliesTo: kinds(GROUP, "ClusterRole"),
  check: (resource, report, options) =>
    eachGrant(resource, ({ verbs, resources, groups, names }) => {
      if (names || isReader(resource, options.readers, verbs)) return;
      const reads = verbs.some((verb) => verb === "*" || READS.includes(verb));
      const core = groups.includes("") || groups.includes("*");
      if (reads && core && (resources.includes("secrets") || resources.includes("*")))
        report("the role reads Secrets of all namespaces");
    }),
});

export const rbacNoClusterAdmin = resourceRule({
  name: "rbac-no-cluster-admin",
  description: "Nobody is bound to an administrator's role of the cluster.",
  severity: "critical",
  reason: "one stolen token is then the whole cluster",
  fix: "Bind a role with what is needed.",
  options: { roles: textList("Roles that nobody may be bound to.", ["cluster-admin"]) },
  appliesTo: BINDINGS,
  check: ({ props }, report, { roles }) => {
    const role = text(at(props, "roleRef", "name")) ?? "";
    if (at(props, "roleRef", "kind") !== "Role" && roles.includes(role)) report(`the binding is to ${role}`);
  },
});

const EVERYBODY = ["system:anonymous", "system:unauthenticated", "system:authenticated", "system:serviceaccounts"];

export const rbacNotEverybody = resourceRule({
  name: "rbac-not-everybody",
  description: "No role is bound to everybody, or to everybody who has logged in.",
  severity: "critical",
  reason: "on many clouds everybody with an account there has logged in",
  fix: "Name the group, user or service account that needs the role.",
  appliesTo: BINDINGS,
  check: ({ props }, report) => {
    for (const subject of items(props.subjects)) {
      const name = text(at(subject, "name"));
      if (name !== undefined && EVERYBODY.includes(name)) report(`the binding is for ${name}`);
    }
  },
});

const ACCOUNT_MAKERS = anyOf(kinds("core", "Secret"));

export const rbacNoLastingTokens = resourceRule({
  name: "rbac-no-lasting-tokens",
  description: "No token of a service account lasts for ever, but those that other clusters of the mesh use.",
  severity: "medium",
  reason: "a token without an end is valid long after it was stolen",
  fix: "Let pods use projected tokens, or ask for one that expires by TokenRequest.",
  options: { accounts: textList("Service accounts that may have one.", ["istio-remote-reader", "argocd-manager"]) },
  appliesTo: ACCOUNT_MAKERS,
  check: (resource, report, { accounts }) => lasting(resource, report, accounts),
});

function lasting({ props }: Resource, report: Report, accounts: readonly string[]): void {
  if (props.type !== "kubernetes.io/service-account-token") return;
  const account = at(props, "metadata", "annotations", "kubernetes.io/service-account.name");
  if (account !== UNKNOWN && !accounts.includes(text(account) ?? ""))
    report("the Secret asks for a token without an end");
}
