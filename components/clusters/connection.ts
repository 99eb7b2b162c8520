import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { FleetPlan, PlannedCluster } from "../fleet";
import { type Problem, pathOf, refuse } from "../settings";
import { PlatformReferences } from "../stacks";
import type { AwsCloud } from "./cloud";
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
   */
  readonly make: (cluster: PlannedCluster, after: readonly pulumi.Resource[]) => ClusterConnection;
  /** Connects to another stack's control plane, where the plan has none of its own; `undefined` elsewhere. */
  readonly otherControl: () => ClusterConnection | undefined;
}

/** Arguments of {@link openClusters}. */
export interface ConnectArgs {
  /** What relative paths start from. Default: the working directory. */
  readonly root?: string;
  /** What asks running clusters. Default: {@link liveProbe}. */
  readonly probe?: ClusterProbe;
  /** Other stacks that were referred to already. Default: none. */
  readonly stacks?: PlatformReferences;
}

/** Name of the connection to another stack's control plane; no cluster's name has an upper-case letter. */
const OTHER_CONTROL_PLANE = "controlPlane";

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

/**
 * Looks up every cluster of the fleet. Each kubeconfig is read and each API server knocked at before anything is
 * registered, so that what is missing is named and nothing is half done.
 * @throws SettingsError with every kubeconfig that is not there, or every API server that cannot be reached.
 */
export async function openClusters(
  fleet: FleetPlan,
  { root = process.cwd(), probe = liveProbe, stacks = new PlatformReferences() }: ConnectArgs = {},
): Promise<ClusterSources> {
  const wanted = await Promise.all([
    ...fleet.clusters.map((cluster) => wantCluster(cluster, root, stacks)),
    ...wantControl(fleet, stacks),
  ]);
  refuse(wanted.flatMap(({ found }) => ("problem" in found ? [found.problem] : [])));
  const reachable = wanted.flatMap(({ found, ...rest }) =>
    "context" in found ? [{ ...rest, context: found.context }] : [],
  );
  refuse((await Promise.all(reachable.map((one) => reachProblems(one, probe)))).flat(), "fleet");
  const byName = new Map(reachable.map((one) => [one.name, one]));
  const connectTo = (name: string) => {
    const found = byName.get(name);
    return found === undefined ? undefined : connect(found, fleet, probe);
  };
  return {
    make: ({ name }) => {
      const connection = connectTo(name);
      if (connection === undefined) throw new Error(`no way to cluster "${name}"`);
      return connection;
    },
    otherControl: () => connectTo(OTHER_CONTROL_PLANE),
  };
}

async function wantCluster(cluster: PlannedCluster, root: string, stacks: PlatformReferences): Promise<Wanted> {
  const { name, provider } = cluster;
  const [host, port] = provider.apiServer?.split(":") ?? [];
  const apiServer = host === undefined || port === undefined ? undefined : { host, port: Number(port) };
  const found = await findKubeconfig(cluster, root, stacks);
  const path = pathOf("platform", "clusters", name, "provider");
  if (
    "context" in found &&
    apiServer === undefined &&
    cluster.cilium === "managed" &&
    isLoopback(found.context.endpoint)
  ) {
    const { host: local } = found.context.endpoint;
    const message = `the kubeconfig names ${local}, where the cluster's own nodes do not find the API server; say where they do, as "host:port"`;
    return { name, path, found: { problem: { path: `${path}.apiServer`, message } } };
  }
  return { name, path, found, apiServer };
}

function isLoopback({ host }: Endpoint): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}

function wantControl({ control }: FleetPlan, stacks: PlatformReferences): Promise<Wanted>[] {
  if (control.kind === "own") return [];
  const path = pathOf("platform", "controlPlane");
  const found = fromStack(stacks, control.stack, path, control.cluster);
  return [found.then((kubeconfig) => ({ name: OTHER_CONTROL_PLANE, path, found: kubeconfig }))];
}

type Reachable = Omit<Wanted, "found"> & { readonly context: SelectedContext };

async function reachProblems({ path, context }: Reachable, probe: ClusterProbe): Promise<Problem[]> {
  const { endpoint, proxied } = context;
  const why = proxied ? undefined : await probe.unreachable(endpoint);
  if (why === undefined) return [];
  const server = `${endpoint.host}:${endpoint.port}`;
  const message = `its API server ${server} cannot be reached (${why}); check that it runs and that this machine may connect`;
  return [{ path, message }];
}

function connect({ name, apiServer, context }: Reachable, fleet: FleetPlan, probe: ClusterProbe): ClusterConnection {
  const kubeconfig = pulumi.secret(context.text);
  const provider = new kubernetes.Provider(name, {
    kubeconfig,
    // Fixed, so that a changed address or credential never looks like another cluster, whose objects would be replaced.
    clusterIdentifier: `${fleet.stack}/${name}`,
    enableServerSideApply: true,
    // Else a changed Secret or ConfigMap is deleted and made anew, and what mounts it sees it gone in between.
    enableSecretMutable: true,
    enableConfigMapMutable: true,
  });
  return { name, provider, kubeconfig, apiServer: pulumi.output(apiServer ?? context.endpoint), probe };
}
