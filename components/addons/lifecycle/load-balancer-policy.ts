import * as pulumi from "@pulumi/pulumi";
import type { AwsCloud, PolicyStatement } from "../../clusters";

/** Tag by which the controller knows what belongs to a cluster. */
const CLUSTER_TAG = "elbv2.k8s.aws/cluster";

const WITH_OWNER_UNTOUCHED = { Null: { [`aws:RequestTag/${CLUSTER_TAG}`]: "true" } };

/**
 * What the controller may do for network load balancers of Services: only with what is tagged as this cluster's.
 * Source: the controller's documentation, "Configure IAM", without what only ALBs, Cognito, WAF and Shield need.
 */
export function loadBalancerPolicy(cloud: AwsCloud): PolicyStatement[] {
  return [...reading(cloud), ...securityGroups(cloud), ...loadBalancers(cloud), ...tagging(cloud)];
}

function ec2({ partition, region, account }: AwsCloud, what: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.interpolate`arn:${partition}:ec2:${region}:${account}:${what}`;
}

function elb({ partition, region, account }: AwsCloud, ...what: readonly string[]): pulumi.Output<string>[] {
  return what.map((one) => pulumi.interpolate`arn:${partition}:elasticloadbalancing:${region}:${account}:${one}`);
}

/** The request names this cluster as owner. */
function asked({ clusterName }: AwsCloud) {
  return { [`aws:RequestTag/${CLUSTER_TAG}`]: clusterName };
}

/** The resource is this cluster's. */
function owned({ clusterName }: AwsCloud) {
  return { [`aws:ResourceTag/${CLUSTER_TAG}`]: clusterName };
}

/** Reading cannot be narrowed to resources. Source: AWS, Service Authorization Reference. */
function reading({ partition, account }: AwsCloud): PolicyStatement[] {
  const ec2Reads = [
    "AccountAttributes",
    "Addresses",
    "AvailabilityZones",
    "Instances",
    "InternetGateways",
    "NetworkInterfaces",
    "RouteTables",
    "SecurityGroups",
    "Subnets",
    "Tags",
    "VpcPeeringConnections",
    "Vpcs",
  ];
  const elbReads = [
    "CapacityReservation",
    "ListenerAttributes",
    "ListenerCertificates",
    "Listeners",
    "LoadBalancerAttributes",
    "LoadBalancers",
    "Rules",
    "SSLPolicies",
    "Tags",
    "TargetGroupAttributes",
    "TargetGroups",
    "TargetHealth",
  ];
  const linked = "role/aws-service-role/elasticloadbalancing.amazonaws.com/AWSServiceRoleForElasticLoadBalancing";
  return [
    {
      actions: [
        ...ec2Reads.map((what) => `ec2:Describe${what}`),
        "ec2:GetSecurityGroupsForVpc",
        ...elbReads.map((what) => `elasticloadbalancing:Describe${what}`),
      ],
      resources: ["*"],
    },
    {
      // The first load balancer of an account needs it.
      actions: ["iam:CreateServiceLinkedRole"],
      resources: [pulumi.interpolate`arn:${partition}:iam::${account}:${linked}`],
      conditions: { StringEquals: { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" } },
    },
  ];
}

/** A group for each load balancer, and rules of the nodes' own group that admit it. */
function securityGroups(cloud: AwsCloud): PolicyStatement[] {
  const groups = ec2(cloud, "security-group/*");
  const network = pulumi.interpolate`vpc/${cloud.vpcId}`;
  return [
    { actions: ["ec2:CreateSecurityGroup"], resources: [ec2(cloud, network)] },
    { actions: ["ec2:CreateSecurityGroup"], resources: [groups], conditions: { StringEquals: asked(cloud) } },
    {
      actions: ["ec2:CreateTags"],
      resources: [groups],
      conditions: { StringEquals: { ...asked(cloud), "ec2:CreateAction": "CreateSecurityGroup" } },
    },
    {
      actions: ["ec2:CreateTags", "ec2:DeleteTags"],
      resources: [groups],
      conditions: { StringEquals: owned(cloud), ...WITH_OWNER_UNTOUCHED },
    },
    { actions: ["ec2:DeleteSecurityGroup"], resources: [groups], conditions: { StringEquals: owned(cloud) } },
    {
      actions: ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"],
      resources: [groups],
      conditions: { ArnEquals: { "ec2:Vpc": ec2(cloud, network) } },
    },
  ];
}

function loadBalancers(cloud: AwsCloud): PolicyStatement[] {
  const act = (...actions: readonly string[]) => actions.map((action) => `elasticloadbalancing:${action}`);
  const own = { StringEquals: owned(cloud) };
  return [
    {
      actions: act("CreateLoadBalancer", "CreateTargetGroup"),
      resources: elb(cloud, "loadbalancer/net/*/*", "targetgroup/*/*"),
      conditions: { StringEquals: asked(cloud) },
    },
    {
      actions: act(
        "CreateListener",
        "DeleteLoadBalancer",
        "DeleteTargetGroup",
        "DeregisterTargets",
        "ModifyCapacityReservation",
        "ModifyLoadBalancerAttributes",
        "ModifyTargetGroup",
        "ModifyTargetGroupAttributes",
        "RegisterTargets",
        "SetIpAddressType",
        "SetSecurityGroups",
        "SetSubnets",
      ),
      resources: elb(cloud, "loadbalancer/net/*/*", "targetgroup/*/*"),
      conditions: own,
    },
    {
      actions: act(
        "AddListenerCertificates",
        "DeleteListener",
        "ModifyListener",
        "ModifyListenerAttributes",
        "RemoveListenerCertificates",
      ),
      resources: elb(cloud, "listener/net/*/*/*"),
      conditions: own,
    },
  ];
}

function tagging(cloud: AwsCloud): PolicyStatement[] {
  const tagged = elb(cloud, "loadbalancer/net/*/*", "targetgroup/*/*", "listener/net/*/*/*");
  const creating = ["CreateLoadBalancer", "CreateTargetGroup", "CreateListener"];
  return [
    {
      actions: ["elasticloadbalancing:AddTags"],
      resources: tagged,
      conditions: { StringEquals: { ...asked(cloud), "elasticloadbalancing:CreateAction": creating } },
    },
    {
      actions: ["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"],
      resources: tagged,
      conditions: { StringEquals: owned(cloud), ...WITH_OWNER_UNTOUCHED },
    },
  ];
}
