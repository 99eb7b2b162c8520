import type { FleetAddons } from "../addons";
import type { FleetPlan } from "../fleet";
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
  const byName = new Map(members.map((member) => [member.cluster.name, member]));
  for (const [a, b] of fleet.mesh.links) {
    const [one, other] = [byName.get(a), byName.get(b)];
    if (one !== undefined && other !== undefined) new NetworkLink(`link.${a}.${b}`, { one, other });
  }
}
