import { Address4 } from "ip-address";
import {
  type AccessEntrySettings,
  type EksSettings,
  type NodePoolSettings,
  type PlatformSettings,
  partitionOf,
  supernetOf,
  ZONE_COUNT,
  zonesOf,
} from "../settings";

/** A zone that a cluster is in, with its two subnets. */
export interface PlannedZone {
  /** Zone id, such as `use1-az1`. */
  readonly id: string;
  /** Nodes, pods and the control plane's interfaces: a quarter of the network. */
  readonly private: string;
  /** Load balancers and NAT: a sixteenth of the network. */
  readonly public: string;
  /** The end of the private subnet, kept free for load balancers with a fixed address. */
  readonly reserved: string;
  /** Fixed address, among those, of Istio's gateway for the other clusters of the mesh. */
  readonly eastWest: string;
}

/** A principal that may use a cluster. */
export interface PlannedAccess extends AccessEntrySettings {
  readonly name: string;
}

/** A node pool. */
export interface PlannedPool extends Omit<NodePoolSettings, "disk"> {
  readonly name: string;
  /** Root volume in GiB. */
  readonly diskSize: number;
}

/** A network over three zones. */
export interface NetworkPlan {
  /** Its name in AWS. */
  readonly physicalName: string;
  readonly region: string;
  readonly partition: string;
  readonly cidr: string;
  readonly zones: readonly PlannedZone[];
  /** Whether each zone has a NAT gateway of its own. */
  readonly natPerZone: boolean;
  /** Days that logs are kept. */
  readonly logDays: number;
}

/** What is decided of a cluster on EKS beside what every cluster has; `physicalName` is `<stack>-<cluster>`. */
export interface EksPlan extends NetworkPlan {
  readonly kubernetes: string;
  readonly services: string;
  /** Ranges that may use the public endpoint; absent where there is none. */
  readonly publicCidrs?: readonly string[];
  readonly access: readonly PlannedAccess[];
  readonly replicaRegion?: string;
  readonly protect: boolean;
  /** Keys that are taken over, with the buckets; absent where all of it is made. */
  readonly adopt?: EksSettings["adopt"];
  /** Whether data, and the keys that it is encrypted with, stay when the cluster is destroyed. */
  readonly retain: boolean;
  readonly pools: readonly PlannedPool[];
  readonly addons: EksSettings["addons"];
  /** Whether Karpenter adds nodes, which asks for more of AWS than its identity. */
  readonly karpenter: boolean;
}

/** What the clusters on EKS have in common. */
export interface AwsPlan {
  readonly accountId?: string;
  readonly owner: string;
  readonly costCenter: string;
  /** Covers the network of every cluster of the mesh. */
  readonly supernet: string;
  readonly peering: "peering" | "transit-gateway";
  readonly imageScanning: "basic" | "enhanced" | "none";
  readonly runner?: NonNullable<NonNullable<PlatformSettings["aws"]>["runner"]>;
  /** The hosted zone; `id` is absent where it is made, or found by its name. */
  readonly zone?: { readonly name: string; readonly id?: string; readonly create: boolean };
}

/** Plans a cluster on EKS. Settings are valid already; the plan only decides. */
export function planEks(
  { name, cidr, services }: { readonly name: string; readonly cidr: string; readonly services: string },
  settings: EksSettings,
  platform: PlatformSettings,
  stack: string,
): EksPlan {
  const production = platform.profile === "production";
  const ids = settings.zones ?? zonesOf(settings.region).slice(0, ZONE_COUNT);
  return {
    physicalName: eksName(stack, name),
    region: settings.region,
    partition: partitionOf(settings.region),
    kubernetes: settings.kubernetes,
    cidr,
    services,
    zones: ids.map((id, index) => ({ id, ...subnetsOf(cidr, index) })),
    publicCidrs: settings.publicAccess && (settings.publicAccess.cidrs ?? ["0.0.0.0/0"]),
    natPerZone: production,
    logDays: settings.logRetention ?? (production ? 365 : 30),
    access: Object.entries({ ...platform.aws?.access, ...settings.access }).map(([entry, one]) => ({
      name: entry,
      ...one,
    })),
    replicaRegion: settings.replicaRegion ?? platform.aws?.replicaRegion,
    protect: settings.protect ?? production,
    adopt: settings.adopt,
    retain: production,
    pools: Object.entries(settings.nodePools).map(([pool, { disk, ...rest }]) => ({
      name: pool,
      diskSize: Number.parseInt(disk, 10),
      ...rest,
    })),
    addons: settings.addons,
    karpenter: platform.addons.karpenter?.enabled === true,
  };
}

/** Plans what is common to all of them; `undefined` where settings say nothing of AWS. */
export function planAws(platform: PlatformSettings): AwsPlan | undefined {
  const { aws, domain } = platform;
  if (aws === undefined) return undefined;
  return {
    accountId: aws.accountId,
    ...aws.tags,
    supernet: supernetOf(platform),
    peering: aws.peering,
    imageScanning: aws.imageScanning,
    runner: aws.runner,
    zone: aws.zone && { name: aws.zone.name ?? domain, id: aws.zone.id, create: aws.zone.create },
  };
}

/** Name of a cluster in AWS. Stack names may have dots, which names of clusters may not. */
export function eksName(stack: string, cluster: string): string {
  return `${stack}-${cluster}`.replace(/[^A-Za-z0-9_-]+/g, "-");
}

/**
 * The subnets of zone number `index`. A network is cut into quarters: three are the private subnets, where pods need the
 * room; the last one is cut into quarters again, of which three are the public subnets and one is left for what may come.
 */
export function subnetsOf(cidr: string, index: number): Omit<PlannedZone, "id"> {
  const own = part(cidr, 2, index);
  const bits = RESERVED_PREFIX - new Address4(own).subnetMask;
  const reserved = part(own, bits, 2 ** bits - 1);
  const eastWest = Address4.fromBigInt(new Address4(reserved).startAddress().bigInt() + 4n).correctForm();
  return { private: own, public: part(part(cidr, 2, 3), 2, index), reserved, eastWest };
}

/** The smallest range that a subnet's addresses can be reserved by. Source: AWS, "Subnet CIDR reservations". */
const RESERVED_PREFIX = 28;

/** Part number `index` of a range that is cut into 2^`bits` equal parts. */
function part(cidr: string, bits: number, index: number): string {
  const whole = new Address4(cidr);
  const prefix = whole.subnetMask + bits;
  const start = whole.startAddress().bigInt() + 2n ** BigInt(32 - prefix) * BigInt(index);
  return `${Address4.fromBigInt(start).correctForm()}/${prefix}`;
}
