import type { ClusterApiSettings } from "../cluster-api";
import { waveOf } from "../defaults";
import { skewProblem } from "../kubernetes-versions";
import type { ClusterSettings, PlatformBase } from "../platform";
import { type Problem, pathOf } from "../problems";
import { allowListProblems } from "./endpoints";

/** Problems of clusters that Cluster API makes, in view of the others. Paths begin with `platform`. */
export function clusterApiProblems(platform: PlatformBase): Problem[] {
  return Object.entries(platform.clusters).flatMap(([name, cluster]) => {
    const { provider } = cluster;
    if (provider.kind !== "cluster-api") return [];
    return [
      ...placeProblems(name, cluster),
      ...infrastructureProblems(name, cluster, provider, platform),
      ...versionProblems(name, provider),
    ];
  });
}

function at(name: string, ...path: readonly string[]): string {
  return pathOf("platform", "clusters", name, ...path);
}

/** It is made by what runs on the control cluster, and has nothing of its own at first. */
function placeProblems(name: string, cluster: ClusterSettings): Problem[] {
  const problems: Problem[] = [];
  if (cluster.planes.includes("control")) {
    const message =
      "the control cluster runs Cluster API and cannot be made by it; make it on EKS, or give one that exists";
    return [{ path: at(name, "provider", "kind"), message }];
  }
  if (waveOf(cluster) === 0) {
    const message = "a cluster that Cluster API makes comes after the control cluster, which is wave 0; give it wave 1";
    problems.push({ path: at(name, "wave"), message });
  }
  if (cluster.cilium === "present") {
    const message = "a cluster that this program makes has the Cilium that it installs; remove this key";
    problems.push({ path: at(name, "cilium"), message });
  }
  return problems;
}

function infrastructureProblems(
  name: string,
  { network }: ClusterSettings,
  provider: ClusterApiSettings,
  platform: PlatformBase,
): Problem[] {
  const { infrastructure, vpc, publicAccess, volumeKey } = provider;
  const { profile } = platform;
  if (infrastructure === "docker") {
    if (profile !== "production") return [];
    const message = "docker is for trials: its machines are containers on one host; use aws in production";
    return [{ path: at(name, "provider", "infrastructure"), message }];
  }
  const problems =
    publicAccess === undefined
      ? []
      : allowListProblems(at(name, "provider", "publicAccess"), publicAccess.cidrs, platform);
  if (profile === "production" && volumeKey === undefined) {
    const message = "required in production: the ARN of the key (KMS) that the machines' volumes are encrypted with";
    problems.push({ path: at(name, "provider", "volumeKey"), message });
  }
  if (volumeKey !== undefined && volumeKey.split(":")[3] !== provider.region) {
    const message = `a key of another region than the machines' (${provider.region}), which cannot encrypt their volumes`;
    problems.push({ path: at(name, "provider", "volumeKey"), message });
  }
  if (vpc !== undefined || !network.mesh) return problems;
  const message =
    "no other cluster's network reaches the one that Cluster API makes; give provider.vpc, with routes to the others, or set mesh: false";
  return [...problems, { path: at(name, "network", "mesh"), message }];
}

function versionProblems(name: string, { kubernetes, nodePools }: ClusterApiSettings): Problem[] {
  return Object.entries(nodePools).flatMap(([pool, { kubernetes: nodes = kubernetes }]) => {
    const message = skewProblem(nodes, kubernetes);
    return message === undefined ? [] : [{ path: at(name, "provider", "nodePools", pool, "kubernetes"), message }];
  });
}
