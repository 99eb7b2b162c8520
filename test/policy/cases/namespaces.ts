import { type Case, object } from "./case";

const ENFORCE = "pod-security.kubernetes.io/enforce";
const WARN = "pod-security.kubernetes.io/warn";
const LABELS = ["metadata", "labels"] as const;

const NAMESPACE = object(
  "core/v1:Namespace",
  {},
  { namespace: undefined, labels: { [ENFORCE]: "restricted", [WARN]: "restricted" } },
);
const TENANT = object(
  "core/v1:Namespace",
  {},
  {
    name: "shop",
    namespace: undefined,
    labels: { "choreo.dev/tenant": "shop", [ENFORCE]: "restricted", [WARN]: "restricted" },
  },
);
const SYSTEM = object(
  "core/v1:Namespace",
  {},
  { name: "kube-system", namespace: undefined, labels: { [ENFORCE]: "privileged", [WARN]: "restricted" } },
);

/** What a namespace of a tenant has around it. */
const TENANT_GOOD = [
  TENANT,
  {
    ...object(
      "cilium.io/v2:CiliumNetworkPolicy",
      { spec: { endpointSelector: {}, ingress: [{}], egress: [{}] } },
      { namespace: "shop" },
    ),
    name: "deny",
  },
  {
    ...object("core/v1:ResourceQuota", { spec: { hard: { pods: "10", "requests.cpu": "2" } } }, { namespace: "shop" }),
    name: "quota",
  },
  {
    ...object(
      "core/v1:LimitRange",
      { spec: { limits: [{ type: "Container", default: { memory: "64Mi" } }] } },
      { namespace: "shop" },
    ),
    name: "limits",
  },
];

export const NAMESPACES: readonly Case[] = [
  {
    rule: "namespaces-pod-security",
    good: [NAMESPACE],
    bad: [
      { what: "no label", at: [...LABELS, ENFORCE] },
      { what: "a level that there is not", at: [...LABELS, ENFORCE], is: "strict" },
      { what: "no labels at all", at: [...LABELS] },
    ],
  },
  {
    rule: "namespaces-privileged",
    good: [NAMESPACE, { ...SYSTEM, name: "system" }],
    bad: [{ what: "a privileged namespace", at: [...LABELS, ENFORCE], is: "privileged" }],
  },
  {
    rule: "namespaces-tenant-restricted",
    good: TENANT_GOOD,
    bad: [
      { what: "a tenant's baseline", at: [...LABELS, ENFORCE], is: "baseline" },
      { what: "a tenant's without a level", at: [...LABELS, ENFORCE] },
    ],
  },
  {
    rule: "namespaces-system-unmeshed",
    good: [SYSTEM],
    bad: [{ what: "kube-system in the mesh", at: [...LABELS, "istio.io/dataplane-mode"], is: "ambient" }],
  },
  {
    rule: "namespaces-not-default",
    good: [
      object("core/v1:ConfigMap", { data: { mode: "fast" } }),
      { ...object("core/v1:Service", { spec: { ports: [{ port: 80 }] } }), name: "service" },
    ],
    bad: [
      { what: "the default namespace", at: ["metadata", "namespace"], is: "default" },
      { what: "no namespace", at: ["metadata", "namespace"] },
      { what: "a Service there", of: "service", at: ["metadata", "namespace"], is: "default" },
    ],
  },
  {
    rule: "stack-tenant-default-deny",
    good: TENANT_GOOD,
    bad: [
      { what: "no policy", of: "deny", blamed: "main" },
      { what: "nothing about what goes out", of: "deny", at: ["spec", "egress"], blamed: "main" },
      { what: "an empty list, which is no rule", of: "deny", at: ["spec", "ingress"], is: [], blamed: "main" },
      {
        what: "one for some pods",
        of: "deny",
        at: ["spec", "endpointSelector"],
        is: { matchLabels: { a: "b" } },
        blamed: "main",
      },
      { what: "one of another namespace", of: "deny", at: ["metadata", "namespace"], is: "other", blamed: "main" },
      {
        what: "one that lets everybody in",
        of: "deny",
        at: ["spec", "ingress"],
        is: [{ fromEntities: ["all"] }],
        blamed: "main",
      },
      {
        what: "one that denies nothing",
        of: "deny",
        at: ["spec", "enableDefaultDeny"],
        is: { egress: false },
        blamed: "main",
      },
    ],
  },
  {
    rule: "stack-tenant-quota",
    good: TENANT_GOOD,
    bad: [
      { what: "no quota", of: "quota", blamed: "main" },
      { what: "a quota of nothing", of: "quota", at: ["spec", "hard"], blamed: "main" },
    ],
  },
  { rule: "stack-tenant-limits", good: TENANT_GOOD, bad: [{ what: "no limits", of: "limits", blamed: "main" }] },
];
