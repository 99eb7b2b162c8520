import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { FleetPlan, PlannedCluster } from "../fleet";
import { pathOf, refuse } from "../settings";
import { PlatformReference } from "../stacks";
import { findKubeconfig } from "./existing";
import { type Endpoint, type SelectedContext, selectContext } from "./kubeconfig";
import { type ClusterProbe, liveProbe } from "./probe";

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
}

/** The fleet's connections. */
export interface Connections {
  /** By name, in the plan's order. */
  readonly clusters: ReadonlyMap<string, ClusterConnection>;
  /** The cluster with the control plane, of this stack or of another one. */
  readonly control: ClusterConnection;
}

/** Arguments of {@link connectClusters}. */
export interface ConnectArgs {
  /** What relative paths start from. Default: the working directory. */
  readonly root?: string;
  /** What asks running clusters. Default: {@link liveProbe}. */
  readonly probe?: ClusterProbe;
}

/** Connects to every cluster of the fleet; nothing is registered before all of them could be reached. */
export function connectClusters(
  fleet: FleetPlan,
  { root = process.cwd(), probe = liveProbe }: ConnectArgs = {},
): Connections {
  const found = fleet.clusters.map((cluster) => ({ cluster, ...findKubeconfig(cluster, root) }));
  refuse(found.flatMap((entry) => ("problem" in entry ? [entry.problem] : [])));
  const contexts = found.flatMap((entry) => ("context" in entry ? [entry] : []));
  const reached = reachAll(contexts, probe);
  const clusters = new Map(
    contexts.map(({ cluster }, index) => {
      const context = reached.apply((all) => all[index] as SelectedContext);
      return [cluster.name, connect(cluster.name, fleet, context, probe, declaredApiServer(cluster))] as const;
    }),
  );
  return { clusters, control: controlOf(fleet, clusters, probe) };
}

interface Reachable {
  readonly cluster: PlannedCluster;
  readonly context: pulumi.Output<SelectedContext>;
}

/** Knocks at every API server before the first resource, so that an unreachable one is named and nothing is half done. */
function reachAll(clusters: readonly Reachable[], probe: ClusterProbe): pulumi.Output<SelectedContext[]> {
  return pulumi.all(clusters.map((entry) => entry.context)).apply(async (contexts) => {
    const answers = await Promise.all(
      contexts.map(({ endpoint, proxied }) => (proxied ? undefined : probe.unreachable(endpoint))),
    );
    refuse(
      answers.flatMap((why, index) => {
        const { endpoint } = contexts[index] as SelectedContext;
        const path = pathOf("platform", "clusters", clusters[index]?.cluster.name ?? "?", "provider");
        const server = `${endpoint.host}:${endpoint.port}`;
        const message = `its API server ${server} cannot be reached (${why}); check that it runs and that this machine may connect`;
        return why === undefined ? [] : [{ path, message }];
      }),
      "fleet",
    );
    return contexts;
  });
}

function connect(
  name: string,
  fleet: FleetPlan,
  context: pulumi.Output<SelectedContext>,
  probe: ClusterProbe,
  declared?: Endpoint,
): ClusterConnection {
  const kubeconfig = pulumi.secret(context.apply((selected) => selected.text));
  const provider = new kubernetes.Provider(name, {
    kubeconfig,
    // Fixed, so that a changed address or credential never looks like another cluster, whose objects would be replaced.
    clusterIdentifier: `${fleet.stack}/${name}`,
    enableServerSideApply: true,
  });
  return {
    name,
    provider,
    kubeconfig,
    apiServer: pulumi.unsecret(context.apply((selected) => declared ?? selected.endpoint)),
    probe,
  };
}

function declaredApiServer(cluster: PlannedCluster): Endpoint | undefined {
  const [host, port] = cluster.provider.apiServer?.split(":") ?? [];
  return host === undefined || port === undefined ? undefined : { host, port: Number(port) };
}

function controlOf(
  fleet: FleetPlan,
  clusters: ReadonlyMap<string, ClusterConnection>,
  probe: ClusterProbe,
): ClusterConnection {
  if (fleet.control.kind === "own") {
    const own = clusters.get(fleet.control.cluster);
    if (own === undefined) throw new Error(`no connection to the control cluster "${fleet.control.cluster}"`);
    return own;
  }
  const { stack, cluster } = fleet.control;
  const context = new PlatformReference(stack).kubeconfig(cluster).apply((text) => selectContext(text));
  return connect("control-plane", fleet, context, probe);
}
