import { inMesh, issuingRoot, meshDns, routingOf } from "../defaults";
import { type ClusterSettings, FIXED_ADDRESSES, type PlatformBase } from "../platform";
import { type Problem, pathOf } from "../problems";
import { contains, overlap, type Ranges, rangesOf } from "../ranges";

/** Problems of mesh ids, addresses and routing between clusters. Paths begin with `platform`. */
export function networkProblems(platform: PlatformBase): Problem[] {
  const clusters = Object.entries(platform.clusters);
  const members = clusters.filter(([, cluster]) => inMesh(cluster));
  return [
    ...repeated(clusters, "meshId", (cluster) => cluster.network.meshId, "mesh id"),
    ...repeatedAddresses(clusters),
    ...routingProblems(members),
  ];
}

/** Problems of what depends on the mesh's own settings: ranges, names and trust. Paths begin with `platform`. */
export function meshProblems(platform: PlatformBase): Problem[] {
  const clusters = Object.entries(platform.clusters);
  const members = clusters.filter(([, cluster]) => inMesh(cluster));
  return [
    ...meshRangeProblems(platform.mesh.ranges),
    ...overlapProblems(platform, clusters),
    ...nativeProblems(platform, members),
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

/** In the nodes' network an address is answered for by one load balancer. */
function repeatedAddresses(clusters: Named): Problem[] {
  const first = new Map<string, string>();
  return clusters.flatMap(([name, { network }]) =>
    FIXED_ADDRESSES.flatMap(([key, what]) => {
      const own = network[key];
      if (own === undefined || (key === "meshAddress" && !network.mesh)) return [];
      const holder = first.get(own);
      if (holder !== undefined) {
        const path = pathOf("platform", "clusters", name, "network", key);
        return [{ path, message: `${what} ${own} is cluster "${holder}"'s already; each load balancer needs its own` }];
      }
      first.set(own, name);
      return [];
    }),
  );
}

interface Claim {
  readonly cluster: string;
  readonly kind: keyof Ranges;
  readonly range: string;
  readonly mesh: boolean;
  /** Whether it is a network that the runner's one has routes to. */
  readonly peered: boolean;
  /** Block of the mesh's range that it is; absent where the cluster has a range of its own. */
  readonly block?: number;
}

/** Keys of `mesh.ranges` by what they hold. */
const MESH_RANGES = { cidr: "networks", pods: "pods", services: "services" } as const;

/**
 * Inside the mesh no two ranges may overlap, nor two networks beside one runner; else a cluster has to agree with itself.
 * Each pair is reported once, at the later cluster.
 */
function overlapProblems(platform: PlatformBase, clusters: Named): Problem[] {
  const claims = clusters.flatMap(([cluster, settings]) => claimsOf(cluster, settings, platform));
  const problems = claims.flatMap((later, index) =>
    claims
      .slice(0, index)
      .filter((earlier) => earlier.cluster === later.cluster || areJoined(earlier, later))
      .filter((earlier) => overlap(earlier.range, later.range))
      .flatMap((earlier) => overlapProblem(earlier, later, platform)),
  );
  return [...new Map(problems.map((problem) => [`${problem.path} ${problem.message}`, problem])).values()];
}

/** Whether something has routes to both: the mesh, or the runner's network, which every network of EKS is peered with. */
function areJoined(one: Claim, other: Claim): boolean {
  return (one.mesh && other.mesh) || (one.peered && other.peered);
}

function claimsOf(cluster: string, settings: ClusterSettings, platform: PlatformBase): Claim[] {
  const ranges = rangesOf(settings, platform.mesh);
  return (["cidr", "pods", "services"] as const).flatMap((kind) => {
    const range = ranges[kind];
    if (range === undefined) return [];
    const block = settings.network[kind] === undefined ? settings.network.meshId : undefined;
    const peered = kind === "cidr" && settings.provider.kind === "eks" && platform.aws?.runner !== undefined;
    return [{ cluster, kind, range, mesh: inMesh(settings), peered, block }];
  });
}

function overlapProblem(earlier: Claim, later: Claim, platform: PlatformBase): Problem[] {
  if (earlier.block === undefined || later.block === undefined) {
    const path = pathOf("platform", "clusters", later.cluster, "network", later.kind);
    const message = `${later.range} overlaps ${earlier.range}, the ${earlier.kind} of cluster "${earlier.cluster}"; choose another range`;
    return [{ path, message }];
  }
  // Of blocks nobody chose, one kind overlaps where a mesh id is doubled, which is reported itself.
  if (earlier.kind === later.kind) return [];
  const [one, other] = [MESH_RANGES[earlier.kind], MESH_RANGES[later.kind]];
  const [first, second] = one < other ? [one, other] : [other, one];
  const { ranges } = platform.mesh;
  const message = `${ranges[second]} overlaps ${ranges[first]}, the range of ${first}; choose another range`;
  return [{ path: pathOf("platform", "mesh", "ranges", second), message }];
}

function routingProblems(members: Named): Problem[] {
  const [first, ...others] = members;
  if (first === undefined) return [];
  const mode = routingOf(first[1]);
  return others
    .filter(([, cluster]) => routingOf(cluster) !== mode)
    .map(([name, cluster]) => ({
      path: pathOf("platform", "clusters", name, "network", "routing"),
      message: `${routingOf(cluster)}, but "${first[0]}" has ${mode}: all clusters of a mesh have one routing mode`,
    }));
}

/** Where pods are routed natively, what leaves the mesh's pod range loses its address, and with it its identity. */
function nativeProblems(platform: PlatformBase, members: Named): Problem[] {
  const whole = platform.mesh.ranges.pods;
  // With clusters on EKS the range is another one; see checks/eks.ts.
  if (members.some(([, { provider }]) => provider.kind === "eks")) return [];
  return members
    .filter(([, cluster]) => routingOf(cluster) === "native")
    .filter(([, cluster]) => !contains(whole, rangesOf(cluster, platform.mesh).pods ?? whole))
    .map(([name, cluster]) => ({
      path: pathOf("platform", "clusters", name, "network", "pods"),
      message: `${cluster.network.pods} is not in mesh.ranges.pods (${whole}), as it must be with routing: native`,
    }));
}

function addressProblems(platform: PlatformBase, members: Named): Problem[] {
  if (members.length < 2 || meshDns(platform) === "published") return [];
  const [first] = members.filter(([, { provider }]) => provider.kind === "eks");
  if (first !== undefined) {
    const message = `none, but the load balancer of "${first[0]}" is found by its name only; set it to published, and name the zone in aws.zone`;
    return [{ path: pathOf("platform", "mesh", "dns"), message }];
  }
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
  if (new Set(roots).size > 1 && platform.mesh.trust.issuer === undefined) {
    const message = "required where there are two roots: name the one that every cluster trusts already";
    problems.push({ path: path("issuer"), message });
  } else if (!roots.includes(issuingRoot(platform))) {
    problems.push({
      path: path("issuer"),
      message: `"${issuingRoot(platform)}" is none of the roots: ${roots.join(", ")}`,
    });
  }
  return problems;
}
