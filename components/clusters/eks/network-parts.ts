import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { NetworkPlan } from "../../fleet";

const EVERYWHERE = "0.0.0.0/0";

/** Tags that say what subnets are for; services of AWS and operators look for them. */
export interface SubnetPurposes {
  readonly public: Readonly<Record<string, string>>;
  readonly private: Readonly<Record<string, string>>;
}

/** A private subnet and its way out. */
export interface PrivateSubnet {
  readonly zone: string;
  readonly subnet: aws.ec2.Subnet;
  readonly table: aws.ec2.RouteTable;
  readonly wayOut: readonly pulumi.Resource[];
}

/** A VPC that starts closed: its default security group admits nothing. */
export function makeVpc(name: string, plan: NetworkPlan, opts: pulumi.CustomResourceOptions): aws.ec2.Vpc {
  const { physicalName, cidr: cidrBlock } = plan;
  const vpc = new aws.ec2.Vpc(
    name,
    {
      cidrBlock,
      // Names of endpoints resolve to their private addresses only so.
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags: { Name: physicalName },
    },
    opts,
  );
  // Every VPC has this group, and what is started without another one gets it.
  const group = { vpcId: vpc.id, tags: { Name: `${physicalName}-default` } } satisfies aws.ec2.DefaultSecurityGroupArgs;
  new aws.ec2.DefaultSecurityGroup(`${name}-default`, group, opts);
  return vpc;
}

/** What {@link NetworkParts} are parts of. */
export interface NetworkPartsArgs {
  readonly plan: NetworkPlan;
  readonly vpcId: pulumi.Output<string>;
  readonly purposes: SubnetPurposes;
}

/** Makes the parts of a network over three zones: public subnets for load balancers and NAT, private ones for the rest. */
export class NetworkParts {
  private readonly plan: NetworkPlan;
  private readonly vpcId: pulumi.Output<string>;

  constructor(
    private readonly name: string,
    private readonly args: NetworkPartsArgs,
    private readonly opts: pulumi.CustomResourceOptions,
  ) {
    this.plan = args.plan;
    this.vpcId = args.vpcId;
  }

  tags(part: string): Record<string, string> {
    return { Name: `${this.plan.physicalName}-${part}` };
  }

  /** Admits nothing, and lets nothing out, until rules say what. */
  securityGroup(part: string, description: string, tags: Record<string, string> = {}): aws.ec2.SecurityGroup {
    const all = { ...this.tags(part), ...tags };
    return new aws.ec2.SecurityGroup(`${this.name}-${part}`, { vpcId: this.vpcId, description, tags: all }, this.opts);
  }

  /** Public subnets by zone, and their way to the internet. What is in them has a public address only by its own wish. */
  publicSubnets(): ReadonlyMap<string, aws.ec2.Subnet> {
    const { name, vpcId, opts } = this;
    const gateway = new aws.ec2.InternetGateway(`${name}-internet`, { vpcId, tags: this.tags("internet") }, opts);
    const table = this.routeTable("public", { gatewayId: gateway.id }).table;
    return new Map(
      this.plan.zones.map(({ id, public: cidr }) => {
        const subnet = this.subnet(`public-${id}`, id, cidr, this.args.purposes.public);
        this.associate(`public-${id}`, subnet, table);
        return [id, subnet] as const;
      }),
    );
  }

  /** One in each zone, so that a zone's loss takes nothing from the others; or one for all, at a third of the cost. */
  natGateways(publicSubnets: ReadonlyMap<string, aws.ec2.Subnet>): ReadonlyMap<string, aws.ec2.NatGateway> {
    const { name, plan, opts } = this;
    const zones = plan.natPerZone ? plan.zones : plan.zones.slice(0, 1);
    return new Map(
      zones.map(({ id }) => {
        const subnet = publicSubnets.get(id);
        if (subnet === undefined) throw new Error(`no public subnet in zone ${id}`);
        const tags = this.tags(`nat-${id}`);
        const address = new aws.ec2.Eip(`${name}-nat-${id}-address`, { domain: "vpc", tags }, opts);
        const nat = { allocationId: address.id, subnetId: subnet.id, tags } satisfies aws.ec2.NatGatewayArgs;
        return [id, new aws.ec2.NatGateway(`${name}-nat-${id}`, nat, opts)] as const;
      }),
    );
  }

  privateSubnets(nats: ReadonlyMap<string, aws.ec2.NatGateway>): PrivateSubnet[] {
    const [shared] = nats.values();
    return this.plan.zones.map(({ id, private: cidr, reserved }) => {
      const nat = nats.get(id) ?? shared;
      if (nat === undefined) throw new Error(`no NAT for zone ${id}`);
      const subnet = this.subnet(`private-${id}`, id, cidr, this.args.purposes.private);
      const { table, route } = this.routeTable(`private-${id}`, { natGatewayId: nat.id });
      const ways = [this.associate(`private-${id}`, subnet, table), route, this.reserve(id, subnet, reserved)];
      return { zone: id, subnet, table, wayOut: ways };
    });
  }

  private subnet(part: string, zone: string, cidr: string, purpose: Readonly<Record<string, string>>) {
    const tags = { ...this.tags(part), ...purpose };
    const { vpcId } = this;
    return new aws.ec2.Subnet(
      `${this.name}-${part}`,
      { vpcId, availabilityZoneId: zone, cidrBlock: cidr, tags },
      this.opts,
    );
  }

  /** Keeps nodes and pods off the end of a private subnet, so that load balancers may have fixed addresses there. */
  private reserve(zone: string, subnet: aws.ec2.Subnet, cidrBlock: string): pulumi.Resource {
    const reservation = {
      subnetId: subnet.id,
      cidrBlock,
      reservationType: "explicit",
      description: "Load balancers with a fixed address",
    } satisfies aws.ec2.SubnetCidrReservationArgs;
    return new aws.ec2.SubnetCidrReservation(`${this.name}-private-${zone}-reserved`, reservation, this.opts);
  }

  /** A route table with its way out; more routes are resources of their own, so that each link adds its own. */
  private routeTable(
    part: string,
    target: { gatewayId: pulumi.Output<string> } | { natGatewayId: pulumi.Output<string> },
  ) {
    const { name, vpcId, opts } = this;
    const table = new aws.ec2.RouteTable(`${name}-${part}-routes`, { vpcId, tags: this.tags(part) }, opts);
    const out = { routeTableId: table.id, destinationCidrBlock: EVERYWHERE, ...target } satisfies aws.ec2.RouteArgs;
    return { table, route: new aws.ec2.Route(`${name}-${part}-out`, out, opts) };
  }

  private associate(part: string, subnet: aws.ec2.Subnet, table: aws.ec2.RouteTable): pulumi.Resource {
    const pair = { subnetId: subnet.id, routeTableId: table.id } satisfies aws.ec2.RouteTableAssociationArgs;
    return new aws.ec2.RouteTableAssociation(`${this.name}-${part}-association`, pair, this.opts);
  }
}
