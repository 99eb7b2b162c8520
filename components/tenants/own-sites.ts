import * as pulumi from "@pulumi/pulumi";
import {
  type ClusterAddons,
  copiesBackups,
  type EnvoyGatewayConfig,
  type FleetAddons,
  joined,
  objectStore,
  planeAddon,
  registryOf,
  S3_SERVER,
  usesS3Server,
} from "../addons";
import type { PolicyStatement } from "../clusters";
import { type FleetPlan, type PlannedCluster, planeName } from "../fleet";
import type { GatewayHealth } from "../mesh";
import type { Planes } from "../planes";
import type { BackupStore, ControlSite, TenantSite, TenantSites } from "./site";

/** Arguments of {@link ownSites}. */
export interface OwnSitesArgs {
  readonly fleet: FleetPlan;
  readonly addons: FleetAddons;
  readonly health: GatewayHealth;
  /** Absent where OpenChoreo is off. */
  readonly planes?: Planes;
}

/** The sites of this stack's own clusters. */
export function ownSites(args: OwnSitesArgs): TenantSites {
  const { fleet, addons, planes } = args;
  const sites = fleet.clusters.flatMap((cluster) => {
    const own = addons.get(cluster.name);
    return own === undefined ? [] : [[cluster.name, siteOf(cluster, own, args)] as const];
  });
  return {
    profile: fleet.profile,
    domain: fleet.domain,
    openchoreo: planes !== undefined,
    control: controlOf(args),
    clusters: new Map(sites),
  };
}

function controlOf({ fleet, addons, planes }: OwnSitesArgs): ControlSite | undefined {
  const own = fleet.control.kind === "own" ? addons.get(fleet.control.cluster) : undefined;
  if (own !== undefined) {
    return { name: own.connection.name, provider: own.connection.provider, ...addonsOf(own) };
  }
  if (planes === undefined) return undefined;
  // Another stack's control plane has what this one relies on already.
  const { connection } = planes.control;
  return {
    name: connection.name,
    provider: connection.provider,
    has: (addon) => addon === planeAddon("control"),
    after: () => [],
  };
}

function siteOf(cluster: PlannedCluster, addons: ClusterAddons, { fleet, health }: OwnSitesArgs): TenantSite {
  const { connection } = addons;
  const { name, planes, mesh, drained, eks, addresses, objectStore: place } = cluster;
  const zones = eks?.zones.map(({ eastWest }) => eastWest);
  const reached = mesh !== undefined && addons.has("istiod");
  return {
    name,
    planes,
    mesh,
    drained,
    objectStore: place,
    plane: planeName(fleet, cluster),
    provider: connection.provider,
    ...addonsOf(addons),
    eastWest: reached ? (zones ?? [addresses.eastWest].flatMap((address) => address ?? [])) : [],
    apiServer: connection.apiServer,
    registry: registryOf(addons.target()),
    backups: backupsOf(addons),
    identify: connection.cloud?.identify,
    backupCopy: addons.has("velero") && copiesBackups(addons.target()),
    rateLimits: addons.settings<EnvoyGatewayConfig>("envoy-gateway")?.rateLimit.enabled,
    records: addons.has("external-dns") ? { region: eks?.region, health: health.get(name) } : undefined,
  };
}

function addonsOf(addons: ClusterAddons): Pick<TenantSite, "has" | "after"> {
  return {
    has: (addon) => addons.has(addon),
    after: (...names) => names.map((name) => pulumi.output(addons.ready(name))).reduce(joined, pulumi.output([])),
  };
}

function backupsOf(addons: ClusterAddons): BackupStore | undefined {
  if (usesS3Server(addons.target()) && !addons.has(S3_SERVER.addon)) return undefined;
  const { cloud } = addons.connection;
  const store = objectStore(addons.target(), "backups");
  if (cloud === undefined) return store;
  const bucket = pulumi.interpolate`arn:${cloud.partition}:s3:::${store.bucket}`;
  return { ...store, grant: granting(bucket, cloud.keyArn) };
}

/** What a folder of a bucket takes, encrypted by a key; both by ARN. */
export function granting(bucket: pulumi.Input<string>, key: pulumi.Input<string>): NonNullable<BackupStore["grant"]> {
  return (folder, access) => statementsFor(bucket, key, folder, ACTIONS[access]);
}

/** Source: the documentation of barman-cloud, of Percona's backups and of rclone. */
const ACTIONS = {
  read: ["s3:GetObject"],
  write: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
} as const;

/** No tenant's database reads what another one's has written. */
function statementsFor(
  bucket: pulumi.Input<string>,
  key: pulumi.Input<string>,
  folder: string,
  actions: readonly string[],
): PolicyStatement[] {
  return [
    {
      actions: ["s3:ListBucket"],
      resources: [bucket],
      conditions: { StringLike: { "s3:prefix": [folder, `${folder}/*`] } },
    },
    { actions: ["s3:GetBucketLocation"], resources: [bucket] },
    { actions, resources: [pulumi.interpolate`${bucket}/${folder}/*`] },
    { actions: actions.length === 1 ? ["kms:Decrypt"] : ["kms:Decrypt", "kms:GenerateDataKey"], resources: [key] },
  ];
}
