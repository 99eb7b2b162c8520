/**
 * Kubernetes versions that EKS makes clusters of: those in standard and in extended support.
 * Source: AWS, "Understand the Kubernetes version lifecycle on EKS", read in November 2026. The oldest goes and a new one
 * comes about every four months.
 */
export const EKS_VERSIONS: readonly string[] = ["1.31", "1.32", "1.33", "1.34", "1.35", "1.36"];

/**
 * Minor versions that the Cluster API of charts.json makes clusters of. Source: the notes of its release v1.14, "Kubernetes
 * version support", workload clusters.
 */
const CLUSTER_API_VERSIONS: readonly string[] = ["1.31", "1.32", "1.33", "1.34", "1.35", "1.36"];

/** Why Cluster API cannot make a cluster of a full version, or `undefined` where it can. */
export function clusterApiVersionProblem(version: string): string | undefined {
  if (CLUSTER_API_VERSIONS.some((minor) => version.startsWith(`${minor}.`))) return undefined;
  return `Cluster API makes no clusters of Kubernetes "${version}", but of ${CLUSTER_API_VERSIONS.join(", ")} (a newer one goes into components/settings/kubernetes-versions.ts)`;
}

/** How many minor versions a kubelet may be behind its API server. Source: Kubernetes, "Version Skew Policy". */
export const KUBELET_SKEW = 3;

/** The minor version of "1.34": 34. */
export function minorOf(version: string): number {
  return Number(version.split(".")[1]);
}

/** Why an EKS cluster cannot have a version, or `undefined` where it can. */
export function versionProblem(version: string): string | undefined {
  if (EKS_VERSIONS.includes(version)) return undefined;
  return `EKS has no Kubernetes "${version}"; it has ${EKS_VERSIONS.join(", ")} (a newer one goes into components/settings/kubernetes-versions.ts)`;
}

/** Why nodes of one version cannot work with a control plane of another, or `undefined` where they can. */
export function skewProblem(nodes: string, controlPlane: string): string | undefined {
  const behind = minorOf(controlPlane) - minorOf(nodes);
  // What is no version is a problem of its own.
  if (Number.isNaN(behind)) return undefined;
  if (behind < 0) return `${nodes} is newer than the control plane (${controlPlane}); upgrade the control plane first`;
  if (behind <= KUBELET_SKEW) return undefined;
  return `${nodes} is ${behind} minor versions behind the control plane (${controlPlane}), and nodes may be at most ${KUBELET_SKEW} behind; upgrade the nodes first`;
}

/**
 * Why a version cannot follow another one, or `undefined` where it can: control planes go up by one minor version at a
 * time, and never down.
 */
export function stepProblem(from: string, to: string): string | undefined {
  const step = minorOf(to) - minorOf(from);
  if (step === 0 || step === 1) return undefined;
  if (step < 0) return `${to} is older than ${from}, which runs; a control plane never goes back`;
  return `${to} skips ${step === 2 ? "a version" : `${step - 1} versions`} after ${from}, which runs; go to 1.${minorOf(from) + 1} first`;
}
