import * as pulumi from "@pulumi/pulumi";
import type { AwsCloud, PolicyStatement } from "../../../clusters";

/** Tag of every instance that the provider starts. */
const ROLE_TAG = "sigs.k8s.io/cluster-api-provider-aws/role";

/** Suffix of the roles and instance profiles that `clusterawsadm bootstrap iam` makes for machines. */
const ROLES = "*.cluster-api-provider-aws.sigs.k8s.io";

/**
 * What the provider may do for machines on EC2: in this account, in these regions, and without what only its managed
 * clusters and machine pools need. Source: the policy of its controllers that `clusterawsadm bootstrap iam print-policy` shows.
 */
export function providerPolicy(
  cloud: AwsCloud,
  regions: readonly string[],
  volumeKeys: readonly string[],
): PolicyStatement[] {
  const here = { StringEquals: { "aws:RequestedRegion": regions } };
  return [reading(here), ...networks(cloud, here), ...machines(cloud, here), ...roles(cloud), ...keys(volumeKeys)];
}

/** Who starts a machine lets EC2 use the key of its volumes. Source: AWS, "Requirements for Amazon EBS encryption". */
function keys(volumeKeys: readonly string[]): PolicyStatement[] {
  if (volumeKeys.length === 0) return [];
  const use = [
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
  ];
  return [
    { actions: use, resources: volumeKeys },
    {
      actions: ["kms:CreateGrant"],
      resources: volumeKeys,
      conditions: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
}

type Conditions = NonNullable<PolicyStatement["conditions"]>;

function within({ partition, account }: AwsCloud, service: string, what: string): pulumi.Output<string> {
  return pulumi.interpolate`arn:${partition}:${service}:*:${account}:${what}`;
}

/** Reading cannot be narrowed to resources. Source: AWS, Service Authorization Reference. */
function reading(conditions: Conditions): PolicyStatement {
  const ec2 = [
    "AccountAttributes",
    "Addresses",
    "AvailabilityZones",
    "CarrierGateways",
    "DhcpOptions",
    "EgressOnlyInternetGateways",
    "Images",
    "InstanceTypes",
    "Instances",
    "InternetGateways",
    "KeyPairs",
    "NatGateways",
    "NetworkInterfaceAttribute",
    "NetworkInterfaces",
    "RouteTables",
    "SecurityGroups",
    "Subnets",
    "Tags",
    "Volumes",
    "VpcAttribute",
    "VpcEndpoints",
    "Vpcs",
  ];
  const elb = ["Listeners", "LoadBalancerAttributes", "LoadBalancers", "Tags", "TargetGroups", "TargetHealth"];
  return {
    actions: [
      ...ec2.map((what) => `ec2:Describe${what}`),
      ...elb.map((what) => `elasticloadbalancing:Describe${what}`),
      "ec2:GetSecurityGroupsForVpc",
      "tag:GetResources",
    ],
    resources: ["*"],
    conditions,
  };
}

/** The network of a cluster, and the load balancer of its API server. */
function networks(cloud: AwsCloud, conditions: Conditions): PolicyStatement[] {
  const ec2 = [
    "AllocateAddress",
    "AssociateRouteTable",
    "AssociateVpcCidrBlock",
    "AttachInternetGateway",
    "AuthorizeSecurityGroupIngress",
    "CreateInternetGateway",
    "CreateNatGateway",
    "CreateRoute",
    "CreateRouteTable",
    "CreateSecurityGroup",
    "CreateSubnet",
    "CreateTags",
    "CreateVpc",
    "DeleteInternetGateway",
    "DeleteNatGateway",
    "DeleteRouteTable",
    "DeleteSecurityGroup",
    "DeleteSubnet",
    "DeleteTags",
    "DeleteVpc",
    "DetachInternetGateway",
    "DisassociateAddress",
    "DisassociateRouteTable",
    "DisassociateVpcCidrBlock",
    "ModifySubnetAttribute",
    "ModifyVpcAttribute",
    "ReleaseAddress",
    "ReplaceRoute",
    "RevokeSecurityGroupEgress",
    "RevokeSecurityGroupIngress",
  ];
  const elb = [
    "AddTags",
    "CreateListener",
    "CreateLoadBalancer",
    "CreateTargetGroup",
    "DeleteListener",
    "DeleteLoadBalancer",
    "DeleteTargetGroup",
    "DeregisterTargets",
    "ModifyLoadBalancerAttributes",
    "ModifyTargetGroupAttributes",
    "RegisterTargets",
    "RemoveTags",
    "SetSecurityGroups",
    "SetSubnets",
  ];
  return [
    { actions: ec2.map((one) => `ec2:${one}`), resources: [within(cloud, "ec2", "*")], conditions },
    {
      actions: elb.map((one) => `elasticloadbalancing:${one}`),
      resources: [within(cloud, "elasticloadbalancing", "*")],
      conditions,
    },
  ];
}

function machines(cloud: AwsCloud, conditions: Conditions): PolicyStatement[] {
  const { partition } = cloud;
  const own = within(cloud, "ec2", "*");
  const public_ = ["image", "snapshot"].map((what) => pulumi.interpolate`arn:${partition}:ec2:*::${what}/*`);
  return [
    { actions: ["ec2:RunInstances"], resources: [own, ...public_], conditions },
    {
      actions: [
        "ec2:AttachNetworkInterface",
        "ec2:CreateNetworkInterface",
        "ec2:DetachNetworkInterface",
        "ec2:ModifyInstanceAttribute",
        "ec2:ModifyInstanceMetadataOptions",
        "ec2:ModifyNetworkInterfaceAttribute",
      ],
      resources: [own],
      conditions,
    },
    {
      actions: ["ec2:TerminateInstances"],
      resources: [within(cloud, "ec2", "instance/*")],
      conditions: { ...conditions, Null: { [`aws:ResourceTag/${ROLE_TAG}`]: "false" } },
    },
    {
      // What a machine is told at its start lies there until it has read it.
      actions: ["secretsmanager:CreateSecret", "secretsmanager:DeleteSecret", "secretsmanager:TagResource"],
      resources: [within(cloud, "secretsmanager", "secret:aws.cluster.x-k8s.io/*")],
      conditions,
    },
  ];
}

function roles({ partition, account }: AwsCloud): PolicyStatement[] {
  const role = (path: string) => pulumi.interpolate`arn:${partition}:iam::${account}:role/${path}`;
  const service = "elasticloadbalancing.amazonaws.com";
  return [
    {
      actions: ["iam:PassRole"],
      resources: [role(ROLES)],
      conditions: { StringEquals: { "iam:PassedToService": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"] } },
    },
    {
      // The first load balancer of an account needs it.
      actions: ["iam:CreateServiceLinkedRole"],
      resources: [role(`aws-service-role/${service}/AWSServiceRoleForElasticLoadBalancing`)],
      conditions: { StringEquals: { "iam:AWSServiceName": service } },
    },
  ];
}
