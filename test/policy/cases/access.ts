import { type Case, object } from "./case";

const GROUP = "rbac.authorization.k8s.io";
const ROLE = object(`${GROUP}/v1:ClusterRole`, {
  rules: [{ apiGroups: ["apps"], resources: ["deployments"], verbs: ["get", "list"] }],
});
/** What Argo CD has: it reads everything. */
const READER = {
  ...object(
    `${GROUP}/v1:ClusterRole`,
    { rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["get", "list", "watch"] }] },
    { name: "argocd-manager" },
  ),
  name: "reader",
};
const BINDING = object(`${GROUP}/v1:ClusterRoleBinding`, {
  roleRef: { apiGroup: GROUP, kind: "ClusterRole", name: "reader" },
  subjects: [{ kind: "ServiceAccount", name: "it", namespace: "platform" }],
});

export const ACCESS: readonly Case[] = [
  {
    rule: "rbac-no-wildcards",
    good: [ROLE, READER],
    bad: [
      { what: "every verb", at: ["rules", "0", "verbs"], is: ["*"] },
      { what: "every resource", at: ["rules", "0", "resources"], is: ["*"] },
      { what: "every group", at: ["rules", "0", "apiGroups"], is: ["*"] },
    ],
  },
  {
    rule: "rbac-no-escalation",
    good: [ROLE],
    bad: ["escalate", "bind", "impersonate"].map((verb) => ({
      what: `the verb ${verb}`,
      at: ["rules", "0", "verbs", "1"],
      is: verb,
    })),
  },
  {
    rule: "rbac-no-secrets-everywhere",
    good: [ROLE, READER],
    bad: [
      {
        what: "Secrets of all namespaces",
        at: ["rules", "0"],
        is: { apiGroups: [""], resources: ["secrets"], verbs: ["list"] },
      },
      { what: "everything of the core", at: ["rules", "0"], is: { apiGroups: [""], resources: ["*"], verbs: ["get"] } },
    ],
  },
  {
    rule: "rbac-no-cluster-admin",
    good: [BINDING],
    bad: [{ what: "a binding to cluster-admin", at: ["roleRef", "name"], is: "cluster-admin" }],
  },
  {
    rule: "rbac-not-everybody",
    good: [BINDING],
    bad: ["system:anonymous", "system:unauthenticated", "system:authenticated", "system:serviceaccounts"].map(
      (name) => ({
        what: `a binding for ${name}`,
        at: ["subjects", "0"],
        is: { kind: "Group", name },
      }),
    ),
  },
  {
    rule: "rbac-no-lasting-tokens",
    good: [
      object("core/v1:Secret", { type: "Opaque" }, { annotations: { "kubernetes.io/service-account.name": "it" } }),
      {
        ...object(
          "core/v1:Secret",
          { type: "kubernetes.io/service-account-token" },
          { annotations: { "kubernetes.io/service-account.name": "istio-remote-reader" } },
        ),
        name: "mesh",
      },
    ],
    bad: [{ what: "a token without an end", at: ["type"], is: "kubernetes.io/service-account-token" }],
  },
];
