import { namespaceOf, objectName } from "../lib/kubernetes";
import { anyOf, kinds, resourceRule, type TypeFilter, textList } from "../lib/rule";
import { at, isFields, isMissing, text, UNKNOWN } from "../lib/values";

const NAMESPACE = kinds("core", "Namespace");
const ENFORCE = "pod-security.kubernetes.io/enforce";
const WARN = "pod-security.kubernetes.io/warn";
/** Label of a tenant's namespaces. */
export const TENANT = "choreo.dev/tenant";
const LEVELS: readonly unknown[] = ["restricted", "baseline", "privileged"];

/** Namespaces in which the platform's own agents reach into their nodes, or builds run. */
const PRIVILEGED = [
  "choreo-builds",
  "istio-system",
  "kube-system",
  "logging",
  "monitoring-nodes",
  "tracing-nodes",
  "capd-system",
  "velero",
];

export const namespacesPodSecurity = resourceRule({
  name: "namespaces-pod-security",
  description: "Every namespace says which pods it admits, by a level of Pod Security.",
  severity: "high",
  reason: "without the label a namespace admits privileged pods",
  fix: `Set the label ${ENFORCE} to restricted, baseline or privileged.`,
  appliesTo: NAMESPACE,
  check: ({ props }, report) => {
    const level = at(props, "metadata", "labels", ENFORCE);
    if (level !== UNKNOWN && !LEVELS.includes(level)) report("the namespace has no level of Pod Security");
  },
});

export const namespacesPrivileged = resourceRule({
  name: "namespaces-privileged",
  description: "Only namespaces of the platform's own agents admit privileged pods.",
  severity: "high",
  reason: "who may make a pod in such a namespace owns its nodes",
  fix: "Set the level to restricted or baseline, or, after a review, name the namespace in `namespaces`.",
  options: { namespaces: textList("Namespaces that may be privileged.", PRIVILEGED) },
  appliesTo: NAMESPACE,
  check: (resource, report, { namespaces }) => {
    const name = objectName(resource);
    if (at(resource.props, "metadata", "labels", ENFORCE) !== "privileged" || name === undefined) return;
    if (!namespaces.includes(name)) report(`namespace ${name} is privileged`);
  },
});

export const namespacesTenantRestricted = resourceRule({
  name: "namespaces-tenant-restricted",
  description: "Namespaces of tenants are restricted.",
  severity: "critical",
  reason: "what a tenant runs is not the platform's to vouch for",
  fix: `Set the label ${ENFORCE} to restricted.`,
  appliesTo: NAMESPACE,
  check: ({ props }, report) => {
    const labels = at(props, "metadata", "labels");
    if (isMissing(at(labels, TENANT)) || at(labels, TENANT) === UNKNOWN) return;
    const level = at(labels, ENFORCE);
    if (level !== UNKNOWN && level !== "restricted") report("the namespace of a tenant is not restricted");
  },
});

export const namespacesWarn = resourceRule({
  name: "namespaces-warn",
  description: "Every namespace warns of pods that are not restricted.",
  severity: "low",
  enforcement: "remediate",
  reason: "what is admitted today and refused after a later, stricter level is then known beforehand",
  fix: `Set the label ${WARN} to restricted, as this rule does where it is allowed to remedy.`,
  appliesTo: NAMESPACE,
  check: ({ props }, report) => {
    if (isMissing(at(props, "metadata", "labels", WARN))) report(`the namespace has no label ${WARN}`);
  },
  remedy: ({ props }) => {
    const labels = at(props, "metadata", "labels");
    const open = at(props, "metadata") === UNKNOWN || labels === UNKNOWN;
    if (open || !isMissing(at(labels, WARN))) return [];
    return [{ path: ["metadata", "labels", WARN], value: "restricted" }];
  },
});

export const namespacesSystemUnmeshed = resourceRule({
  name: "namespaces-system-unmeshed",
  description: "Namespaces of the cluster itself and of admission webhooks are not in the mesh.",
  severity: "high",
  reason: "the API server speaks no mesh: its calls would be refused, and nothing could be mended any more",
  fix: "Remove the label istio.io/dataplane-mode.",
  options: {
    namespaces: textList("Namespaces that must not be in the mesh.", [
      "kube-system",
      "istio-system",
      "cert-manager",
      "external-secrets",
      "cnpg-system",
      "capi-system",
    ]),
  },
  appliesTo: NAMESPACE,
  check: (resource, report, { namespaces }) => {
    const mode = at(resource.props, "metadata", "labels", "istio.io/dataplane-mode");
    if (mode === "ambient" && namespaces.includes(objectName(resource) ?? "")) report("the namespace is in the mesh");
  },
});

/** Kinds that live in a namespace and that people put in the wrong one. */
const NAMESPACED: TypeFilter = anyOf(
  kinds("core", "Pod", "Service", "ConfigMap", "Secret", "PersistentVolumeClaim"),
  kinds("apps", "Deployment", "StatefulSet", "DaemonSet"),
  kinds("batch", "Job", "CronJob"),
);

export const namespacesNotDefault = resourceRule({
  name: "namespaces-not-default",
  description: "Nothing is put in the namespace `default`.",
  severity: "medium",
  reason: "it has no level of Pod Security, no quota and no policy, and everything that names none ends there",
  fix: "Name a namespace in metadata.namespace.",
  appliesTo: NAMESPACED,
  check: (resource, report) => {
    const { metadata } = resource.props;
    if (metadata !== undefined && !isFields(metadata)) return;
    if (namespaceOf(resource) === "default") report(`${text(at(metadata, "name")) ?? "the object"} is in default`);
  },
});
