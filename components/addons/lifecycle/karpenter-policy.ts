import * as pulumi from "@pulumi/pulumi";
import type { AwsCloud, PolicyStatement } from "../../clusters";

/** Karpenter's own tags, by which every statement below is narrowed. */
const NODE_POOL = "karpenter.sh/nodepool";
const NODE_CLASS = "karpenter.k8s.aws/ec2nodeclass";
const REGION = "topology.kubernetes.io/region";
const CLUSTER_NAME = "eks:eks-cluster-name";

/** What EC2 makes for a node. */
const MADE = ["fleet", "instance", "volume", "network-interface", "launch-template", "spot-instances-request"] as const;

/** An AWS account as Karpenter sees it. */
interface Site {
  readonly cloud: AwsCloud;
  /** The cluster's name in AWS: a part of keys of conditions, which cannot be late values. */
  readonly cluster: string;
}

/**
 * What Karpenter may do: start instances that are tagged as this cluster's, and end no others.
 * Source: Karpenter's documentation, "CloudFormation", the controller's policies of version 1.14; and what the customer's
 * key of volumes and of the queue asks for beside them.
 */
export function karpenterPolicy(cloud: AwsCloud, cluster: string): PolicyStatement[] {
  const site = { cloud, cluster };
  return [...launching(site), ...tagging(site), ...profiles(site), ...reading(site), ...keys(site)];
}

function ec2({ partition, region }: AwsCloud, account: string, what: readonly string[]): pulumi.Output<string>[] {
  return what.map((one) => pulumi.interpolate`arn:${partition}:ec2:${region}:${account}:${one}/*`);
}

/** The resource belongs to the cluster, and Karpenter made it. */
function owned(cluster: string) {
  return {
    StringEquals: { [`aws:ResourceTag/kubernetes.io/cluster/${cluster}`]: "owned" },
    StringLike: { [`aws:ResourceTag/${NODE_POOL}`]: "*" },
  };
}

/** The request says that what it makes belongs to the cluster. */
function asked(cluster: string) {
  return {
    [`aws:RequestTag/kubernetes.io/cluster/${cluster}`]: "owned",
    [`aws:RequestTag/${CLUSTER_NAME}`]: cluster,
  };
}

function launching({ cloud, cluster }: Site): PolicyStatement[] {
  const run = ["ec2:RunInstances", "ec2:CreateFleet"];
  return [
    { actions: run, resources: ec2(cloud, "", ["image", "snapshot"]) },
    {
      actions: run,
      resources: ec2(cloud, "*", ["security-group", "subnet", "capacity-reservation", "placement-group"]),
    },
    { actions: run, resources: ec2(cloud, "*", ["launch-template"]), conditions: owned(cluster) },
    {
      actions: [...run, "ec2:CreateLaunchTemplate"],
      resources: ec2(cloud, "*", MADE),
      conditions: { StringEquals: asked(cluster), StringLike: { [`aws:RequestTag/${NODE_POOL}`]: "*" } },
    },
    {
      actions: ["ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"],
      resources: ec2(cloud, "*", ["instance", "launch-template"]),
      conditions: owned(cluster),
    },
  ];
}

function tagging({ cloud, cluster }: Site): PolicyStatement[] {
  const creating = ["RunInstances", "CreateFleet", "CreateLaunchTemplate"];
  return [
    {
      actions: ["ec2:CreateTags"],
      resources: ec2(cloud, "*", MADE),
      conditions: {
        StringEquals: { ...asked(cluster), "ec2:CreateAction": creating },
        StringLike: { [`aws:RequestTag/${NODE_POOL}`]: "*" },
      },
    },
    {
      actions: ["ec2:CreateTags"],
      resources: ec2(cloud, "*", ["instance"]),
      conditions: {
        ...owned(cluster),
        StringEqualsIfExists: { [`aws:RequestTag/${CLUSTER_NAME}`]: cluster },
        "ForAllValues:StringEquals": { "aws:TagKeys": [CLUSTER_NAME, "karpenter.sh/nodeclaim", "Name"] },
      },
    },
  ];
}

/** Instance profiles, through which the nodes' role reaches the instances. */
function profiles({ cloud, cluster }: Site): PolicyStatement[] {
  const { partition, account, region, karpenter } = cloud;
  const resources = [pulumi.interpolate`arn:${partition}:iam::${account}:instance-profile/*`];
  const wanted = { ...asked(cluster), [`aws:RequestTag/${REGION}`]: region };
  const own = {
    [`aws:ResourceTag/kubernetes.io/cluster/${cluster}`]: "owned",
    [`aws:ResourceTag/${REGION}`]: region,
  };
  return [
    {
      actions: ["iam:PassRole"],
      resources: [pulumi.interpolate`arn:${partition}:iam::${account}:role/${karpenter?.nodeRole}`],
      conditions: { StringEquals: { "iam:PassedToService": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"] } },
    },
    {
      actions: ["iam:CreateInstanceProfile"],
      resources,
      conditions: { StringEquals: wanted, StringLike: { [`aws:RequestTag/${NODE_CLASS}`]: "*" } },
    },
    {
      actions: ["iam:TagInstanceProfile"],
      resources,
      conditions: {
        StringEquals: { ...own, ...wanted },
        StringLike: { [`aws:ResourceTag/${NODE_CLASS}`]: "*", [`aws:RequestTag/${NODE_CLASS}`]: "*" },
      },
    },
    {
      actions: ["iam:AddRoleToInstanceProfile", "iam:RemoveRoleFromInstanceProfile", "iam:DeleteInstanceProfile"],
      resources,
      conditions: { StringEquals: own, StringLike: { [`aws:ResourceTag/${NODE_CLASS}`]: "*" } },
    },
    { actions: ["iam:GetInstanceProfile"], resources },
  ];
}

/** Most of what is read cannot be narrowed to resources. Source: AWS, Service Authorization Reference. */
function reading({ cloud }: Site): PolicyStatement[] {
  const { partition, account, region, karpenter, clusterName } = cloud;
  const described = [
    "CapacityReservations",
    "Images",
    "InstanceStatus",
    "InstanceTypeOfferings",
    "InstanceTypes",
    "Instances",
    "LaunchTemplates",
    "PlacementGroups",
    "SecurityGroups",
    "SpotPriceHistory",
    "Subnets",
  ];
  return [
    {
      actions: described.map((what) => `ec2:Describe${what}`),
      resources: ["*"],
      conditions: { StringEquals: { "aws:RequestedRegion": region } },
    },
    { actions: ["pricing:GetProducts", "iam:ListInstanceProfiles"], resources: ["*"] },
    {
      actions: ["ssm:GetParameter"],
      resources: [pulumi.interpolate`arn:${partition}:ssm:${region}::parameter/aws/service/*`],
    },
    {
      actions: ["eks:DescribeCluster"],
      resources: [pulumi.interpolate`arn:${partition}:eks:${region}:${account}:cluster/${clusterName}`],
    },
    {
      actions: ["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"],
      resources: [pulumi.interpolate`arn:${partition}:sqs:${region}:${account}:${karpenter?.queue}`],
    },
  ];
}

/** Volumes and the queue are encrypted by a key of the customer's, which EC2 and SQS use in Karpenter's name. */
function keys({ cloud: { keyArn, region } }: Site): PolicyStatement[] {
  const via = { "kms:ViaService": [`ec2.${region}.amazonaws.com`, `sqs.${region}.amazonaws.com`] };
  return [
    {
      actions: [
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
      ],
      resources: [keyArn],
      conditions: { StringEquals: via },
    },
    {
      actions: ["kms:CreateGrant"],
      resources: [keyArn],
      conditions: { StringEquals: via, Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
}
