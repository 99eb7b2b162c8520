import * as pulumi from "@pulumi/pulumi";
import { CATALOG, type FleetAddons } from "../addons";
import type { FleetPlan } from "../fleet";
import type { TenancyOutput, TenancySecretsOutput } from "../stacks";
import type { TenantSite, TenantSites } from "./site";

type ClusterOutput = TenancyOutput["clusters"][number];

/** What stacks of tenants read of a platform. */
export interface TenancyOutputs {
  readonly tenancy: pulumi.Output<TenancyOutput>;
  /** Always a secret. */
  readonly tenancySecrets: pulumi.Output<TenancySecretsOutput>;
}

/** Arguments of {@link tenancyOutputs}. */
export interface TenancyOutputsArgs {
  readonly fleet: Pick<FleetPlan, "control">;
  readonly sites: TenantSites;
  readonly addons: FleetAddons;
}

/** Puts out the sites of this stack's own clusters, so that other stacks can make tenants on them. */
export function tenancyOutputs({ fleet, sites, addons }: TenancyOutputsArgs): TenancyOutputs {
  const clusters = [...sites.clusters.values()];
  const { control, openchoreo } = sites;
  const tenancy = pulumi.all(clusters.map((site) => clusterOutput(site, addons))).apply(
    (known): TenancyOutput => ({
      openchoreo,
      ...(control && { control: controlOf(fleet, namesOn(control)) }),
      clusters: known,
    }),
  );
  const secrets = Object.fromEntries(clusters.map((site) => [site.name, secretsOf(site)]));
  return { tenancy, tenancySecrets: pulumi.secret(pulumi.all(secrets)) };
}

function controlOf({ control }: Pick<FleetPlan, "control">, addons: string[]) {
  if (control.kind === "own") return { name: control.cluster, addons };
  const { stack, cluster } = control;
  return { stack, addons, ...(cluster === undefined ? {} : { name: cluster }) };
}

function namesOn({ has }: Pick<TenantSite, "has">): string[] {
  return CATALOG.map(({ name }) => name).filter(has);
}

function clusterOutput(site: TenantSite, addons: FleetAddons): pulumi.Output<ClusterOutput> {
  const { name, planes, mesh, drained, plane, eastWest, apiServer, registry, backups, rateLimits, records } = site;
  const late = pulumi.all([
    pulumi.output(apiServer),
    pulumi.output(registry?.prefix),
    pulumi.output(backups?.bucket),
    pulumi.output(records?.health),
    awsOf(name, addons),
  ]);
  return late.apply(
    ([server, prefix, bucket, health, aws]): ClusterOutput => ({
      name,
      planes: [...planes],
      addons: namesOn(site),
      ...(mesh && { meshId: mesh.id }),
      drained,
      ...(site.objectStore && { objectStore: site.objectStore }),
      backupCopy: site.backupCopy,
      plane,
      eastWest: [...eastWest],
      apiServer: { host: server.host, port: server.port },
      ...(registry && prefix !== undefined && { registry: { prefix, insecure: registry.insecure } }),
      ...(backups && bucket !== undefined && { backups: placeOf(bucket, backups) }),
      ...(rateLimits !== undefined && { rateLimits }),
      ...(records && { records: { region: records.region, health } }),
      ...(aws && { aws }),
    }),
  );
}

function placeOf(bucket: string, { region, prefix, endpoint }: NonNullable<TenantSite["backups"]>) {
  return { bucket, region, prefix, ...(endpoint === undefined ? {} : { endpoint }) };
}

/** What roles of pods are made of; the same as the cluster's own stack has. */
function awsOf(cluster: string, addons: FleetAddons): pulumi.Output<ClusterOutput["aws"]> {
  const cloud = addons.get(cluster)?.connection.cloud;
  if (cloud === undefined) return pulumi.output(undefined);
  const { region, tags, partition, account, clusterName, keyArn } = cloud;
  return pulumi.all([partition, account, clusterName, keyArn]).apply(([inPartition, owner, own, key]) => ({
    region,
    partition: inPartition,
    account: owner,
    clusterName: own,
    clusterArn: `arn:${inPartition}:eks:${region}:${owner}:cluster/${own}`,
    keyArn: key,
    tags: { ...tags },
  }));
}

function secretsOf({ registry, backups }: TenantSite): pulumi.Output<TenancySecretsOutput[string]> {
  const { login } = registry ?? {};
  const { credentials } = backups ?? {};
  return pulumi.all([pulumi.output(login), pulumi.output(credentials)]).apply(([user, account]) => ({
    ...(user && { registry: user }),
    ...(account && { backups: account }),
  }));
}
