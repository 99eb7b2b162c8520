import * as pulumi from "@pulumi/pulumi";
import type { FleetPlan } from "../fleet";
import {
  CONTRACT_VERSION,
  type KubeconfigsOutput,
  type PlatformOutput,
  type SharingOutput,
  type TenancyOutput,
  type TenancySecretsOutput,
} from "./contract";

/** What the outputs say of a connection. */
interface ConnectionOutputs {
  readonly apiServer: pulumi.Output<{ host: string; port: number }>;
  readonly kubeconfig: pulumi.Output<string>;
  readonly versions?: () => pulumi.Output<KubernetesVersions>;
  readonly cloud?: { readonly zone?: { readonly name: string; readonly nameServers?: pulumi.Output<string[]> } };
}

/** Versions of Kubernetes that a cluster runs. */
interface KubernetesVersions {
  readonly kubernetes: string;
  /** By node pool. */
  readonly nodePools: Readonly<Record<string, string>>;
}

/** What the outputs are made of, as far as it arrives late. */
export interface OutputSources {
  readonly fleet: FleetPlan;
  /** By name. */
  readonly clusters: ReadonlyMap<string, { readonly connection: ConnectionOutputs }>;
  readonly trust: {
    readonly bundle: pulumi.Output<string>;
    readonly authorities: pulumi.Output<Record<string, { expires: string }>>;
  };
  /** What tenants of other stacks are made from. */
  readonly tenancy: pulumi.Output<TenancyOutput>;
  readonly tenancySecrets: pulumi.Output<TenancySecretsOutput>;
  /** Tenants that this stack makes. */
  readonly tenants: readonly string[];
  readonly sharing: SharingOutput;
}

/** The stack's outputs, by the contract that `PlatformReference` reads. */
export interface StackOutputs {
  readonly platform: pulumi.Output<PlatformOutput>;
  /** Always a secret. */
  readonly kubeconfigs: pulumi.Output<KubeconfigsOutput>;
  /** Always a secret. */
  readonly tenancySecrets: pulumi.Output<TenancySecretsOutput>;
  readonly tenants: readonly string[];
  readonly sharing: SharingOutput;
}

/** Makes the outputs of a stack. */
export function stackOutputs({ fleet, clusters, trust, ...tenants }: OutputSources): StackOutputs {
  const connections = [...clusters].map(([name, { connection }]) => [name, connection] as const);
  const late = connections.map(([name, connection]) => [name, lateCluster(connection)] as const);
  const zone = madeZone(connections.map(([, connection]) => connection));
  const { tenancy } = tenants;
  const clustersLate = pulumi.all(Object.fromEntries(late));
  const platform = pulumi.all([clustersLate, trust.bundle, trust.authorities, zone, tenancy]).apply(
    ([known, bundle, authorities, hosted, sites]): PlatformOutput => ({
      contract: CONTRACT_VERSION,
      stack: fleet.stack,
      profile: fleet.profile,
      domain: fleet.domain,
      controlPlane: fleet.control.kind === "own" ? fleet.control.cluster : undefined,
      clusters: Object.fromEntries(
        fleet.clusters.map((cluster) => [cluster.name, clusterOutput(cluster, known[cluster.name])]),
      ),
      ...(hosted && { zone: hosted }),
      tenancy: sites,
      trust: { bundle, authorities },
    }),
  );
  const kubeconfigs = Object.fromEntries(connections.map(([name, { kubeconfig }]) => [name, kubeconfig]));
  const { tenancySecrets, tenants: names, sharing } = tenants;
  return { platform, kubeconfigs: pulumi.secret(pulumi.all(kubeconfigs)), tenancySecrets, tenants: names, sharing };
}

function lateCluster({ apiServer, versions }: ConnectionOutputs): pulumi.Output<LateCluster> {
  if (versions === undefined) return apiServer.apply((server) => ({ apiServer: server }));
  return pulumi.all([apiServer, versions()]).apply(([server, running]) => ({ apiServer: server, versions: running }));
}

/** The zone that this stack made; the clusters share it. */
function madeZone(connections: readonly ConnectionOutputs[]) {
  const zone = connections.map(({ cloud }) => cloud?.zone).find((one) => one?.nameServers !== undefined);
  return pulumi
    .output(zone?.nameServers)
    .apply((nameServers) => zone && nameServers && { name: zone.name, nameServers });
}

/** What is known of a cluster when it is there. */
interface LateCluster {
  readonly apiServer: { readonly host: string; readonly port: number };
  readonly versions?: KubernetesVersions;
}

function clusterOutput(
  { planes, wave, mesh }: FleetPlan["clusters"][number],
  late: LateCluster | undefined,
): PlatformOutput["clusters"][string] {
  const apiServer = late === undefined ? "" : `${late.apiServer.host}:${late.apiServer.port}`;
  return {
    planes: [...planes],
    wave,
    apiServer,
    ...(late?.versions && { kubernetes: late.versions.kubernetes, nodePools: { ...late.versions.nodePools } }),
    mesh: mesh === undefined ? undefined : { id: mesh.id, address: mesh.address },
  };
}
