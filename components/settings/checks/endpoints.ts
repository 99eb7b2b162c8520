import { Address4 } from "ip-address";
import { inMesh } from "../defaults";
import type { ClusterSettings, PlatformBase } from "../platform";
import { type Problem, pathOf } from "../problems";

/** Problems of who may connect to an API server on the internet. @param path Path of `publicAccess`. */
export function allowListProblems(
  path: string,
  cidrs: readonly string[] | undefined,
  { profile }: Pick<PlatformBase, "profile">,
): Problem[] {
  if (profile !== "production") return [];
  if (cidrs === undefined) {
    const message = "a public endpoint without an allow-list in production; set cidrs to the ranges that may connect";
    return [{ path, message }];
  }
  return cidrs.flatMap((cidr, index) => {
    if (new Address4(cidr).subnetMask >= 8) return [];
    const message = `${cidr} is as good as everyone, which production refuses; name the ranges that may connect`;
    return [{ path: pathOf(path, "cidrs", index), message }];
  });
}

/** Problems of how the API server of a cluster on EKS is reached. */
export function endpointProblems(name: string, cluster: ClusterSettings, platform: PlatformBase): Problem[] {
  const { provider } = cluster;
  if (provider.kind !== "eks") return [];
  const path = pathOf("platform", "clusters", name, "provider", "publicAccess");
  if (provider.publicAccess === undefined) return privateProblems(path, cluster, platform);
  const { cidrs } = provider.publicAccess;
  return [...allowListProblems(path, cidrs, platform), ...natProblems(path, cidrs, cluster, platform)];
}

function privateProblems(path: string, cluster: ClusterSettings, platform: PlatformBase): Problem[] {
  if (platform.profile !== "production" || platform.aws?.runner !== undefined) return [];
  const ways = hasPeers(cluster, platform)
    ? "name the runner's network in aws.runner"
    : "name the runner's network in aws.runner, or set publicAccess.cidrs to the ranges that it connects from";
  return [{ path, message: `the API server would be private, with no network that \`up\` can reach it from; ${ways}` }];
}

/**
 * With a public endpoint, the API server's name leads to it from everywhere but the cluster's own network. Who comes from a
 * peered one then comes from the address of a NAT gateway, and a list that lacks it breaks the mesh without a word.
 */
function natProblems(
  path: string,
  cidrs: readonly string[] | undefined,
  cluster: ClusterSettings,
  platform: PlatformBase,
): Problem[] {
  if (cidrs === undefined || cidrs.includes("0.0.0.0/0")) return [];
  const why = "outside the cluster's own network its API server's name leads to the public endpoint, where";
  if (hasPeers(cluster, platform)) {
    const message = `${why} istiod of its peers and Argo CD come from addresses that the list lacks; remove publicAccess, and let \`up\` run in aws.runner`;
    return [{ path, message }];
  }
  if (platform.aws?.runner === undefined) return [];
  const message = `${why} \`up\` comes from the runner's network by another address than its own; remove publicAccess, or aws.runner`;
  return [{ path, message }];
}

/** Whether it shares the mesh with another cluster. */
function hasPeers(cluster: ClusterSettings, { clusters }: PlatformBase): boolean {
  return inMesh(cluster) && Object.values(clusters).filter(inMesh).length > 1;
}
