import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { FleetPlan, PlannedCluster } from "../fleet";
import { pathOf, refuse } from "../settings";
import { PlatformReferences } from "../stacks";
import { type Found, findKubeconfig, fromStack } from "./existing";
import type { Endpoint, SelectedContext } from "./kubeconfig";
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

/** A cluster to connect to. */
interface Wanted {
  /** Name of the connection and of its provider. */
  readonly name: string;
  /** Where settings speak of it. */
  readonly path: string;
  readonly found: Found;
  /** The API server as nodes reach it, where settings say so. */
  readonly apiServer?: Endpoint;
}

/** Name of the connection to another stack's control plane; no cluster's name has an upper-case letter. */
const OTHER_CONTROL_PLANE = "controlPlane";

/** Connects to every cluster of the fleet; nothing is registered before all of them could be reached. */
export function connectClusters(
  fleet: FleetPlan,
  { root = process.cwd(), probe = liveProbe }: ConnectArgs = {},
): Connections {
  const stacks = new PlatformReferences();
  const wanted = [
    ...fleet.clusters.map((cluster) => wantCluster(cluster, root, stacks)),
    ...wantControl(fleet, stacks),
  ];
  refuse(wanted.flatMap(({ found }) => ("problem" in found ? [found.problem] : [])));
  const reached = reachAll(wanted, probe);
  const connections = wanted.map((entry, index) => {
    const context = reached.apply((contexts) => contexts[index] as SelectedContext);
    return connect(entry, fleet, context, probe);
  });
  const control = fleet.control.kind === "own" ? fleet.control.cluster : OTHER_CONTROL_PLANE;
  const found = connections.find(({ name }) => name === control);
  if (found === undefined) throw new Error(`no connection to the control plane "${control}"`);
  const own = connections.filter(({ name }) => name !== OTHER_CONTROL_PLANE);
  return { clusters: new Map(own.map((connection) => [connection.name, connection])), control: found };
}

function wantCluster(cluster: PlannedCluster, root: string, stacks: PlatformReferences): Wanted {
  const { name, provider } = cluster;
  const [host, port] = provider.apiServer?.split(":") ?? [];
  return {
    name,
    path: pathOf("platform", "clusters", name, "provider"),
    found: findKubeconfig(cluster, root, stacks),
    apiServer: host === undefined || port === undefined ? undefined : { host, port: Number(port) },
  };
}

function wantControl({ control }: FleetPlan, stacks: PlatformReferences): Wanted[] {
  if (control.kind === "own") return [];
  const found = fromStack(stacks, control.stack, control.cluster);
  return [{ name: OTHER_CONTROL_PLANE, path: pathOf("platform", "controlPlane"), found }];
}

/**
 * Knocks at every API server before the first resource, so that an unreachable one is named and nothing is half done.
 */
function reachAll(wanted: readonly Wanted[], probe: ClusterProbe): pulumi.Output<SelectedContext[]> {
  const contexts = wanted.flatMap(({ found }) => ("context" in found ? [found.context] : []));
  return pulumi.all(contexts).apply(async (selected) => {
    const answers = await Promise.all(
      selected.map(async ({ endpoint, proxied }, index) => {
        const why = proxied ? undefined : await probe.unreachable(endpoint);
        if (why === undefined) return [];
        const server = `${endpoint.host}:${endpoint.port}`;
        const message = `its API server ${server} cannot be reached (${why}); check that it runs and that this machine may connect`;
        return [{ path: wanted[index]?.path ?? "platform", message }];
      }),
    );
    refuse(answers.flat(), "fleet");
    return selected;
  });
}

function connect(
  { name, apiServer }: Wanted,
  fleet: FleetPlan,
  context: pulumi.Output<SelectedContext>,
  probe: ClusterProbe,
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
    apiServer: pulumi.unsecret(context.apply((selected) => apiServer ?? selected.endpoint)),
    probe,
  };
}
