import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterConnection, Connections } from "../clusters";
import type { FleetPlan, PlannedCluster } from "../fleet";
import type { PlatformSettings } from "../settings";
import type { MeshTrust } from "../trust";
import { type AddonResource, joined, makeNamespace } from "./addon";
import { chartSource } from "./charts";
import { type SelectedAddon, selectAddons } from "./select";

/** Arguments of {@link installAddons}. */
export interface InstallAddonsArgs {
  readonly fleet: FleetPlan;
  readonly platform: PlatformSettings;
  readonly connections: Connections;
  readonly trust: MeshTrust;
  /** What relative paths start from. Default: the working directory. */
  readonly root?: string;
}

/** The add-ons of the fleet, by cluster. */
export type FleetAddons = ReadonlyMap<string, ClusterAddons>;

/**
 * Installs on every cluster the add-ons that it asks for, wave by wave: the first resources of a wave wait for one
 * small gate, and the gate for everything of the wave before. A wave that fails stops the later ones.
 */
export function installAddons(args: InstallAddonsArgs): FleetAddons {
  const { fleet, connections } = args;
  const selected = selectAddons(args.platform);
  const installed = new Map<string, ClusterAddons>();
  const gates = new WaveGates("waves", fleet, { providers: [connections.control.provider] });
  let before: pulumi.Resource[] = [];
  fleet.waves.forEach((names, wave) => {
    const clusters = fleet.clusters.filter((cluster) => names.includes(cluster.name));
    for (const cluster of clusters) {
      const connection = connections.clusters.get(cluster.name);
      if (connection === undefined) throw new Error(`no connection to cluster "${cluster.name}"`);
      const addons = new ClusterAddons(
        `${cluster.name}.addons`,
        { ...args, cluster, connection, selected, after: before },
        { providers: [connection.provider] },
      );
      installed.set(cluster.name, addons);
    }
    before = [
      gates.close(
        wave,
        clusters.flatMap((cluster) => installed.get(cluster.name)?.all() ?? []),
      ),
    ];
  });
  return installed;
}

/** Arguments of {@link ClusterAddons}. */
export interface ClusterAddonsArgs extends InstallAddonsArgs {
  readonly cluster: PlannedCluster;
  readonly connection: ClusterConnection;
  /** Add-ons in order; those that are not for this cluster are left out here. */
  readonly selected: readonly SelectedAddon[];
  /** What the first resources wait for. */
  readonly after: readonly pulumi.Resource[];
}

/** Every add-on of one cluster. */
export class ClusterAddons extends pulumi.ComponentResource {
  private readonly addons = new Map<string, AddonResource>();

  constructor(name: string, args: ClusterAddonsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:addons:ClusterAddons", name, {}, opts);
    const { cluster, fleet, connection, platform } = args;
    const target = { cluster, fleet, connection, trust: args.trust.forCluster(cluster.name) };
    const source = chartSource(platform.charts.mirror, args.root);
    for (const { addon, config } of args.selected.filter((entry) => entry.addon.on(cluster))) {
      const needed = addon.needs.flatMap((need) => this.addons.get(need)?.ready ?? []);
      const after = needed.length > 0 ? needed.reduce(joined) : [...args.after];
      this.addons.set(addon.name, addon.install({ ...target, source, config, after }, { parent: this }));
    }
    this.registerOutputs();
  }

  /** What comes after an add-on depends on; nothing where the add-on is not on the cluster. */
  ready(addon: string): pulumi.Input<pulumi.Resource[]> {
    return this.addons.get(addon)?.ready ?? [];
  }

  /** What comes after all of them depends on. */
  all(): pulumi.Output<pulumi.Resource[]>[] {
    return [...this.addons.values()].map(({ ready }) => ready);
  }
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
    this.namespace = makeNamespace(gates, { name: fleet.namespace, podSecurity: "restricted" }, { parent: this });
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
