import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { addonContract, selectAddons } from "../../../components/addons";
import { planFleet } from "../../../components/fleet";
import { parseSettings } from "../../../components/settings";
import { chooseCharts } from "../../../rehearsal/charts/choose";
import { addNodes, type ClusterClient, clientOf } from "../../../rehearsal/clusters/client";
import { inventory } from "../../../rehearsal/clusters/inventory";
import { createCluster, type LocalCluster } from "../../../rehearsal/clusters/kwok";
import { simulate } from "../../../rehearsal/clusters/simulate";
import { makeFolders, rehearsalEnvironment } from "../../../rehearsal/environment";
import { ensurePlugins } from "../../../rehearsal/plugins";
import { type Finished, run } from "../../../rehearsal/process";
import { consoleProgress } from "../../../rehearsal/progress";
import { type Edits, edit } from "../../support/settings";
import { type Ended, Run } from "./cli";
import { writeLanguageHost } from "./language-wrapper";
import { Project, SOLO } from "./project";
import { theEngine } from "./root";

/** A resource of the state, as far as two runs can be compared. */
export interface GraphResource {
  readonly urn: string;
  readonly id?: string;
  readonly parent?: string;
  readonly dependencies: readonly string[];
}

/** One release of a cluster: `namespace/name`, and its revisions' states. */
export type Releases = Readonly<Record<string, readonly string[]>>;

/**
 * A stack as a user has it, on one local cluster: the CLI with its own program, state in a folder and written at every
 * step, unlike a rehearsal's. The network and certificates alone, unless settings say more.
 */
export class LiveStack {
  private constructor(
    readonly name: string,
    readonly project: Project,
    readonly cluster: LocalCluster,
    readonly env: NodeJS.ProcessEnv,
    private readonly client: ClusterClient,
    private readonly stopSimulation: () => Promise<void>,
  ) {}

  /**
   * @param edits Settings below `platform` to change.
   * @param through Gives the kubeconfig file that the stack uses, where it is not the cluster's own.
   */
  static async start(
    name: string,
    edits: Edits = {},
    through: (cluster: LocalCluster) => Promise<string> = async ({ kubeconfig }) => kubeconfig,
  ): Promise<LiveStack> {
    const engine = await theEngine();
    const project = new Project();
    const folders = project.folders(name);
    makeFolders(folders);
    const progress = consoleProgress(() => {});
    const plugins = await ensurePlugins(engine, folders, progress);
    const cluster = await createCluster("only", engine, folders);
    const client = clientOf(cluster);
    await addNodes(client);
    const platform = edit(SOLO.config["openchoreo:platform"], {
      "clusters.only.provider.kubeconfig": { path: await through(cluster) },
      ...edits,
    });
    const settings = parseSettings({ platform }, addonContract);
    const selected = selectAddons(settings.platform);
    await chooseCharts("stand-in", { selected, fleet: planFleet(settings, name), folders, progress });
    const mirrored = edit(platform, { "charts.mirror": folders.charts });
    project.write(name, { config: { ...SOLO.config, "openchoreo:platform": mirrored } });
    writeLanguageHost(folders.bin);
    const path = [...plugins.path, dirname(engine.file("pulumi")), process.env.PATH].join(":");
    const { PULUMI_SKIP_CHECKPOINTS: _, PULUMI_EXPERIMENTAL: __, ...env } = rehearsalEnvironment(folders, { path });
    const stack = new LiveStack(name, project, cluster, env, client, await simulate(client));
    await stack.pulumi("stack", "init", name);
    return stack;
  }

  /** Starts a command of the CLI in a process group of its own. */
  startPulumi(...args: readonly string[]): Run {
    const options = ["--stack", this.name, "--non-interactive", "--color", "never"];
    return new Run([...args, ...options], this.project.root, { env: this.env, command: "pulumi" });
  }

  up(): Run {
    return this.startPulumi("up", "--yes", "--skip-preview");
  }

  destroy(): Run {
    return this.startPulumi("destroy", "--yes", "--skip-preview");
  }

  /** Runs a command of the CLI that has to succeed. */
  async pulumi(...args: readonly string[]): Promise<string> {
    const { code, output } = await this.tryPulumi(...args);
    if (code !== 0) throw new Error(`pulumi ${args.join(" ")}: ${output}`);
    return output;
  }

  async tryPulumi(...args: readonly string[]): Promise<Finished> {
    const engine = await theEngine();
    return run(engine.file("pulumi"), [...args, "--non-interactive"], { cwd: this.project.root, env: this.env });
  }

  recover(...args: readonly string[]): Promise<Ended> {
    return this.project.recover([this.name, ...args], { env: this.env });
  }

  /** The state: what is in it, and how much of it was interrupted. */
  async state(): Promise<{ readonly resources: readonly GraphResource[]; readonly pending: readonly string[] }> {
    const text = await this.pulumi("stack", "export", "--stack", this.name);
    const { deployment } = JSON.parse(text);
    const resources: readonly (GraphResource & { readonly dependencies?: string[] })[] = deployment.resources ?? [];
    const operations: readonly { readonly type: string; readonly resource: GraphResource }[] =
      deployment.pending_operations ?? [];
    return {
      resources: resources
        .map(({ urn, id, parent, dependencies = [] }) => ({
          urn,
          id: stable(urn, id),
          parent,
          dependencies: dependencies.toSorted(),
        }))
        .sort((a, b) => a.urn.localeCompare(b.urn)),
      pending: operations.map(({ type, resource }) => `${type} ${resource.urn.split("::").slice(3).join("::")}`),
    };
  }

  /** Everything in the cluster that somebody gave a name; of Helm's records one for each release, however often it was upgraded. */
  async objects(): Promise<string[]> {
    const found = await inventory(this.cluster, await theEngine());
    const named = [...found].filter((object) => !MADE.test(object));
    return [...new Set(named.map((object) => object.replace(/(sh\.helm\.release\.v1\.\S+)\.v\d+$/, "$1")))].sort();
  }

  async releases(): Promise<Releases> {
    const { items } = await this.client.core.listSecretForAllNamespaces({ labelSelector: "owner=helm" });
    const entries = items.map(({ metadata }) => {
      const { name = "", status = "", version = "" } = metadata?.labels ?? {};
      return { key: `${metadata?.namespace}/${name}`, text: `${version} ${status}` };
    });
    const keys = [...new Set(entries.map(({ key }) => key))].sort();
    return Object.fromEntries(
      keys.map((key) => [
        key,
        entries
          .filter((one) => one.key === key)
          .map(({ text }) => text)
          .sort(),
      ]),
    );
  }

  /** Lets pods become ready, or has them wait, so that a release that is waited for does not come to its end. */
  simulatePods(allowed: boolean): void {
    const { clusters } = this.project.folders(this.name);
    const file = join(clusters, "clusters", this.cluster.name, "pids", "kwok-controller.pid");
    process.kill(Number(readFileSync(file, "utf8")), allowed ? "SIGCONT" : "SIGSTOP");
  }

  /** The lock files of the stack. */
  get lockFolder(): string {
    return join(this.project.folders(this.name).state, ".pulumi", "locks", "organization", "openchoreo", this.name);
  }

  async stop(): Promise<void> {
    await this.stopSimulation();
    this.project.remove();
  }
}

/** Objects that controllers make and name: they have other names in each run. */
const MADE = /^(Pod|ReplicaSet|ControllerRevision|Lease|Endpoints) /;

/** Ids of what is made anew in each run, such as a key or a provider, are different ones. */
function stable(urn: string, id: string | undefined): string | undefined {
  return /(::|\$)(tls|random|pulumi):/.test(urn) ? undefined : id;
}
