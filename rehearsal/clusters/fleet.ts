import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { ARGO_CD_NAMESPACE, type SelectedAddon } from "../../components/addons";
import { selectFromFile } from "../../components/clusters";
import type { FleetPlan } from "../../components/fleet";
import { type EksStandIn, eksClustersOf, writeLocalClusters } from "../aws/local-clusters";
import { type EksMember, followNodeGroups } from "../aws/nodes";
import type { Engine } from "../engine";
import type { Folders } from "../folders";
import { RehearsalError } from "../process";
import type { Progress } from "../progress";
import type { Retained } from "../report";
import { addNodes, type ClusterClient, clientOf } from "./client";
import { simulateClusterApi } from "./cluster-api";
import { added, inventory } from "./inventory";
import { reasons } from "./kept";
import {
  clusterNames,
  createCluster,
  deleteCluster,
  isRunning,
  type LocalCluster,
  localCluster,
  loseCluster,
  lostClusterNames,
} from "./kwok";
import { simulate } from "./simulate";

/** What {@link LocalFleet.start} needs. */
export interface StartArgs {
  readonly fleet: FleetPlan;
  readonly engine: Engine;
  readonly folders: Folders;
  readonly progress: Progress;
  /** Start from empty clusters, whatever runs already. */
  readonly fresh: boolean;
}

/** The local cluster that stands for another stack's control plane; no cluster's name has a dot. */
const OTHER_CONTROL_PLANE = "control.other";

interface Member {
  readonly cluster: LocalCluster;
  readonly client: ClusterClient;
  /** Objects of the empty cluster. */
  readonly before: ReadonlySet<string>;
}

/** What a destroy left in the clusters. */
export interface LeftOver {
  readonly retained: readonly Retained[];
  readonly left: readonly { readonly cluster: string; readonly object: string }[];
}

const LEFT_OVER_MS = 30_000;

/** The local clusters of a rehearsal, and the simulation on them. */
export class LocalFleet {
  private stops: (() => Promise<void>)[] = [];

  private constructor(
    private readonly args: StartArgs,
    private members: readonly Member[],
  ) {}

  /** Starts the fleet's clusters, or goes on with those that an earlier rehearsal left running. */
  static async start(args: StartArgs): Promise<LocalFleet> {
    const { engine, folders, progress } = args;
    const lost = await loseClusters(args);
    const left = clusterNames(folders);
    const isBack = lostClusterNames(folders).some(
      (name) => clustersOf(args.fleet).includes(name) && !lost.includes(name),
    );
    const usable = !args.fresh && !isBack && left.length > 0 && left.every((name) => isRunning(name, folders));
    if (!usable) await removeFleet(folders);
    const wanted = clustersOf(args.fleet).filter((name) => !lost.includes(name));
    const onEks = eksClustersOf(args.fleet);
    const names = usable ? [...new Set([...left, ...wanted])] : wanted;
    if (usable) progress.say(`going on with the running clusters ${left.join(", ")}`);
    const missing = usable ? names.filter((name) => !left.includes(name)) : names;
    if (missing.length > 0) {
      await progress.during(`starting ${missing.length} local clusters`, async () => {
        // One after the other: each takes free ports of its own.
        for (const name of missing) {
          const client = clientOf(await createCluster(name, engine, folders));
          if (name === OTHER_CONTROL_PLANE) await addArgoCd(client);
          // On EKS nodes come with their groups.
          if (!onEks.some((cluster) => cluster.name === name)) await addNodes(client);
        }
      });
    }
    const members = await Promise.all(
      names.map((name) => member(localCluster(name, folders), missing.includes(name), engine)),
    );
    const local = new LocalFleet(args, members);
    writeLocalClusters(onEks, local.kubeconfigs(), folders);
    local.stops = await Promise.all(members.map(({ client }) => simulate(client)));
    local.stops.push(followNodeGroups(local.onEks(onEks), folders));
    local.stops.push(...local.simulateClusterApi());
    return local;
  }

  private onEks(clusters: readonly EksStandIn[]): EksMember[] {
    return clusters.flatMap((stands) => {
      const found = this.members.find(({ cluster }) => cluster.name === stands.name);
      return found === undefined ? [] : [{ stands, client: found.client }];
    });
  }

  /** On the control cluster, where the plan has clusters that Cluster API makes, or may get some. */
  private simulateClusterApi(): (() => Promise<void>)[] {
    const { fleet } = this.args;
    const name = fleet.control.kind === "own" ? fleet.control.cluster : OTHER_CONTROL_PLANE;
    const control = this.members.find(({ cluster }) => cluster.name === name)?.client;
    if (control === undefined) return [];
    const local = (wanted: string) => {
      const found = this.members.find(({ cluster }) => cluster.name === wanted);
      return found && { client: found.client, kubeconfig: selectFromFile(found.cluster.kubeconfig).text };
    };
    return [simulateClusterApi({ control, fleet, local })];
  }

  clients(): ClusterClient[] {
    return this.members.map(({ client }) => client);
  }

  /** Kubeconfig files by cluster, for the clusters of the plan. */
  kubeconfigs(): ReadonlyMap<string, string> {
    const planned = this.args.fleet.clusters.map(({ name }) => name);
    const lost = lostClusterNames(this.args.folders).map((name) => localCluster(name, this.args.folders));
    return new Map(
      [...this.members.map(({ cluster }) => cluster), ...lost]
        .filter(({ name }) => planned.includes(name))
        .map(({ name, kubeconfig }) => [name, kubeconfig]),
    );
  }

  /** Kubeconfig file of the cluster that stands for another stack's control plane, where the plan has one. */
  otherControlPlane(): string | undefined {
    return this.members.find(({ cluster }) => cluster.name === OTHER_CONTROL_PLANE)?.cluster.kubeconfig;
  }

  /** Removes the clusters that the plan does not have any more; the program has left them already. */
  async dropOthers(): Promise<void> {
    const planned = clustersOf(this.args.fleet);
    const others = this.members.filter(({ cluster }) => !planned.includes(cluster.name));
    this.members = this.members.filter((entry) => !others.includes(entry));
    const { folders } = this.args;
    const lost = lostClusterNames(folders).filter((name) => !planned.includes(name));
    for (const name of [...others.map(({ cluster }) => cluster.name), ...lost]) await deleteCluster(name, folders);
  }

  /**
   * What is in the clusters that was not there before: what is kept on purpose, and the rest. Deletions that still run
   * get time to end.
   * @param kept Objects that the program keeps, as the inventory names them.
   */
  async leftOver(selected: readonly SelectedAddon[], kept: ReadonlySet<string>): Promise<LeftOver> {
    const whyKept = reasons(selected, kept);
    const deadline = Date.now() + LEFT_OVER_MS;
    for (;;) {
      const found = (await Promise.all(this.members.map((one) => this.addedTo(one)))).flat();
      const retained = found.flatMap((entry) => {
        const why = whyKept(entry.object);
        return why === undefined ? [] : [{ ...entry, why }];
      });
      const left = found.filter(({ object }) => whyKept(object) === undefined);
      if (left.length === 0 || Date.now() > deadline) return { retained, left };
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }

  private async addedTo({ cluster, before }: Member): Promise<{ cluster: string; object: string }[]> {
    const now = await inventory(cluster, this.args.engine);
    return added(before, now).map((object) => ({ cluster: cluster.name, object }));
  }

  async stopSimulation(): Promise<void> {
    await Promise.all(this.stops.splice(0).map((stop) => stop()));
  }
}

/**
 * Has those that settings say are lost answer no more.
 * @throws RehearsalError where one was never there: only what was made can be lost.
 */
async function loseClusters({ fleet, folders, fresh }: StartArgs): Promise<string[]> {
  const lost = fleet.clusters.filter((cluster) => cluster.lost).map(({ name }) => name);
  const made = fresh ? [] : [...clusterNames(folders), ...lostClusterNames(folders)];
  const [never] = lost.filter((name) => !made.includes(name));
  if (never !== undefined) {
    const first = `--set platform.clusters.${never}.lost=false`;
    throw new RehearsalError(
      `cluster ${never} is lost in the settings and was never there; rehearse with ${first} first`,
    );
  }
  for (const name of clusterNames(folders).filter((one) => lost.includes(one))) await loseCluster(name, folders);
  return lost;
}

/** What registering clusters with another stack's Argo CD finds there. */
async function addArgoCd({ core }: ClusterClient): Promise<void> {
  await core.createNamespace({ body: { metadata: { name: ARGO_CD_NAMESPACE } } });
}

/** Names of the local clusters that a plan needs. */
function clustersOf({ clusters, control }: FleetPlan): string[] {
  const own = clusters.map(({ name }) => name);
  return control.kind === "own" ? own : [...own, OTHER_CONTROL_PLANE];
}

async function member(cluster: LocalCluster, isNew: boolean, engine: Engine): Promise<Member> {
  // Of a cluster that was used before, what is left over cannot be told from what was there.
  const before = isNew ? await inventory(cluster, engine) : new Set<string>();
  return { cluster, client: clientOf(cluster), before };
}

/** Stops and removes every local cluster of a stack, and the state that described them. */
export async function removeFleet(folders: Folders): Promise<boolean> {
  const names = clusterNames(folders);
  await Promise.all(names.map((name) => deleteCluster(name, folders)));
  const { clusters, kubeconfigs, state, project, account } = folders;
  for (const folder of [clusters, kubeconfigs, state, project, dirname(account)]) {
    rmSync(folder, { recursive: true, force: true });
  }
  return names.length > 0;
}
