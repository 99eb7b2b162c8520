import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { EksPlan } from "../../fleet";
import { makeEndpoints } from "./endpoints";
import { makeFlowLogs } from "./flow-logs";
import type { Place } from "./keys";
import { makeVpc, NetworkParts, type SubnetPurposes } from "./network-parts";

/** Arguments of {@link EksNetwork}. */
export interface EksNetworkArgs extends Place {
  readonly plan: EksPlan;
  /** Encrypts the flow logs. */
  readonly keyArn: pulumi.Input<string>;
}

/** A VPC over three zones: private subnets for nodes and pods, public ones for load balancers and NAT. */
export class EksNetwork extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  /** Subnets of nodes and pods, one a zone. */
  readonly privateSubnetIds: readonly pulumi.Output<string>[];
  /** The same, by zone id. */
  readonly subnetIds: ReadonlyMap<string, pulumi.Output<string>>;
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
    const vpc = makeVpc(name, plan, { parent: this });
    this.vpcId = vpc.id;
    const parts = new NetworkParts(name, { plan, vpcId: vpc.id, purposes: purposesOf(plan) }, { parent: this });
    const subnets = parts.privateSubnets(parts.natGateways(parts.publicSubnets()));
    this.privateSubnetIds = subnets.map(({ subnet }) => subnet.id);
    this.subnetIds = new Map(subnets.map(({ zone, subnet }) => [zone, subnet.id]));
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

function purposesOf({ physicalName }: EksPlan): SubnetPurposes {
  return {
    public: { "kubernetes.io/role/elb": "1" },
    // By the second tag Karpenter finds where its nodes go.
    private: { "kubernetes.io/role/internal-elb": "1", "karpenter.sh/discovery": physicalName },
  };
}
