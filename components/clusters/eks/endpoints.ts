import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { NetworkPlan } from "../../fleet";

/**
 * Services that nodes, operators and Pod Identity call, reached without leaving the network: images, credentials and keys
 * then do not depend on NAT, and nothing is paid for their traffic through it.
 */
const SERVICES = ["ec2", "ecr.api", "ecr.dkr", "eks-auth", "kms", "logs", "sqs", "sts"] as const;

/** Arguments of {@link makeEndpoints}. */
export interface EndpointsArgs {
  readonly plan: NetworkPlan;
  readonly vpcId: pulumi.Output<string>;
  readonly subnetIds: readonly pulumi.Output<string>[];
  readonly routeTableIds: readonly pulumi.Output<string>[];
  readonly group: aws.ec2.SecurityGroup;
}

/** Makes the endpoints of a network. */
export function makeEndpoints(name: string, args: EndpointsArgs, opts: pulumi.CustomResourceOptions): void {
  const { plan, vpcId, group } = args;
  gatewayEndpoint(name, args, opts);
  const admitted = {
    cidrIpv4: plan.cidr,
    ipProtocol: "tcp",
    fromPort: 443,
    toPort: 443,
  } satisfies Partial<aws.vpc.SecurityGroupIngressRuleArgs>;
  const description = "Nodes and pods to AWS services";
  new aws.vpc.SecurityGroupIngressRule(
    `${name}-endpoints-https`,
    { securityGroupId: group.id, description, ...admitted },
    opts,
  );
  const inside = {
    privateDnsEnabled: true,
    subnetIds: [...args.subnetIds],
    securityGroupIds: [group.id],
  } satisfies Partial<aws.ec2.VpcEndpointArgs>;
  for (const short of SERVICES) {
    new aws.ec2.VpcEndpoint(
      `${name}-${short.replace(".", "-")}`,
      { vpcId, vpcEndpointType: "Interface", ...inside, ...service(plan, short) },
      opts,
    );
  }
}

/** The way to S3, where images, charts and states are; it stands in route tables and costs nothing. */
export function gatewayEndpoint(
  name: string,
  { plan, vpcId, routeTableIds }: Pick<EndpointsArgs, "plan" | "vpcId" | "routeTableIds">,
  opts: pulumi.CustomResourceOptions,
): void {
  const gateway = {
    vpcEndpointType: "Gateway",
    routeTableIds: [...routeTableIds],
  } satisfies Partial<aws.ec2.VpcEndpointArgs>;
  new aws.ec2.VpcEndpoint(`${name}-s3`, { vpcId, ...gateway, ...service(plan, "s3") }, opts);
}

function service({ region, physicalName }: NetworkPlan, short: string) {
  return {
    serviceName: `com.amazonaws.${region}.${short}`,
    tags: { Name: `${physicalName}-${short}` },
  } satisfies Partial<aws.ec2.VpcEndpointArgs>;
}
