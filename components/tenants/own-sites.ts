import * as pulumi from "@pulumi/pulumi";
import {
  type ClusterAddons,
  type FleetAddons,
  joined,
  objectStore,
  planeAddon,
  registryOf,
  S3_SERVER,
  usesS3Server,
} from "../addons";
import { type FleetPlan, type PlannedCluster, planeName } from "../fleet";
import type { GatewayHealth } from "../mesh";
import type { Planes } from "../planes";
import { backupStatements } from "./other-sites";
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
  const { name, planes, mesh, drained, eks, addresses } = cluster;
  const zones = eks?.zones.map(({ eastWest }) => eastWest);
  const reached = mesh !== undefined && addons.has("istiod");
  return {
    name,
    planes,
    mesh,
    drained,
    plane: planeName(fleet, cluster),
    provider: connection.provider,
    ...addonsOf(addons),
    eastWest: reached ? (zones ?? [addresses.eastWest].flatMap((address) => address ?? [])) : [],
    apiServer: connection.apiServer,
    registry: registryOf(addons.target()),
    backups: backupsOf(addons),
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
  const statements = backupStatements(bucket, cloud.keyArn);
  return {
    ...store,
    identify: (name, account, opts) => cloud.identify(name, { ...account, statements }, opts),
  };
}
