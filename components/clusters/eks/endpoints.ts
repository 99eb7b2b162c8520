import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { EksPlan } from "../../fleet";

/**
 * Services that nodes, operators and Pod Identity call, reached without leaving the network: images, credentials and keys
 * then do not depend on NAT, and nothing is paid for their traffic through it.
 */
const SERVICES = ["ec2", "ecr.api", "ecr.dkr", "eks-auth", "kms", "logs", "sqs", "sts"] as const;

/** Arguments of {@link makeEndpoints}. */
export interface EndpointsArgs {
  readonly plan: EksPlan;
  readonly vpcId: pulumi.Output<string>;
  readonly subnetIds: readonly pulumi.Output<string>[];
  readonly routeTableIds: readonly pulumi.Output<string>[];
  readonly group: aws.ec2.SecurityGroup;
}

/** Makes the endpoints of a network. */
export function makeEndpoints(name: string, args: EndpointsArgs, opts: pulumi.CustomResourceOptions): void {
  const { plan, vpcId, group } = args;
  const service = (short: string) => {
    return { serviceName: `com.amazonaws.${plan.region}.${short}`, tags: { Name: `${plan.physicalName}-${short}` } };
  };
  // Endpoints of this type stand in route tables; they cost nothing, and images come from S3.
  const gateway = { vpcEndpointType: "Gateway", routeTableIds: [...args.routeTableIds] };
  new aws.ec2.VpcEndpoint(`${name}-s3`, { vpcId, ...gateway, ...service("s3") }, opts);
  const admitted = { cidrIpv4: plan.cidr, ipProtocol: "tcp", fromPort: 443, toPort: 443 };
  const description = "Nodes and pods to AWS services";
  new aws.vpc.SecurityGroupIngressRule(
    `${name}-endpoints-https`,
    { securityGroupId: group.id, description, ...admitted },
    opts,
  );
  const inside = { privateDnsEnabled: true, subnetIds: [...args.subnetIds], securityGroupIds: [group.id] };
  for (const short of SERVICES) {
    const endpoint = { vpcId, vpcEndpointType: "Interface", ...inside, ...service(short) };
    new aws.ec2.VpcEndpoint(`${name}-${short.replace(".", "-")}`, endpoint, opts);
  }
}
