import * as pulumi from "@pulumi/pulumi";
import { type AwsCloud, admit, type PeeringSide, trafficTo, VpcPeering } from "../clusters";
import type { PlannedCluster } from "../fleet";

/** A cluster of the mesh whose network this program made. */
export interface NetworkMember {
  readonly cluster: PlannedCluster;
  readonly cloud: AwsCloud;
}

/** Arguments of {@link NetworkLink}. */
export interface NetworkLinkArgs {
  readonly one: NetworkMember;
  readonly other: NetworkMember;
}

/** Joins the networks of two clusters, and admits on each side what the other one sends of the platform's traffic. */
export class NetworkLink extends pulumi.ComponentResource {
  constructor(name: string, { one, other }: NetworkLinkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:mesh:NetworkLink", name, {}, opts);
    new VpcPeering(`${name}-peering`, { requester: sideOf(one), accepter: sideOf(other) }, { parent: this });
    for (const [receiver, sender] of [
      [one, other],
      [other, one],
    ] as const) {
      admit(
        `${name}-to-${receiver.cluster.name}`,
        {
          traffic: trafficTo(receiver.cluster, sender.cluster),
          cidr: sender.cloud.network.cidr,
          groups: receiver.cloud.network.groups,
        },
        { parent: this, provider: receiver.cloud.provider },
      );
    }
    this.registerOutputs();
  }
}

function sideOf({ cluster, cloud }: NetworkMember): PeeringSide {
  const { region, provider, vpcId, network } = cloud;
  return { name: cluster.name, region, provider, vpcId, cidr: network.cidr, routeTables: network.routeTableIds };
}
