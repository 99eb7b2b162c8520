import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  administration,
  customerKey,
  gatewayEndpoint,
  logsUse,
  makeFlowLogs,
  makeVpc,
  NetworkParts,
  type Place,
} from "../clusters";
import type { NetworkPlan } from "../fleet";

/** Arguments of {@link RunnerNetwork}. */
export interface RunnerNetworkArgs extends Place {
  readonly plan: NetworkPlan;
}

/**
 * A small network to run `pulumi up` in. Each cluster's network is peered with it, and admits it to port 443 of its API
 * server. Nothing is admitted from outside: a runner asks for its work.
 */
export class RunnerNetwork extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  /** Where runners go, one a zone. */
  readonly subnetIds: readonly pulumi.Output<string>[];
  /** What gets a route to each cluster. */
  readonly routeTableIds: readonly pulumi.Output<string>[];
  /** What runners get. */
  readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, { plan, ...place }: RunnerNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:bootstrap:RunnerNetwork", name, {}, opts);
    const own = { parent: this };
    const vpc = makeVpc(name, plan, own);
    this.vpcId = vpc.id;
    const parts = new NetworkParts(name, { plan, vpcId: vpc.id, purposes: { public: {}, private: {} } }, own);
    const subnets = parts.privateSubnets(parts.natGateways(parts.publicSubnets()));
    this.subnetIds = subnets.map(({ subnet }) => subnet.id);
    this.routeTableIds = subnets.map(({ table }) => table.id);
    gatewayEndpoint(name, { plan, vpcId: vpc.id, routeTableIds: this.routeTableIds }, own);
    const group = parts.securityGroup("runners", "Where pulumi up runs");
    this.securityGroupId = group.id;
    const out = {
      cidrIpv4: "0.0.0.0/0",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    } satisfies Partial<aws.vpc.SecurityGroupEgressRuleArgs>;
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-https`,
      { securityGroupId: group.id, description: "API servers, AWS, charts and Git", ...out },
      own,
    );
    const key = customerKey(
      `${name}-logs-key`,
      {
        description: `${plan.physicalName}: flow logs`,
        policy: [administration(place), logsUse(place)],
        alias: `${plan.physicalName}-logs`,
      },
      own,
    );
    makeFlowLogs(name, { ...place, plan, vpcId: vpc.id, keyArn: key.arn }, own);
    this.registerOutputs({ vpcId: this.vpcId });
  }
}
