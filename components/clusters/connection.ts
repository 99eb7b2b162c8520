import type * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { PlannedCluster } from "../fleet";
import type { AwsCloud } from "./cloud";
import type { Endpoint } from "./kubeconfig";
import type { ClusterProbe } from "./probe";

/** A cluster that resources can be put on, whoever made it. */
export interface ClusterConnection {
  readonly name: string;
  /** The provider of everything on this cluster. */
  readonly provider: kubernetes.Provider;
  /** A kubeconfig of the cluster alone; a secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** The API server as the cluster's nodes reach it. */
  readonly apiServer: pulumi.Output<Endpoint>;
  /** What may be asked of the running cluster. */
  readonly probe: ClusterProbe;
  /** Versions of Kubernetes that it runs, where this program says which; asked for when its nodes are there. */
  readonly versions?: () => pulumi.Output<{
    readonly kubernetes: string;
    /** By node pool. */
    readonly nodePools: Readonly<Record<string, string>>;
  }>;
  /** What the cluster's cloud gives add-ons; absent where this program does not know of one. */
  readonly cloud?: AwsCloud;
  /**
   * Makes the cluster's nodes, and what has to run on them first; called once.
   * Absent where the nodes are there already.
   * @param network What the nodes need to become ready: installed, but not running yet.
   */
  readonly nodes?: (network: pulumi.Output<pulumi.Resource[]>) => pulumi.Output<pulumi.Resource[]>;
}

/** The fleet's clusters, looked up but not registered yet. */
export interface ClusterSources {
  /**
   * Makes a cluster, or connects to one that is there.
   * @param after What a cluster that is made waits for.
   * @param control The control cluster, which Cluster API runs on; absent while that one is made itself.
   */
  readonly make: (
    cluster: PlannedCluster,
    after: readonly pulumi.Resource[],
    control?: ClusterConnection,
  ) => ClusterConnection;
  /** Connects to another stack's control plane, where the plan has none of its own, once; `undefined` elsewhere. */
  readonly otherControl: () => ClusterConnection | undefined;
}
