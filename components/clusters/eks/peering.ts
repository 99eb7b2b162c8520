import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** One end of a peering. */
export interface PeeringSide {
  /** Name of the network, for the names of its routes. */
  readonly name: string;
  readonly region: string;
  /** The provider of its region. */
  readonly provider: aws.Provider;
  readonly vpcId: pulumi.Input<string>;
  readonly cidr: string;
  /** Route tables that get a route to the other end, by the names that tell them apart. */
  readonly routeTables: ReadonlyMap<string, pulumi.Input<string>>;
}

/** Arguments of {@link VpcPeering}. */
export interface VpcPeeringArgs {
  readonly requester: PeeringSide;
  readonly accepter: PeeringSide;
}

/** Joins two networks, in one region or in two, with routes on both sides. */
export class VpcPeering extends pulumi.ComponentResource {
  /** The routes: traffic flows when they are there. */
  readonly routes: readonly pulumi.Resource[];

  constructor(name: string, { requester, accepter }: VpcPeeringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:clusters:VpcPeering", name, {}, opts);
    const tags = { Name: name };
    const connection = new aws.ec2.VpcPeeringConnection(
      name,
      {
        vpcId: requester.vpcId,
        peerVpcId: accepter.vpcId,
        // A connection within a region must not name it, and one between regions is accepted on the other side only.
        peerRegion: requester.region === accepter.region ? undefined : accepter.region,
        autoAccept: false,
        tags,
      },
      { parent: this, provider: requester.provider },
    );
    const accepted = new aws.ec2.VpcPeeringConnectionAccepter(
      `${name}-accepter`,
      { vpcPeeringConnectionId: connection.id, autoAccept: true, tags },
      { parent: this, provider: accepter.provider },
    );
    const routes = (side: PeeringSide, other: PeeringSide) =>
      [...side.routeTables].map(
        ([table, routeTableId]) =>
          new aws.ec2.Route(
            `${name}-${side.name}-${table}`,
            { routeTableId, destinationCidrBlock: other.cidr, vpcPeeringConnectionId: accepted.vpcPeeringConnectionId },
            { parent: this, provider: side.provider },
          ),
      );
    this.routes = [...routes(requester, accepter), ...routes(accepter, requester)];
    this.registerOutputs({ connectionId: connection.id });
  }
}
