import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { PlannedCluster } from "../fleet";
import type { AddonNamespace, PodSecurity } from "./contract";

/** From the strictest to the most permissive. */
const LEVELS: readonly PodSecurity[] = ["restricted", "baseline", "privileged"];

/**
 * The namespaces of a cluster, each once: with the most permissive level, all the labels and everyone who cleans up that
 * its add-ons ask for. Namespaces that are the cluster's own are left out.
 */
export function mergeNamespaces(wanted: readonly AddonNamespace[], cluster: PlannedCluster): AddonNamespace[] {
  const merged = new Map<string, AddonNamespace>();
  for (const { name, podSecurity, labels, labelsOn, cleanedBy = [] } of wanted) {
    if (podSecurity === undefined) continue;
    const other = merged.get(name);
    const level = Math.max(LEVELS.indexOf(podSecurity), LEVELS.indexOf(other?.podSecurity ?? "restricted"));
    merged.set(name, {
      name,
      podSecurity: LEVELS[level],
      labels: { ...other?.labels, ...labels, ...labelsOn?.(cluster) },
      cleanedBy: [...new Set([...(other?.cleanedBy ?? []), ...cleanedBy])],
    });
  }
  return [...merged.values()];
}

/** A namespace with Pod Security: what the level forbids is refused, and restricted's findings are warned of. */
export function makeNamespace(
  name: string,
  { name: physical, podSecurity, labels }: AddonNamespace,
  opts: pulumi.CustomResourceOptions,
): kubernetes.core.v1.Namespace {
  const metadata = {
    name: physical,
    labels: {
      "pod-security.kubernetes.io/enforce": podSecurity ?? "restricted",
      "pod-security.kubernetes.io/warn": "restricted",
      ...labels,
    },
  };
  return new kubernetes.core.v1.Namespace(name, { metadata }, opts);
}
