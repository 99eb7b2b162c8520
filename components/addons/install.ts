import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterConnection, ClusterSources } from "../clusters";
import type { FleetPlan, PlannedCluster } from "../fleet";
import type { PlatformSettings } from "../settings";
import type { PlatformOutput } from "../stacks";
import type { MeshTrust } from "../trust";
import { joined } from "./addon";
import { type ChartSource, chartSource } from "./charts";
import type { AddonNamespace, AddonTarget, InstalledAddon, SelectedAddon } from "./contract";
import { makeNamespace, mergeNamespaces } from "./namespaces";
import { selectAddons } from "./select";

/** Arguments of {@link installAddons}. */
export interface InstallAddonsArgs {
  readonly fleet: FleetPlan;
  readonly platform: PlatformSettings;
  readonly clusters: ClusterSources;
  readonly trust: MeshTrust;
  /** What the stack with the control plane puts out, where that is another one. */
  readonly otherControl?: PlatformOutput;
  /** What relative paths start from. Default: the working directory. */
  readonly root?: string;
}

/** The add-ons of the fleet, by cluster. */
export type FleetAddons = ReadonlyMap<string, ClusterAddons>;

/**
 * Makes every cluster and installs the add-ons that it asks for, wave by wave: the first resources of a wave wait for
 * one small gate, and the gate for everything of the wave before. A wave that fails stops the later ones.
 */
export function installAddons(args: InstallAddonsArgs): FleetAddons {
  const { fleet, clusters: sources } = args;
  const selected = selectAddons(args.platform);
  const source = chartSource(args.platform.charts.mirror, args.root);
  const installed = new Map<string, ClusterAddons>();
  const control = () =>
    fleet.control.kind === "own" ? installed.get(fleet.control.cluster)?.connection : sources.otherControl();
  let gates: WaveGates | undefined;
  let before: pulumi.Resource[] = [];
  fleet.waves.forEach((names, wave) => {
    const clusters = fleet.clusters.filter((cluster) => names.includes(cluster.name));
    for (const cluster of clusters) {
      const connection = sources.make(cluster, before, control());
      const own = { ...args, cluster, connection, selected, source, after: before };
      installed.set(
        cluster.name,
        new ClusterAddons(`${cluster.name}.addons`, own, { providers: [connection.provider] }),
      );
    }
    gates ??= new WaveGates("waves", fleet, controlOptions(control()));
    const ends = clusters.flatMap((cluster) => installed.get(cluster.name)?.all() ?? []);
    before = [gates.close(wave, ends)];
  });
  return installed;
}

function controlOptions(control: ClusterConnection | undefined): pulumi.ComponentResourceOptions {
  if (control === undefined) throw new Error("no connection to the control plane; it is in wave 0");
  return { providers: [control.provider] };
}

/** Arguments of {@link ClusterAddons}. */
export interface ClusterAddonsArgs {
  readonly fleet: FleetPlan;
  readonly cluster: PlannedCluster;
  readonly connection: ClusterConnection;
  readonly trust: MeshTrust;
  /** See {@link InstallAddonsArgs}. */
  readonly otherControl?: PlatformOutput;
  readonly source: ChartSource;
  /** Add-ons in order; those that are not for this cluster are left out here. */
  readonly selected: readonly SelectedAddon[];
  /** What the first resources wait for. */
  readonly after: readonly pulumi.Resource[];
}

/** Every add-on of one cluster: first the network, then the nodes, then everything else. */
export class ClusterAddons extends pulumi.ComponentResource {
  readonly connection: ClusterConnection;
  readonly #onError: pulumi.ErrorHook;
  // Out of reach of the SDK, which walks all that a resource holds whenever an output holds the resource.
  readonly #args: ClusterAddonsArgs;
  private readonly addons = new Map<string, InstalledAddon>();
  private readonly namespaces = new Map<string, pulumi.Resource>();
  private readonly wanted: ReadonlyMap<string, AddonNamespace>;

  constructor(name: string, args: ClusterAddonsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:addons:ClusterAddons", name, {}, opts);
    this.#args = args;
    const { cluster, connection, selected } = args;
    this.connection = connection;
    this.#onError = failureHint(cluster.name);
    const here = selected.filter(({ addon }) => addon.on(cluster));
    const namespaces = mergeNamespaces(
      here.map(({ addon }) => addon.namespace),
      cluster,
    );
    this.wanted = new Map(namespaces.map((namespace) => [namespace.name, namespace]));
    const network = here.filter(({ addon }) => addon.stage === "network");
    for (const one of network) this.install(one);
    const installed = network.flatMap(({ addon }) => this.addons.get(addon.name)?.installed ?? []);
    const nodes = connection.nodes?.(installed.reduce(joined, pulumi.output<pulumi.Resource[]>([]))) ?? [];
    for (const { addon } of network) this.addons.get(addon.name)?.complete(nodes);
    for (const one of here.filter((other) => !network.includes(other))) this.install(one).complete();
    this.registerOutputs();
  }

  /** Whether an add-on is on the cluster. */
  has(addon: string): boolean {
    return this.addons.has(addon);
  }

  /** The settings of an add-on that is on the cluster, by its own type. */
  settings<Config>(addon: string): Config | undefined {
    if (!this.has(addon)) return undefined;
    return this.#args.selected.find((one) => one.addon.name === addon)?.config as Config | undefined;
  }

  /** What comes after an add-on depends on; nothing where the add-on is not on the cluster. */
  ready(addon: string): pulumi.Input<pulumi.Resource[]> {
    return this.addons.get(addon)?.ready ?? [];
  }

  /** What comes after all of them depends on. */
  all(): pulumi.Output<pulumi.Resource[]>[] {
    return [...this.addons.values()].map(({ ready }) => ready);
  }

  /** An add-on's namespace, made with the first add-on of it: whoever cleans it up is there by then. */
  private namespace(name: string): pulumi.Resource[] {
    const wanted = this.wanted.get(name);
    if (wanted === undefined) return [];
    const cleaners = (wanted.cleanedBy ?? []).flatMap((addon) => this.before(addon));
    const dependsOn = cleaners.length > 0 ? cleaners.reduce(joined) : [...this.#args.after];
    const own = `${this.#args.cluster.name}.addons-${name}`;
    const namespace = this.namespaces.get(name) ?? makeNamespace(own, wanted, { parent: this, dependsOn });
    this.namespaces.set(name, namespace);
    return [namespace];
  }

  /** The cluster as its add-ons see it. */
  target(): AddonTarget {
    const args = this.#args;
    return { ...args, trust: args.trust.forCluster(args.cluster.name) };
  }

  private install({ addon, config }: SelectedAddon): InstalledAddon {
    const args = this.#args;
    const needed = [...addon.needs, ...(addon.uses ?? [])].flatMap((need) => this.before(need));
    const first = needed.length > 0 ? needed.reduce(joined) : [...args.after];
    const after = joined(first, this.namespace(addon.namespace.name));
    const own = { ...this.target(), source: args.source, onError: this.#onError, config, after };
    const resource = addon.install(own, { parent: this });
    this.addons.set(addon.name, resource);
    return resource;
  }

  /** Within the network nothing is ready before there are nodes: there, it is enough that the other is installed. */
  private before(need: string): pulumi.Output<pulumi.Resource[]>[] {
    const other = this.addons.get(need);
    if (other === undefined) return [];
    return [other.isComplete ? other.ready : other.installed];
  }
}

/** Helm says that a release did not become ready, and not why: its pods' events do. */
function failureHint(cluster: string): pulumi.ErrorHook {
  return new pulumi.ErrorHook(`${cluster}.failure-hint`, ({ name, newInputs }) => {
    const namespace = String(newInputs?.namespace ?? "");
    pulumi.log.warn(
      `${name}: the release stays as it is. Its events say why it failed: with the kubeconfig of cluster ${cluster}, ` +
        `kubectl -n ${namespace} get events --sort-by=.lastTimestamp; the next "up" goes on from there`,
    );
    return false;
  });
}

/** The gates between waves: ConfigMaps on the control cluster, in a namespace of the stack's own. */
class WaveGates extends pulumi.ComponentResource {
  private readonly namespace: kubernetes.core.v1.Namespace;

  constructor(
    private readonly gates: string,
    private readonly fleet: FleetPlan,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("openchoreo:addons:WaveGates", gates, {}, opts);
    const own = { name: fleet.namespace, podSecurity: "restricted" } as const;
    this.namespace = makeNamespace(`${gates}-namespace`, own, { parent: this });
    this.registerOutputs();
  }

  /** The gate at the end of a wave. Its content never changes: a cluster more or less is no change of the gate. */
  close(wave: number, clusters: readonly pulumi.Output<pulumi.Resource[]>[]): pulumi.Resource {
    const nothing = pulumi.output<pulumi.Resource[]>([]);
    return new kubernetes.core.v1.ConfigMap(
      `${this.gates}-${wave}`,
      {
        metadata: { name: `wave-${wave}`, namespace: this.namespace.metadata.name },
        data: { stack: this.fleet.stack, wave: String(wave) },
      },
      { parent: this, dependsOn: clusters.reduce(joined, nothing) },
    );
  }
}
