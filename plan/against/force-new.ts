import { MODELS } from "../../rehearsal/providers/aws/types";

/**
 * Properties of Kubernetes objects that cannot be changed in place, by kind, beside name and namespace. Source:
 * pulumi-kubernetes, provider/pkg/provider/diff.go; ConfigMaps and Secrets are mutable here.
 */
const KUBERNETES: Readonly<Record<string, readonly string[]>> = {
  "apps/v1:Deployment": ["spec.selector"],
  "apps/v1:DaemonSet": ["spec.selector"],
  "apps/v1:StatefulSet": [
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
  ],
  "batch/v1:Job": ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
  "core/v1:PersistentVolumeClaim": ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"],
  "core/v1:ResourceQuota": ["spec.scopes"],
  "core/v1:Secret": ["type"],
  "core/v1:Service": ["spec.clusterIP"],
  "rbac.authorization.k8s.io/v1:ClusterRoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/v1:RoleBinding": ["roleRef"],
  "storage.k8s.io/v1:StorageClass": ["parameters", "provisioner"],
  "helm.sh/v3:Release": ["name", "namespace"],
};

const METADATA = ["metadata.name", "metadata.namespace"];

/** What the tls provider changes in place; everything else makes a new key or certificate. */
const TLS_IN_PLACE = ["earlyRenewalHours"];

/**
 * Providers that are another one when the property changes, and with them all that they manage. A kubernetes provider
 * whose cluster is another one is made anew; an aws provider of another region looks for its resources where they are not.
 */
const PROVIDERS: Readonly<Record<string, readonly string[]>> = {
  kubernetes: ["clusterIdentifier"],
  aws: ["region"],
};

/** Whether a resource of the type has to be made anew when the property changes, as far as this program knows. */
export function replacesOn(type: string, path: string): boolean {
  const paths = replacingPaths(type);
  return "only" in paths ? isBelow(path, paths.only) : !isBelow(path, paths.allBut);
}

/** The paths of a type's inputs whose change makes it anew. */
export type ReplacingPaths = { readonly only: readonly string[] } | { readonly allBut: readonly string[] };

/** What makes a resource of the type anew, as far as this program knows. */
export function replacingPaths(type: string): ReplacingPaths {
  const [provider, kind = ""] = splitType(type);
  if (type.startsWith("pulumi:providers:")) return { only: PROVIDERS[type.split(":")[2] ?? ""] ?? [] };
  if (provider === "kubernetes") return { only: [...METADATA, ...(KUBERNETES[kind] ?? [])] };
  if (provider === "tls") return { allBut: TLS_IN_PLACE };
  if (provider === "random") return { allBut: [] };
  const model = provider === "aws" ? MODELS.get(type) : undefined;
  return { only: model === undefined ? [] : [...model.replaceOn, ...(model.global ? [] : ["region"])] };
}

function splitType(type: string): readonly [string, string] {
  const colon = type.indexOf(":");
  return [type.slice(0, colon), type.slice(colon + 1)];
}

/** Whether a path is one of `paths`, or leads to something within one. */
function isBelow(path: string, paths: readonly string[]): boolean {
  const plain = path.replaceAll(/\[[^\]]*\]/g, "");
  return paths.some(
    (one) => plain === one || plain.startsWith(`${one}.`) || path === one || path.startsWith(`${one}[`),
  );
}
