import { createHash } from "node:crypto";
import {
  type ClusterSettings,
  hasZone,
  inMesh,
  issuingRoot,
  meshDns,
  type ObjectStorePlace,
  type ObjectStoreSettings,
  objectStoreOf,
  type Plane,
  type PlatformSettings,
  type Profile,
  type Ranges,
  rangesOf,
  routingOf,
  type Settings,
  type Sharding,
  supernetOf,
  waveOf,
} from "../settings";
import { type ClusterApiPlan, planClusterApi } from "./cluster-api";
import { type AwsPlan, type EksPlan, planAws, planEks } from "./eks";
import { type Placement, placeComponents } from "./placement";

/** Port of the cluster-mesh API server (etcd), as Cilium's chart serves it. */
export const MESH_PORT = 2379;

/** How a cluster takes part in the mesh. */
export interface MeshMembership {
  /** Cilium's cluster id, 1 to 127. */
  readonly id: number;
  /** Name that its cluster-mesh API server answers to: `<cluster>.mesh.<domain>`. */
  readonly host: string;
  /** What its peers dial: the fixed address where there is one, else `host`. */
  readonly address: string;
  /** Fixed load-balancer address; absent where a DNS zone serves `host`. */
  readonly fixedAddress?: string;
}

/** One cluster of the fleet, decided. */
export interface PlannedCluster {
  readonly name: string;
  readonly planes: readonly Plane[];
  /** 0 changes first; see DESIGN, section 3. */
  readonly wave: number;
  readonly provider: ClusterSettings["provider"];
  /** What is decided of a cluster that this program makes on EKS; absent elsewhere. */
  readonly eks?: EksPlan;
  /** What is decided of a cluster that Cluster API makes; absent elsewhere. */
  readonly clusterApi?: ClusterApiPlan;
  readonly ranges: Ranges;
  readonly routing: "tunnel" | "native";
  /** Who runs Cilium there. */
  readonly cilium: "managed" | "present";
  /** Where it keeps metrics, backups and logs. */
  readonly objectStore: ObjectStorePlace;
  /** Whether its own account serves names of the platform's domain. */
  readonly zone: boolean;
  /** Whether it takes no new traffic. */
  readonly drained: boolean;
  /** Whether it does not answer: nothing on it is changed or waited for, and the others forget it. */
  readonly lost: boolean;
  /** Absent outside the mesh. */
  readonly mesh?: MeshMembership;
  /** Fixed addresses of load balancers; absent where a cloud gives them. */
  readonly addresses: { readonly gateway?: string; readonly eastWest?: string };
}

/** Where the fleet's control plane is: a cluster of this stack, or of another one. */
export type ControlPlane =
  | { readonly kind: "own"; readonly cluster: string }
  | { readonly kind: "stack"; readonly stack: string; readonly cluster?: string };

/** The fleet's plan: plain data, made from settings alone and the same for the same settings. */
export interface FleetPlan {
  /** Name of the stack, without organization and project. */
  readonly stack: string;
  /** Namespace of the stack's own on the control cluster. */
  readonly namespace: string;
  readonly profile: Profile;
  readonly domain: string;
  readonly control: ControlPlane;
  /** By wave, then in the order of the settings. */
  readonly clusters: readonly PlannedCluster[];
  /** Clusters' names by wave, wave 0 first; wave 0 may be empty where the control plane is another stack's. */
  readonly waves: readonly (readonly string[])[];
  readonly mesh: {
    readonly encryption: "wireguard" | "none";
    readonly roots: readonly string[];
    readonly issuer: string;
    /** The range that the pods of every cluster are in, where they are routed natively. */
    readonly nativeRange: string;
    /** Every pair of members, by name, each pair once. */
    readonly links: readonly (readonly [string, string])[];
  };
  readonly placements: readonly Placement[];
  /** Where the tenants are stacks of their own; absent where they are this one's. */
  readonly shards?: Sharding;
  /** What the clusters on EKS have in common; absent where settings say nothing of AWS. */
  readonly aws?: AwsPlan;
  /** Seconds that a release may take until its workloads run. */
  readonly releaseTimeout: number;
  /** The object store of clusters that have no buckets of their own; absent where a server in the cluster serves. */
  readonly objectStore?: ObjectStoreSettings;
}

/** Plans the fleet. Settings are valid already; the plan only decides. */
export function planFleet(settings: Settings, stack: string): FleetPlan {
  const { platform } = settings;
  const clusters = Object.keys(platform.clusters)
    .map((name) => planCluster(name, platform, stack))
    .sort((a, b) => a.wave - b.wave);
  const members = clusters.filter((cluster) => cluster.mesh !== undefined);
  return {
    stack,
    namespace: stackNamespace(stack),
    profile: platform.profile,
    domain: platform.domain,
    control: controlPlane(platform, clusters),
    clusters,
    waves: wavesOf(clusters),
    mesh: {
      encryption: platform.mesh.encryption,
      roots: platform.mesh.trust.roots,
      issuer: issuingRoot(platform),
      nativeRange: members.some(({ eks }) => eks !== undefined) ? supernetOf(platform) : platform.mesh.ranges.pods,
      links: pairs(members.map((cluster) => cluster.name)),
    },
    placements: placeComponents(settings.tenants, clusters),
    shards: settings.shard,
    releaseTimeout: platform.charts.timeout,
    aws: planAws(platform),
    objectStore: platform.objectStore,
  };
}

/** Stack names may have dots, underscores and capitals, which names of namespaces may not. */
function stackNamespace(stack: string): string {
  const plain = stack.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  if (plain === stack && plain.length <= 40 && !plain.endsWith("-")) return `openchoreo-${plain}`;
  const digest = createHash("sha256").update(stack).digest("hex").slice(0, 8);
  return `openchoreo-${plain.slice(0, 40)}-${digest}`;
}

function planCluster(name: string, platform: PlatformSettings, stack: string): PlannedCluster {
  const settings = platform.clusters[name];
  if (settings === undefined) throw new Error(`no cluster "${name}"`);
  const host = `${name}.mesh.${platform.domain}`;
  const fixedAddress = settings.network.meshAddress;
  const dial = meshDns(platform) === "none" ? fixedAddress : undefined;
  const { provider } = settings;
  const ranges = rangesOf(settings, platform.mesh);
  return {
    name,
    planes: settings.planes,
    wave: waveOf(settings),
    provider,
    eks: provider.kind === "eks" ? planEks({ name, ...ranges }, provider, platform, stack) : undefined,
    clusterApi:
      provider.kind === "cluster-api" ? planClusterApi({ name, ranges, platform, stack }, provider) : undefined,
    ranges,
    routing: routingOf(settings),
    cilium: settings.cilium,
    objectStore: objectStoreOf(settings, platform),
    zone: hasZone(settings, platform),
    drained: settings.drained,
    lost: settings.lost,
    addresses: { gateway: settings.network.gatewayAddress, eastWest: settings.network.eastWestAddress },
    mesh: inMesh(settings) ? { id: settings.network.meshId, host, address: dial ?? host, fixedAddress } : undefined,
  };
}

function controlPlane(platform: PlatformSettings, clusters: readonly PlannedCluster[]): ControlPlane {
  const own = clusters.find((cluster) => cluster.planes.includes("control"));
  if (own !== undefined) return { kind: "own", cluster: own.name };
  if (platform.controlPlane === undefined) throw new Error("a fleet without a control plane");
  return { kind: "stack", ...platform.controlPlane };
}

function wavesOf(clusters: readonly PlannedCluster[]): string[][] {
  const last = Math.max(0, ...clusters.map((cluster) => cluster.wave));
  return Array.from({ length: last + 1 }, (_, wave) =>
    clusters.filter((cluster) => cluster.wave === wave).map((cluster) => cluster.name),
  );
}

/**
 * The name that OpenChoreo knows a cluster's planes by. On another stack's control plane it tells the cluster from one
 * of the same name in a third stack.
 */
export function planeName(
  { control, stack }: Pick<FleetPlan, "control" | "stack">,
  { name }: { name: string },
): string {
  if (control.kind === "own") return name;
  return `${name}-${createHash("sha256").update(stack).digest("hex").slice(0, 6)}`;
}

/** Every pair of `all`, each once, in order. */
export function pairs<T>(all: readonly T[]): (readonly [T, T])[] {
  return all.flatMap((a, index) => all.slice(index + 1).map((b) => [a, b] as const));
}

/** The other members that `cluster` is linked with, by name: lists of them are the same whichever changes first. */
export function peersOf(plan: FleetPlan, cluster: string): PlannedCluster[] {
  const names = plan.mesh.links.flatMap(([a, b]) => (a === cluster ? [b] : b === cluster ? [a] : []));
  return plan.clusters
    .filter((other) => names.includes(other.name))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** Those of them that are there. */
export function livePeersOf(plan: FleetPlan, cluster: string): PlannedCluster[] {
  return peersOf(plan, cluster).filter(({ lost }) => !lost);
}
