import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { admit, awsProvider, tagsOf, trafficTo } from "../clusters";
import { type FleetPlan, pairs } from "../fleet";
import { PLANES } from "../settings";
import type { NetworkMember } from "./network-link";

/** A transit gateway: the hub of one region. */
interface Hub {
  readonly region: string;
  readonly gateway: aws.ec2transitgateway.TransitGateway;
  readonly provider: aws.Provider;
}

/** Arguments of {@link NetworkHubs}. */
export interface NetworkHubsArgs {
  readonly fleet: FleetPlan;
  readonly members: readonly NetworkMember[];
}

/**
 * Joins the networks of the mesh by a transit gateway in each region. A cluster more is one attachment, and routes to it
 * in the hubs of the other regions; the networks of the others have one route for all, and stay as they are.
 */
export class NetworkHubs extends pulumi.ComponentResource {
  private readonly hubs: readonly Hub[];
  /** Accepted attachments by which two regions' hubs reach each other, by both regions. */
  private readonly ways = new Map<string, pulumi.Output<string>>();

  constructor(
    private readonly hub: string,
    { fleet, members }: NetworkHubsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("openchoreo:mesh:NetworkHubs", hub, {}, opts);
    // In alphabetical order: a pair of regions has the same name whichever cluster comes first.
    const regions = [...new Set(members.map(({ cloud }) => cloud.region))].sort();
    this.hubs = regions.map((region) => this.makeHub(region, fleet));
    for (const [one, other] of pairs(regions)) this.joinRegions(one, other);
    const supernet = fleet.aws?.supernet ?? fleet.mesh.nativeRange;
    for (const member of members) this.join(member, supernet);
    this.registerOutputs();
  }

  private makeHub(region: string, fleet: FleetPlan): Hub {
    const name = `${this.hub}.${region}`;
    const provider = awsProvider(
      `${name}-aws`,
      { region, tags: tagsOf(fleet, "fleet"), accountId: fleet.aws?.accountId },
      this,
    );
    const gateway = new aws.ec2transitgateway.TransitGateway(
      name,
      { description: `Networks of ${fleet.stack} in ${region}`, tags: { Name: `${fleet.stack}-${region}` } },
      { parent: this, provider },
    );
    return { region, gateway, provider };
  }

  private joinRegions(one: string, other: string): void {
    const [from, to] = [this.hubOf(one), this.hubOf(other)];
    const name = `${this.hub}.${one}.${other}`;
    const tags = { Name: name };
    const ends = {
      transitGatewayId: from.gateway.id,
      peerTransitGatewayId: to.gateway.id,
      peerRegion: to.region,
    } satisfies Partial<aws.ec2transitgateway.PeeringAttachmentArgs>;
    const attachment = new aws.ec2transitgateway.PeeringAttachment(
      name,
      { ...ends, tags },
      { parent: this, provider: from.provider },
    );
    const accepted = new aws.ec2transitgateway.PeeringAttachmentAccepter(
      `${name}-accepter`,
      { transitGatewayAttachmentId: attachment.id, tags },
      { parent: this, provider: to.provider },
    );
    // From its output, as nothing is routed over an attachment that is not accepted yet.
    this.ways.set(`${one} ${other}`, accepted.transitGatewayAttachmentId);
    this.ways.set(`${other} ${one}`, accepted.transitGatewayAttachmentId);
  }

  private join({ cluster, cloud }: NetworkMember, supernet: string): void {
    const name = `${cluster.name}.hub`;
    const { network, provider } = cloud;
    const own = { parent: this, provider };
    const { gateway } = this.hubOf(cloud.region);
    const attachment = new aws.ec2transitgateway.VpcAttachment(
      name,
      {
        transitGatewayId: gateway.id,
        vpcId: cloud.vpcId,
        subnetIds: cloud.privateSubnetIds.apply((ids) => [...ids]),
        tags: { Name: name },
      },
      own,
    );
    for (const [zone, routeTableId] of network.routeTableIds) {
      const route = {
        routeTableId,
        destinationCidrBlock: supernet,
        transitGatewayId: gateway.id,
      } satisfies aws.ec2.RouteArgs;
      new aws.ec2.Route(`${name}-${zone}`, route, { ...own, dependsOn: [attachment] });
    }
    // By the range of the mesh: a rule for each sender would fill a security group at a dozen clusters.
    const traffic = trafficTo(cluster, { planes: PLANES });
    admit(name, { traffic, cidr: supernet, groups: network.groups }, own);
    for (const other of this.hubs.filter(({ region }) => region !== cloud.region)) {
      const way = this.ways.get(`${other.region} ${cloud.region}`);
      if (way === undefined) throw new Error(`no way from ${other.region} to ${cloud.region}`);
      new aws.ec2transitgateway.Route(
        `${name}-from-${other.region}`,
        {
          transitGatewayRouteTableId: other.gateway.associationDefaultRouteTableId,
          destinationCidrBlock: network.cidr,
          transitGatewayAttachmentId: way,
        },
        { parent: this, provider: other.provider },
      );
    }
  }

  private hubOf(region: string): Hub {
    const found = this.hubs.find((hub) => hub.region === region);
    if (found === undefined) throw new Error(`no hub in ${region}`);
    return found;
  }
}
