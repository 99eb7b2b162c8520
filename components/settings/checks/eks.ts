import { Address4 } from "ip-address";
import { inMesh, supernetOf } from "../defaults";
import type { EksSettings } from "../eks";
import { type ClusterSettings, FIXED_ADDRESSES, type PlatformBase } from "../platform";
import { type Problem, pathOf } from "../problems";
import { contains, overlap, rangesOf } from "../ranges";
import { endpointProblems } from "./endpoints";
import { partitionProblems } from "./partition";

/** A cluster that this program makes on EKS. */
interface EksCluster {
  readonly name: string;
  readonly cluster: ClusterSettings;
  readonly provider: EksSettings;
}

/** Problems of EKS clusters that concern their provider alone, or `platform.aws`. Paths begin with `platform`. */
export function eksProblems(platform: PlatformBase): Problem[] {
  const clusters = eksClusters(platform);
  return [
    ...clusters.flatMap(settledProblems),
    ...clusters.flatMap(({ name, cluster }) => endpointProblems(name, cluster, platform)),
    ...accountProblems(platform, clusters),
    ...partitionProblems(platform),
  ];
}

/** Problems of their networks, which depend on the mesh's ranges too. Paths begin with `platform`. */
export function eksNetworkProblems(platform: PlatformBase): Problem[] {
  const clusters = eksClusters(platform);
  return [
    ...clusters.flatMap((one) => vpcProblems(one, platform)),
    ...clusters.flatMap((one) => serviceProblems(one, platform)),
    ...supernetProblems(platform),
    ...runnerProblems(platform, clusters),
  ];
}

function eksClusters(platform: PlatformBase): EksCluster[] {
  return Object.entries(platform.clusters).flatMap(([name, cluster]) =>
    cluster.provider.kind === "eks" ? [{ name, cluster, provider: cluster.provider }] : [],
  );
}

function at(name: string, ...path: readonly string[]): string {
  return pathOf("platform", "clusters", name, ...path);
}

/** What EKS with Cilium in ENI mode decides by itself. */
function settledProblems({ name, cluster }: EksCluster): Problem[] {
  const { network, cilium } = cluster;
  const problems: Problem[] = [];
  const settled = (path: readonly string[], message: string) => problems.push({ path: at(name, ...path), message });
  if (cilium === "present") {
    settled(["cilium"], "a cluster that this program makes has the Cilium that it installs; remove this key");
  }
  if (network.pods !== undefined) {
    settled(
      ["network", "pods"],
      "pods of an EKS cluster have addresses of its network (network.cidr); remove this key",
    );
  }
  if (network.routing === "tunnel") {
    settled(["network", "routing"], "pods of an EKS cluster are routed natively by AWS; remove this key");
  }
  for (const [key] of FIXED_ADDRESSES) {
    if (network[key] === undefined) continue;
    const instead = key === "meshAddress" ? " and set mesh.dns: published" : "";
    settled(["network", key], `the load balancer of an EKS cluster has no fixed address; remove this key${instead}`);
  }
  return problems;
}

function accountProblems(platform: PlatformBase, clusters: readonly EksCluster[]): Problem[] {
  const { aws } = platform;
  if (clusters.length === 0) return [];
  if (aws === undefined) {
    const message = "required where a cluster is on EKS: tags with owner and costCenter, and who has access";
    return [{ path: pathOf("platform", "aws"), message }];
  }
  return [
    ...clusters.flatMap((one) => accessProblems(one, aws)),
    ...clusters.flatMap((one) => replicaProblems(one, platform, aws)),
    ...clusters.flatMap((one) => adoptionProblems(one, aws)),
    ...zoneProblems(platform, aws),
  ];
}

type Aws = NonNullable<PlatformBase["aws"]>;

/** Nobody has access who is not named, not even who makes the cluster. */
function accessProblems({ name, provider }: EksCluster, aws: Aws): Problem[] {
  const entries = { ...aws.access, ...provider.access };
  const doubled = Object.entries(provider.access).flatMap(([entry, { principal }]) => {
    const other = Object.entries(entries).find(([key, one]) => key !== entry && one.principal === principal);
    if (other === undefined) return [];
    const message = `${principal} has the entry "${other[0]}" already; EKS takes one for each principal`;
    return [{ path: at(name, "provider", "access", entry, "principal"), message }];
  });
  const all = Object.values(entries);
  if (all.some(({ policy, namespaces }) => policy === "admin" && namespaces.length === 0)) return doubled;
  const message =
    "nobody would administer the cluster, and `up` itself needs to: name its role in aws.access with policy: admin and no namespaces";
  return [...doubled, { path: at(name, "provider", "access"), message }];
}

function replicaProblems({ name, provider }: EksCluster, { profile }: PlatformBase, aws: Aws): Problem[] {
  const region = provider.replicaRegion ?? aws.replicaRegion;
  if (region === undefined) {
    if (profile !== "production") return [];
    const message =
      "required in production, here or as aws.replicaRegion: the region that its buckets are replicated to";
    return [{ path: at(name, "provider", "replicaRegion"), message }];
  }
  if (region !== provider.region) return [];
  const message = `${region} is the cluster's own region; choose another one for the replicas of its buckets`;
  return [{ path: at(name, "provider", "replicaRegion"), message }];
}

/** What is taken over is found by names and ids that are known beforehand. */
function adoptionProblems({ name, provider }: EksCluster, aws: Aws): Problem[] {
  const { adopt } = provider;
  if (adopt === undefined) return [];
  const problems: Problem[] = [];
  if (aws.accountId === undefined) {
    const message = "needs aws.accountId, which is a part of the buckets' names; name it";
    problems.push({ path: at(name, "provider", "adopt"), message });
  }
  if (adopt.replicaKey === undefined && (provider.replicaRegion ?? aws.replicaRegion) !== undefined) {
    const message = "required, as the buckets have replicas: the id of the key that those are encrypted with";
    problems.push({ path: at(name, "provider", "adopt", "replicaKey"), message });
  }
  return problems;
}

function zoneProblems({ domain }: PlatformBase, { zone }: Aws): Problem[] {
  const name = zone?.name ?? domain;
  if (domain === name || domain.endsWith(`.${name}`)) return [];
  const message = `a zone "${name}" cannot serve names of the domain "${domain}"; name the domain or a parent of it`;
  return [{ path: pathOf("platform", "aws", "zone", "name"), message }];
}

/** Prefixes that a VPC with its six subnets may have: AWS takes subnets of /28 and larger, and the smallest is a sixteenth. */
const VPC = { largest: 16, smallest: 24 };

function vpcProblems({ name, cluster }: EksCluster, platform: PlatformBase): Problem[] {
  const { cidr } = rangesOf(cluster, platform.mesh);
  const prefix = new Address4(cidr).subnetMask;
  if (prefix >= VPC.largest && prefix <= VPC.smallest) return [];
  const message =
    `${cidr} is no network for EKS, which is /${VPC.largest} to /${VPC.smallest}: three private subnets with a quarter of it ` +
    "each, for nodes and pods, and three public ones with a sixteenth each";
  return [{ path: at(name, "network", "cidr"), message }];
}

const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/** Source: AWS, EKS API, KubernetesNetworkConfigRequest. */
function serviceProblems({ name, cluster }: EksCluster, platform: PlatformBase): Problem[] {
  const { services } = rangesOf(cluster, platform.mesh);
  const prefix = new Address4(services).subnetMask;
  const isPrivate = PRIVATE.some((block) => contains(block, services));
  if (isPrivate && prefix >= 12 && prefix <= 24) return [];
  const message = `${services} cannot be the services of an EKS cluster, which are a /12 to /24 in ${PRIVATE.join(", ")}`;
  return [{ path: at(name, "network", "services"), message }];
}

/** What is not in the supernet would leave a cluster with the node's address, and so without its identity. */
function supernetProblems(platform: PlatformBase): Problem[] {
  const members = Object.entries(platform.clusters).filter(([, cluster]) => inMesh(cluster));
  if (!members.some(([, { provider }]) => provider.kind === "eks")) return [];
  const supernet = supernetOf(platform);
  return members.flatMap(([name, cluster]) => {
    const ranges = rangesOf(cluster, platform.mesh);
    const [key, range] = ranges.pods === undefined ? ["cidr", ranges.cidr] : ["pods", ranges.pods];
    if (contains(supernet, range)) return [];
    const message = `${range} is not in ${supernet}, the range of every network of the mesh (aws.supernet)`;
    return [{ path: at(name, "network", key), message }];
  });
}

/** The runner's network is peered with every cluster's, in the mesh or not. */
function runnerProblems(platform: PlatformBase, clusters: readonly EksCluster[]): Problem[] {
  const runner = platform.aws?.runner;
  if (runner === undefined) return [];
  return clusters.flatMap(({ name, cluster }) => {
    const ranges = rangesOf(cluster, platform.mesh);
    return (["cidr", "services"] as const)
      .filter((key) => overlap(ranges[key], runner.cidr))
      .map((key) => ({
        path: at(name, "network", key),
        message: `${ranges[key]} overlaps ${runner.cidr}, the runner's network (aws.runner.cidr); choose another range`,
      }));
  });
}
