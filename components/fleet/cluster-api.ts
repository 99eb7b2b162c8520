import { createHash } from "node:crypto";
import type {
  ClusterApiInfrastructure,
  ClusterApiPoolSettings,
  ClusterApiSettings,
  PlatformSettings,
  Ranges,
} from "../settings";

/** A machine, as Cluster API makes it. */
export interface PlannedMachine {
  /** Absent for containers. */
  readonly type?: string;
  /** Root volume in GiB. */
  readonly diskSize: number;
}

/** A pool of nodes. */
export interface ClusterApiPool extends Pick<ClusterApiPoolSettings, "min" | "kubernetes" | "labels" | "taints"> {
  readonly name: string;
  readonly max: number;
  readonly machine: PlannedMachine;
}

/** What is decided of a cluster that Cluster API makes, beside what every cluster has. */
export interface ClusterApiPlan {
  /** Name of the cluster's objects on the control cluster: `<stack>-<cluster>`, or a shorter one. */
  readonly physicalName: string;
  /** Namespace of its objects there; nothing else is in it. */
  readonly namespace: string;
  readonly infrastructure: ClusterApiInfrastructure;
  /** Without "v". */
  readonly kubernetes: string;
  readonly controlPlane: { readonly replicas: number; readonly machine: PlannedMachine };
  readonly pools: readonly ClusterApiPool[];
  readonly ranges: { readonly cidr: string; readonly pods: string; readonly services: string };
  readonly region?: string;
  readonly vpc?: ClusterApiSettings["vpc"];
  readonly image?: string;
  /** ARN of the key that volumes are encrypted with; absent for the account's own. */
  readonly volumeKey?: string;
  /** Ranges that may use the API server's load balancer; absent where it is a private one. */
  readonly publicCidrs?: readonly string[];
  /** Tags of what is made in the cloud. */
  readonly tags: Readonly<Record<string, string>>;
  readonly protect: boolean;
}

/** What a plan is made from beside the provider's settings. */
export interface ClusterApiSite {
  readonly name: string;
  readonly ranges: Ranges;
  readonly platform: PlatformSettings;
  readonly stack: string;
}

const DISK = "50Gi";

/** Plans a cluster that Cluster API makes. Settings are valid already; the plan only decides. */
export function planClusterApi(
  { name, ranges, platform, stack }: ClusterApiSite,
  settings: ClusterApiSettings,
): ClusterApiPlan {
  const production = platform.profile === "production";
  const physicalName = shortName(`${stack}-${name}`);
  const { controlPlane, nodePools } = settings;
  return {
    physicalName,
    namespace: `cluster-${physicalName}`,
    infrastructure: settings.infrastructure,
    kubernetes: settings.kubernetes,
    controlPlane: { replicas: controlPlane.replicas ?? (production ? 3 : 1), machine: machineOf(controlPlane) },
    pools: Object.entries(nodePools).map(([pool, { machineType, disk, max, ...rest }]) => ({
      ...rest,
      name: pool,
      max: max ?? rest.min,
      machine: machineOf({ machineType, disk }),
    })),
    ranges: { ...ranges, pods: ranges.pods ?? ranges.cidr },
    region: settings.region,
    vpc: settings.vpc,
    image: settings.image,
    volumeKey: settings.volumeKey,
    publicCidrs: settings.publicAccess?.cidrs,
    tags: {
      stack,
      cluster: name,
      ...(platform.aws && { owner: platform.aws.tags.owner, "cost-center": platform.aws.tags.costCenter }),
    },
    protect: settings.protect ?? production,
  };
}

function machineOf({ machineType, disk = DISK }: { readonly machineType?: string; readonly disk?: string }) {
  return { type: machineType, diskSize: Number.parseInt(disk, 10) };
}

/** Machines' names begin with the cluster's, and have no more than 63 characters with all that is added. */
const LONGEST = 32;

/** A DNS label of at most {@link LONGEST} characters, the same for the same text; stack names may be anything. */
function shortName(text: string): string {
  const plain = text.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  if (plain === text && plain.length <= LONGEST) return plain;
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 8);
  return `${plain.slice(0, LONGEST - 9).replace(/-+$/, "")}-${digest}`;
}
