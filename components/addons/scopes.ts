import type { ManifestObject } from "../settings";
import type { Kind } from "./gate";

/** Kinds of Kubernetes itself that live in no namespace. Source: `kubectl api-resources --namespaced=false`. */
const CLUSTER_SCOPED = [
  "APIService",
  "CertificateSigningRequest",
  "ClusterRole",
  "ClusterRoleBinding",
  "CSIDriver",
  "CustomResourceDefinition",
  "FlowSchema",
  "IngressClass",
  "MutatingAdmissionPolicy",
  "MutatingAdmissionPolicyBinding",
  "MutatingWebhookConfiguration",
  "Namespace",
  "PersistentVolume",
  "PriorityClass",
  "PriorityLevelConfiguration",
  "RuntimeClass",
  "StorageClass",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "ValidatingWebhookConfiguration",
  "VolumeAttributesClass",
  "VolumeSnapshotClass",
];

/** Whether an object lives in a namespace: as its kind says where it is among `kinds`, else as Kubernetes has it. */
export function isNamespaced({ apiVersion, kind }: ManifestObject, kinds: readonly Kind[]): boolean {
  const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
  const known = kinds.find((one) => one.kind === kind && one.group === group);
  return known === undefined ? !CLUSTER_SCOPED.includes(kind) : known.scope === "Namespaced";
}
