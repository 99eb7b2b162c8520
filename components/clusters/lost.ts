import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { FleetPlan, PlannedCluster } from "../fleet";
import type { ClusterConnection } from "./connection";
import type { ClusterProbe } from "./probe";

/** Asks nobody: of a cluster that is lost nothing is waited for. */
const silentProbe: ClusterProbe = {
  unreachable: async () => undefined,
  admitted: async () => undefined,
  established: async () => undefined,
  ready: async () => undefined,
  met: async () => undefined,
};

/** What asks a cluster: nobody where it is lost. */
export function probeOf({ lost }: Pick<PlannedCluster, "lost">, probe: ClusterProbe): ClusterProbe {
  return lost ? silentProbe : probe;
}

/**
 * Sees to it that what is on a lost cluster can go from the state without the cluster: Helm releases cannot be deleted where
 * no API server answers, whatever the provider is told.
 */
export class LostClusters {
  private readonly providers = new Set<pulumi.ProviderResource>();

  constructor({ clusters }: Pick<FleetPlan, "clusters">) {
    if (!clusters.some(({ lost }) => lost)) return;
    pulumi.runtime.registerStackTransformation((args) => this.retain(args));
  }

  /** Takes notice of a connection. */
  see({ lost }: Pick<PlannedCluster, "lost">, connection: ClusterConnection): ClusterConnection {
    if (lost) this.providers.add(connection.provider satisfies kubernetes.Provider);
    return connection;
  }

  private retain({ type, props, opts }: pulumi.ResourceTransformationArgs) {
    if (!/^kubernetes(-cert-manager)?:/.test(type)) return undefined;
    const provider = "provider" in opts ? opts.provider : undefined;
    const own = provider ?? opts.parent?.getProvider("kubernetes:core/v1:Pod") ?? inOptions(opts);
    return own !== undefined && this.providers.has(own)
      ? { props, opts: { ...opts, retainOnDelete: true } }
      : undefined;
  }
}

/** The provider among those that a remote component is given. */
function inOptions(opts: pulumi.ResourceTransformationArgs["opts"]): pulumi.ProviderResource | undefined {
  const providers = "providers" in opts ? opts.providers : undefined;
  return Object.values(providers ?? {}).find((one) => one.getPackage() === "kubernetes");
}
