import { inMesh, issuingRoot, meshDns } from "../defaults";
import type { ClusterSettings, PlatformBase } from "../platform";
import { type Problem, pathOf } from "../problems";
import { overlap, type Ranges, rangesOf } from "../ranges";

/** Problems of addresses, mesh ids and trust across the fleet. Paths begin with `platform`. */
export function networkProblems(platform: PlatformBase): Problem[] {
  const clusters = Object.entries(platform.clusters);
  const members = clusters.filter(([, cluster]) => inMesh(cluster));
  return [
    ...meshRangeProblems(platform.mesh.ranges),
    ...repeated(clusters, "meshId", (cluster) => cluster.network.meshId, "mesh id"),
    ...repeated(members, "meshAddress", (cluster) => cluster.network.meshAddress, "mesh address"),
    ...overlapProblems(platform, clusters),
    ...routingProblems(members),
    ...addressProblems(platform, members),
    ...trustProblems(platform),
  ];
}

type Named = readonly (readonly [string, ClusterSettings])[];

function meshRangeProblems(ranges: PlatformBase["mesh"]["ranges"]): Problem[] {
  return Object.entries(ranges)
    .filter(([, range]) => Number(range.split("/")[1]) > 17)
    .map(([key, range]) => ({
      path: pathOf("platform", "mesh", "ranges", key),
      message: `${range} is too small for 128 clusters: each would get less than a /24; use /17 or larger`,
    }));
}

function repeated(clusters: Named, key: string, value: (c: ClusterSettings) => unknown, what: string): Problem[] {
  const first = new Map<unknown, string>();
  return clusters.flatMap(([name, cluster]) => {
    const own = value(cluster);
    const holder = own === undefined ? undefined : first.get(own);
    if (holder === undefined) {
      first.set(own, name);
      return [];
    }
    const path = pathOf("platform", "clusters", name, "network", key);
    return [{ path, message: `${what} ${own} is cluster "${holder}"'s already; each cluster needs its own` }];
  });
}

interface Claim {
  readonly cluster: string;
  readonly kind: keyof Ranges;
  readonly range: string;
}

/**
 * Inside the mesh no two ranges may overlap; a cluster outside it has only to agree with itself.
 * Each pair is reported once, at the later cluster.
 */
function overlapProblems(platform: PlatformBase, clusters: Named): Problem[] {
  const claims = clusters.flatMap(([cluster, settings]): (Claim & { mesh: boolean })[] => {
    const ranges = rangesOf(settings, platform.mesh);
    return (["cidr", "pods", "services"] as const).map((kind) => ({
      cluster,
      kind,
      range: ranges[kind],
      mesh: inMesh(settings),
    }));
  });
  return claims.flatMap((later, index) =>
    claims
      .slice(0, index)
      .filter((earlier) => earlier.cluster === later.cluster || (earlier.mesh && later.mesh))
      .filter((earlier) => overlap(earlier.range, later.range))
      .map((earlier) => ({
        path: pathOf("platform", "clusters", later.cluster, "network", later.kind),
        message: `${later.range} overlaps ${earlier.range}, the ${earlier.kind} of cluster "${earlier.cluster}"; choose another range`,
      })),
  );
}

function routingProblems(members: Named): Problem[] {
  const [first, ...others] = members;
  if (first === undefined) return [];
  const mode = first[1].network.routing;
  return others
    .filter(([, cluster]) => cluster.network.routing !== mode)
    .map(([name, cluster]) => ({
      path: pathOf("platform", "clusters", name, "network", "routing"),
      message: `${cluster.network.routing}, but "${first[0]}" has ${mode}: all clusters of a mesh have one routing mode`,
    }));
}

function addressProblems(platform: PlatformBase, members: Named): Problem[] {
  if (members.length < 2 || meshDns(platform) === "published") return [];
  return members
    .filter(([, cluster]) => cluster.network.meshAddress === undefined)
    .map(([name]) => ({
      path: pathOf("platform", "clusters", name, "network", "meshAddress"),
      message: "required where no DNS zone serves the mesh's names (mesh.dns: none): the address its peers dial",
    }));
}

function trustProblems(platform: PlatformBase): Problem[] {
  const { roots } = platform.mesh.trust;
  const path = (key: string) => pathOf("platform", "mesh", "trust", key);
  const problems: Problem[] = [];
  if (new Set(roots).size !== roots.length) problems.push({ path: path("roots"), message: "a root is named twice" });
  if (!roots.includes(issuingRoot(platform))) {
    problems.push({
      path: path("issuer"),
      message: `"${issuingRoot(platform)}" is none of the roots: ${roots.join(", ")}`,
    });
  }
  return problems;
}
