import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { EksPlan, PlannedZone } from "../../fleet";
import { makeEndpoints } from "./endpoints";
import { makeFlowLogs } from "./flow-logs";
import type { Place } from "./keys";

/** Arguments of {@link EksNetwork}. */
export interface EksNetworkArgs extends Place {
  readonly plan: EksPlan;
  /** Encrypts the flow logs. */
  readonly keyArn: pulumi.Input<string>;
}

const EVERYWHERE = "0.0.0.0/0";

/** A private subnet and its way out. */
interface PrivateSubnet {
  readonly zone: string;
  readonly subnet: aws.ec2.Subnet;
  readonly table: aws.ec2.RouteTable;
  readonly wayOut: readonly pulumi.Resource[];
}

/** A VPC over three zones: private subnets for nodes and pods, public ones for load balancers and NAT. */
export class EksNetwork extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  /** Subnets of nodes and pods, one a zone. */
  readonly privateSubnetIds: readonly pulumi.Output<string>[];
  /** Route tables of the private subnets, by zone id. */
  readonly routeTableIds: ReadonlyMap<string, pulumi.Output<string>>;
  /** What nodes and pods accept of other networks. */
  readonly nodesGroup: aws.ec2.SecurityGroup;
  /** What the API server accepts of other networks. */
  readonly apiGroup: aws.ec2.SecurityGroup;
  /** The way out of the private subnets, without which nodes cannot join. */
  readonly wayOut: readonly pulumi.Resource[];

  constructor(name: string, args: EksNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:clusters:EksNetwork", name, {}, opts);
    const { plan } = args;
    const vpc = new aws.ec2.Vpc(
      name,
      {
        cidrBlock: plan.cidr,
        // Names of endpoints resolve to their private addresses only so.
        enableDnsHostnames: true,
        enableDnsSupport: true,
        tags: { Name: plan.physicalName },
      },
      { parent: this },
    );
    this.vpcId = vpc.id;
    const parts = new NetworkParts(name, plan, vpc.id, this);
    // Every VPC has this group, and what is started without another one gets it: it shall admit nothing.
    new aws.ec2.DefaultSecurityGroup(
      `${name}-default`,
      { vpcId: vpc.id, tags: parts.tags("default") },
      { parent: this },
    );
    const subnets = parts.privateSubnets(parts.natGateways(parts.publicSubnets()));
    this.privateSubnetIds = subnets.map(({ subnet }) => subnet.id);
    this.routeTableIds = new Map(subnets.map(({ zone, table }) => [zone, table.id]));
    this.wayOut = subnets.flatMap(({ wayOut }) => wayOut);
    this.nodesGroup = parts.securityGroup("nodes", "What nodes and pods accept of other networks", {
      // By this tag Karpenter finds what its nodes get.
      "karpenter.sh/discovery": plan.physicalName,
    });
    this.apiGroup = parts.securityGroup("api", "What the API server accepts of other networks");
    const endpoints = parts.securityGroup("endpoints", "Endpoints of AWS services");
    const { vpcId, privateSubnetIds: subnetIds } = this;
    const routeTableIds = [...this.routeTableIds.values()];
    makeEndpoints(name, { plan, vpcId, subnetIds, routeTableIds, group: endpoints }, { parent: this });
    makeFlowLogs(name, { ...args, vpcId }, { parent: this });
    this.registerOutputs({ vpcId, privateSubnetIds: subnetIds });
  }
}

/** Makes the parts of a network. */
class NetworkParts {
  private readonly opts: pulumi.CustomResourceOptions;

  constructor(
    private readonly name: string,
    private readonly plan: EksPlan,
    private readonly vpcId: pulumi.Output<string>,
    parent: pulumi.Resource,
  ) {
    this.opts = { parent };
  }

  tags(part: string): Record<string, string> {
    return { Name: `${this.plan.physicalName}-${part}` };
  }

  /** Admits nothing until rules say what; nodes may go out by the group that EKS makes. */
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
        const subnet = this.subnet(`public-${id}`, id, cidr, { "kubernetes.io/role/elb": "1" });
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
        const nat = { allocationId: address.id, subnetId: subnet.id, tags };
        return [id, new aws.ec2.NatGateway(`${name}-nat-${id}`, nat, opts)] as const;
      }),
    );
  }

  privateSubnets(nats: ReadonlyMap<string, aws.ec2.NatGateway>): PrivateSubnet[] {
    const [shared] = nats.values();
    const purpose = {
      "kubernetes.io/role/internal-elb": "1",
      // By this tag Karpenter finds where its nodes go.
      "karpenter.sh/discovery": this.plan.physicalName,
    };
    return this.plan.zones.map(({ id, private: cidr, reserved }) => {
      const nat = nats.get(id) ?? shared;
      if (nat === undefined) throw new Error(`no NAT for zone ${id}`);
      const subnet = this.subnet(`private-${id}`, id, cidr, purpose);
      const { table, route } = this.routeTable(`private-${id}`, { natGatewayId: nat.id });
      const ways = [this.associate(`private-${id}`, subnet, table), route, this.reserve(id, subnet, reserved)];
      return { zone: id, subnet, table, wayOut: ways };
    });
  }

  private subnet(part: string, zone: PlannedZone["id"], cidr: string, purpose: Record<string, string>) {
    const tags = { ...this.tags(part), ...purpose };
    const { vpcId } = this;
    return new aws.ec2.Subnet(
      `${this.name}-${part}`,
      { vpcId, availabilityZoneId: zone, cidrBlock: cidr, tags },
      this.opts,
    );
  }

  /** Keeps nodes and pods off the end of a private subnet, so that load balancers may have fixed addresses there. */
  private reserve(zone: PlannedZone["id"], subnet: aws.ec2.Subnet, cidrBlock: string): pulumi.Resource {
    const reservation = {
      subnetId: subnet.id,
      cidrBlock,
      reservationType: "explicit",
      description: "Load balancers with a fixed address",
    };
    return new aws.ec2.SubnetCidrReservation(`${this.name}-private-${zone}-reserved`, reservation, this.opts);
  }

  /** A route table with its way out; more routes are resources of their own, so that each link adds its own. */
  private routeTable(
    part: string,
    target: { gatewayId: pulumi.Output<string> } | { natGatewayId: pulumi.Output<string> },
  ) {
    const { name, vpcId, opts } = this;
    const table = new aws.ec2.RouteTable(`${name}-${part}-routes`, { vpcId, tags: this.tags(part) }, opts);
    const out = { routeTableId: table.id, destinationCidrBlock: EVERYWHERE, ...target };
    return { table, route: new aws.ec2.Route(`${name}-${part}-out`, out, opts) };
  }

  private associate(part: string, subnet: aws.ec2.Subnet, table: aws.ec2.RouteTable): pulumi.Resource {
    const pair = { subnetId: subnet.id, routeTableId: table.id };
    return new aws.ec2.RouteTableAssociation(`${this.name}-${part}-association`, pair, this.opts);
  }
}
