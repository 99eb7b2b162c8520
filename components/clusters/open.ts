import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { FleetPlan, PlannedCluster } from "../fleet";
import { type ExistingSettings, type Problem, pathOf, refuse } from "../settings";
import { lastOutputs, type PlatformOutput, PlatformReferences } from "../stacks";
import { makeByClusterApi } from "./cluster-api/cluster-api-cluster";
import type { ClusterConnection, ClusterSources } from "./connection";
import { EksSources } from "./eks/sources";
import { type Found, findKubeconfig, fromStack } from "./existing";
import type { Endpoint, SelectedContext } from "./kubeconfig";
import { LostClusters, probeOf } from "./lost";
import { type Knocked, lookUpMade } from "./made";
import { type ClusterProbe, liveProbe } from "./probe";
import { providerOptions } from "./provider-options";

/** Arguments of {@link openClusters}. */
export interface ConnectArgs {
  /** What relative paths start from. Default: the working directory. */
  readonly root?: string;
  /** What asks running clusters. Default: {@link liveProbe}. */
  readonly probe?: ClusterProbe;
  /** Other stacks that were referred to already. Default: none. */
  readonly stacks?: PlatformReferences;
  /** What this stack put out when it was last brought up. Default: read from its state. */
  readonly last?: () => Promise<PlatformOutput | undefined>;
  /** Tenants that are in this stack's state. Default: read from what it put out. */
  readonly lastTenants?: () => Promise<readonly string[]>;
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
  { root = process.cwd(), probe = liveProbe, stacks = new PlatformReferences(), last = lastOutputs }: ConnectArgs = {},
): Promise<ClusterSources> {
  const made = await lookUpMade(fleet, last);
  const wanted = await Promise.all([
    ...fleet.clusters.flatMap((cluster) => wantCluster(cluster, root, stacks)),
    ...wantControl(fleet, stacks),
  ]);
  refuse(wanted.flatMap(({ found }) => ("problem" in found ? [found.problem] : [])));
  const reachable = wanted.flatMap(({ found, ...rest }) =>
    "context" in found ? [{ ...rest, context: found.context }] : [],
  );
  const lost = new Set(fleet.clusters.filter((cluster) => cluster.lost).map(({ name }) => name));
  const knocked = [
    ...made,
    ...reachable.map(({ name, path, context }) => ({ path, ...context, lost: lost.has(name) })),
  ];
  refuse((await Promise.all(knocked.map((one) => reachProblems(one, probe)))).flat(), "fleet");
  const byName = new Map(reachable.map((one) => [one.name, one]));
  const connectTo = (name: string) => {
    const found = byName.get(name);
    return found === undefined ? undefined : connect(found, fleet, probe);
  };
  let otherControl: ClusterConnection | undefined;
  const eks = new EksSources(fleet, probe);
  const make: ClusterSources["make"] = (cluster, after, control) => {
    if (cluster.eks !== undefined) return eks.make(cluster, after);
    const own = probeOf(cluster, probe);
    if (cluster.clusterApi !== undefined) return makeByClusterApi({ cluster, fleet, probe: own }, after, control);
    const connection = connectTo(cluster.name);
    if (connection === undefined) throw new Error(`no way to cluster "${cluster.name}"`);
    return { ...connection, probe: own };
  };
  const losses = new LostClusters(fleet);
  return {
    make: (cluster, after, control) => losses.see(cluster, make(cluster, after, control)),
    otherControl: () => {
      // One provider, whoever asks.
      otherControl ??= connectTo(OTHER_CONTROL_PLANE);
      return otherControl;
    },
  };
}

/** Of clusters that are made here nothing is there to look up. */
function wantCluster(
  { name, provider, cilium }: PlannedCluster,
  root: string,
  stacks: PlatformReferences,
): Promise<Wanted>[] {
  return provider.kind === "existing" ? [wantExisting({ name, provider, cilium }, root, stacks)] : [];
}

type Existing = Pick<PlannedCluster, "name" | "cilium"> & { readonly provider: ExistingSettings };

async function wantExisting(
  { name, provider, cilium }: Existing,
  root: string,
  stacks: PlatformReferences,
): Promise<Wanted> {
  const [host, port] = provider.apiServer?.split(":") ?? [];
  const apiServer = host === undefined || port === undefined ? undefined : { host, port: Number(port) };
  const found = await findKubeconfig(name, provider.kubeconfig, root, stacks);
  const path = pathOf("platform", "clusters", name, "provider");
  if ("context" in found && apiServer === undefined && cilium === "managed" && isLoopback(found.context.endpoint)) {
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

export async function reachProblems(
  { path, endpoint, proxied, lost }: Knocked,
  probe: ClusterProbe,
): Promise<Problem[]> {
  const server = `${endpoint.host}:${endpoint.port}`;
  // What one that answers is not told of would be removed from it.
  if (lost && proxied)
    return [{ path, message: "is lost, but reached through a proxy: whether it answers cannot be seen" }];
  const why = proxied ? undefined : await probe.unreachable(endpoint);
  if (lost && why === undefined)
    return [{ path, message: `is lost, but its API server ${server} answers; remove \`lost\`` }];
  if (lost || why === undefined) return [];
  const message = `its API server ${server} cannot be reached (${why}); check that it runs and that this machine may connect`;
  return [{ path, message }];
}

/** @param cluster The cluster's name in the stack that made it. Default: the connection's. */
export function connect(
  { name, cluster = name, apiServer, context }: Omit<Reachable, "path"> & { readonly cluster?: string },
  fleet: Pick<FleetPlan, "stack" | "clusters">,
  probe: ClusterProbe,
): ClusterConnection {
  const kubeconfig = pulumi.secret(context.text);
  const provider = new kubernetes.Provider(name, { kubeconfig, ...providerOptions(fleet, cluster) });
  return { name, provider, kubeconfig, apiServer: pulumi.output(apiServer ?? context.endpoint), probe };
}
