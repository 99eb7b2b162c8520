import type { FleetAddons } from "../addons";
import { type FleetPlan, pairs } from "../fleet";
import { NetworkHubs } from "./network-hubs";
import { NetworkLink, type NetworkMember } from "./network-link";

/** Arguments of {@link linkNetworks}. */
export interface LinkNetworksArgs {
  readonly fleet: FleetPlan;
  /** The clusters, with the clouds that they are in. */
  readonly addons: FleetAddons;
}

/**
 * Joins the networks of the mesh that this program made, as `aws.peering` says: each with each, or by hubs. Whoever owns
 * an existing cluster joins its network.
 */
export function linkNetworks({ fleet, addons }: LinkNetworksArgs): void {
  const members = fleet.clusters.flatMap((cluster): NetworkMember[] => {
    const cloud = addons.get(cluster.name)?.connection.cloud;
    return cloud === undefined || cluster.mesh === undefined ? [] : [{ cluster, cloud }];
  });
  if (members.length < 2) return;
  if (fleet.aws?.peering === "transit-gateway") {
    new NetworkHubs("hub", { fleet, members });
    return;
  }
  // In alphabetical order: a link has the same name, and the same side asks for it, whichever cluster changes first. AWS has
  // one peering of two networks, so that another name could not be made before the old one goes.
  const sorted = members.toSorted((a, b) => (a.cluster.name < b.cluster.name ? -1 : 1));
  for (const [one, other] of pairs(sorted)) {
    new NetworkLink(`link.${one.cluster.name}.${other.cluster.name}`, { one, other });
  }
}
