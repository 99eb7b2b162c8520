import type * as pulumi from "@pulumi/pulumi";
import { type FleetAddons, planeAddon } from "../addons";
import type { ClusterConnection, ClusterSources } from "../clusters";
import type { FleetPlan } from "../fleet";

/** The control plane that the fleet's planes are registered with. */
export interface ControlPlaneSite {
  readonly connection: ClusterConnection;
  /** Whether it is a cluster of this fleet, whose stack owns what all fleets of the control plane share. */
  readonly own: boolean;
  /** What objects of OpenChoreo come after: its kinds and its webhooks. Another stack's are there already. */
  readonly ready: pulumi.Input<pulumi.Resource[]>;
}

/** Where the fleet's control plane is, and how it is reached. */
export function controlPlaneOf(fleet: FleetPlan, addons: FleetAddons, clusters: ClusterSources): ControlPlaneSite {
  const { control } = fleet;
  if (control.kind === "own") {
    const own = addons.get(control.cluster);
    if (own === undefined) throw new Error(`no cluster "${control.cluster}"`);
    return { connection: own.connection, own: true, ready: own.ready(planeAddon("control")) };
  }
  const connection = clusters.otherControl();
  if (connection === undefined) throw new Error(`no connection to the control plane of ${control.stack}`);
  return { connection, own: false, ready: [] };
}
