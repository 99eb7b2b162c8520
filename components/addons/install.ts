import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterConnection, Connections } from "../clusters";
import type { FleetPlan, PlannedCluster } from "../fleet";
import type { PlatformSettings } from "../settings";
import type { MeshTrust } from "../trust";
import { makeNamespace } from "./addon";
import { chartSource } from "./charts";
import { type SelectedAddon, selectAddons } from "./select";

/** Arguments of {@link installAddons}. */
export interface InstallAddonsArgs {
  readonly fleet: FleetPlan;
  readonly platform: PlatformSettings;
  readonly connections: Connections;
  readonly trust: MeshTrust;
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
  const gates = new WaveGates(
    `${fleet.stack}-waves`,
    { stack: fleet.stack },
    { providers: [connections.control.provider] },
  );
  let before: pulumi.Resource[] = [];
  fleet.waves.forEach((names, wave) => {
    const clusters = fleet.clusters.filter((cluster) => names.includes(cluster.name));
    for (const cluster of clusters) {
      const connection = connections.clusters.get(cluster.name);
      if (connection === undefined) throw new Error(`no connection to cluster "${cluster.name}"`);
      const addons = new ClusterAddons(
        cluster.name,
        { ...args, cluster, connection, selected, after: before },
        { providers: [connection.provider] },
      );
      installed.set(cluster.name, addons);
    }
    before = [
      gates.close(
        wave,
        clusters.flatMap((cluster) => installed.get(cluster.name) ?? []),
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
  /** By name of the add-on. */
  readonly addons: ReadonlyMap<string, pulumi.Resource>;

  constructor(name: string, args: ClusterAddonsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:addons:ClusterAddons", name, {}, opts);
    const { cluster, fleet, connection, platform } = args;
    const target = { cluster, fleet, connection, trust: args.trust.forCluster(cluster.name) };
    const source = chartSource(platform.charts.mirror);
    const addons = new Map<string, pulumi.Resource>();
    for (const { addon, config } of args.selected.filter((entry) => entry.addon.on(cluster))) {
      const needed = addon.needs.flatMap((need) => addons.get(need) ?? []);
      const after = needed.length > 0 ? needed : args.after;
      addons.set(addon.name, addon.install({ ...target, source, config, after }, { parent: this }));
    }
    this.addons = addons;
    this.registerOutputs();
  }
}

/** The gates between waves: ConfigMaps on the control cluster, in a namespace of the stack's own. */
class WaveGates extends pulumi.ComponentResource {
  private readonly namespace: kubernetes.core.v1.Namespace;

  constructor(
    private readonly gates: string,
    private readonly args: { readonly stack: string },
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("openchoreo:addons:WaveGates", gates, {}, opts);
    this.namespace = makeNamespace(
      gates,
      { name: `openchoreo-${args.stack}`, podSecurity: "restricted" },
      { parent: this },
    );
    this.registerOutputs();
  }

  /** The gate at the end of a wave. Its content never changes: a cluster more or less is no change of the gate. */
  close(wave: number, clusters: readonly pulumi.Resource[]): pulumi.Resource {
    return new kubernetes.core.v1.ConfigMap(
      `${this.gates}-${wave}`,
      {
        metadata: { name: `wave-${wave}`, namespace: this.namespace.metadata.name },
        data: { stack: this.args.stack, wave: String(wave) },
      },
      { parent: this, dependsOn: [...clusters] },
    );
  }
}
