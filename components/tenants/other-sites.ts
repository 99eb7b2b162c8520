import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ObjectStoreCredentials, Registry } from "../addons";
import { awsProvider, type ClusterConnection, PodIdentity } from "../clusters";
import type { PlatformOutput, TenancyOutput, TenancySecretsOutput } from "../stacks";
import { granting } from "./own-sites";
import type { BackupStore, ControlSite, TenantSite, TenantSites } from "./site";

type ClusterOutput = TenancyOutput["clusters"][number];
type SecretsOutput = TenancySecretsOutput[string];

/** What another stack says of its clusters, and the connections to them. */
export interface OtherSitesArgs {
  readonly platform: PlatformOutput;
  readonly tenancy: TenancyOutput;
  readonly secrets: TenancySecretsOutput;
  /** By the clusters' names. */
  readonly connections: ReadonlyMap<string, ClusterConnection>;
  /** Connection to the control plane, where a third stack has it. */
  readonly otherControl?: ClusterConnection;
}

/** The sites of clusters that another stack made. All that tenants come after is there already. */
export function otherSites(args: OtherSitesArgs): TenantSites {
  const { platform, tenancy, secrets, connections } = args;
  const sites = tenancy.clusters.flatMap((cluster): [string, TenantSite][] => {
    const connection = connections.get(cluster.name);
    return connection === undefined ? [] : [[cluster.name, siteOf(cluster, connection, secrets[cluster.name] ?? {})]];
  });
  return {
    profile: platform.profile,
    domain: platform.domain,
    openchoreo: tenancy.openchoreo,
    control: controlOf(args),
    clusters: new Map(sites),
  };
}

function controlOf({ tenancy, connections, otherControl }: OtherSitesArgs): ControlSite | undefined {
  const { control } = tenancy;
  if (control === undefined) return undefined;
  const connection = control.stack === undefined ? connections.get(control.name ?? "") : otherControl;
  if (connection === undefined) throw new Error("no connection to the control plane");
  return { name: connection.name, provider: connection.provider, ...there(control.addons) };
}

/** Another stack has made it, and this one waits for nothing. */
function there(addons: readonly string[]): Pick<TenantSite, "has" | "after"> {
  const known = new Set(addons);
  return { has: (addon) => known.has(addon), after: () => [] };
}

function siteOf(cluster: ClusterOutput, { provider }: ClusterConnection, secrets: SecretsOutput): TenantSite {
  const { name, planes, meshId, drained, plane, eastWest, apiServer, records } = cluster;
  return {
    name,
    planes,
    mesh: meshId === undefined ? undefined : { id: meshId },
    drained,
    objectStore: cluster.objectStore,
    plane,
    provider,
    ...there(cluster.addons),
    eastWest,
    apiServer,
    registry: cluster.registry && registryOf(cluster.registry, secrets),
    backups: backupsOf(cluster, secrets),
    identify: identifier(cluster),
    backupCopy: cluster.backupCopy,
    rateLimits: cluster.rateLimits,
    records,
  };
}

function registryOf(registry: NonNullable<ClusterOutput["registry"]>, { registry: login }: SecretsOutput): Registry {
  if (login === undefined) return registry;
  return { ...registry, login: { username: login.username, password: pulumi.secret(login.password) } };
}

function backupsOf(cluster: ClusterOutput, { backups: account }: SecretsOutput): BackupStore | undefined {
  const { backups, aws: cloud } = cluster;
  if (backups === undefined) return undefined;
  if (cloud !== undefined) {
    return { ...backups, grant: granting(`arn:${cloud.partition}:s3:::${backups.bucket}`, cloud.keyArn) };
  }
  const credentials: ObjectStoreCredentials | undefined = account && {
    accessKeyId: account.accessKeyId,
    secretAccessKey: pulumi.secret(account.secretAccessKey),
  };
  return { ...backups, credentials };
}

/** Roles of pods in another stack's cluster; the provider is made with the first of them. */
function identifier({ name: cluster, aws: cloud }: ClusterOutput): TenantSite["identify"] {
  if (cloud === undefined) return undefined;
  let provider: aws.Provider | undefined;
  return (name, identity, opts) => {
    const { region, tags, account } = cloud;
    provider ??= awsProvider(`${cluster}.aws`, { region, tags, accountId: account });
    const made = { name: cloud.clusterName, arn: cloud.clusterArn };
    const args = { identity, cluster: made, physicalName: cloud.clusterName, account };
    return new PodIdentity(name, args, { ...opts, providers: [provider] }).association;
  };
}
