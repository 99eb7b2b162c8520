import * as pulumi from "@pulumi/pulumi";
import type { FleetPlan } from "../fleet";
import { CONTRACT_VERSION, type KubeconfigsOutput, type PlatformOutput } from "./contract";

/** What the outputs say of a connection. */
interface ConnectionOutputs {
  readonly apiServer: pulumi.Output<{ host: string; port: number }>;
  readonly kubeconfig: pulumi.Output<string>;
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
}

/** The stack's outputs, by the contract that `PlatformReference` reads. */
export interface StackOutputs {
  readonly platform: pulumi.Output<PlatformOutput>;
  /** Always a secret. */
  readonly kubeconfigs: pulumi.Output<KubeconfigsOutput>;
}

/** Makes the outputs of a stack. */
export function stackOutputs({ fleet, clusters, trust }: OutputSources): StackOutputs {
  const connections = [...clusters].map(([name, { connection }]) => [name, connection] as const);
  const late = connections.map(([name, { apiServer }]) => [name, apiServer] as const);
  const platform = pulumi.all([pulumi.all(Object.fromEntries(late)), trust.bundle, trust.authorities]).apply(
    ([servers, bundle, authorities]): PlatformOutput => ({
      contract: CONTRACT_VERSION,
      stack: fleet.stack,
      profile: fleet.profile,
      domain: fleet.domain,
      controlPlane: fleet.control.kind === "own" ? fleet.control.cluster : undefined,
      clusters: Object.fromEntries(
        fleet.clusters.map((cluster) => [cluster.name, clusterOutput(cluster, servers[cluster.name])]),
      ),
      trust: { bundle, authorities },
    }),
  );
  const kubeconfigs = Object.fromEntries(connections.map(([name, { kubeconfig }]) => [name, kubeconfig]));
  return { platform, kubeconfigs: pulumi.secret(pulumi.all(kubeconfigs)) };
}

function clusterOutput(
  { planes, wave, mesh }: FleetPlan["clusters"][number],
  server: { host: string; port: number } | undefined,
): PlatformOutput["clusters"][string] {
  const apiServer = server === undefined ? "" : `${server.host}:${server.port}`;
  return {
    planes: [...planes],
    wave,
    apiServer,
    mesh: mesh === undefined ? undefined : { id: mesh.id, address: mesh.address },
  };
}
