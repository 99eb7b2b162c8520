import * as pulumi from "@pulumi/pulumi";
import type { CloudIdentity } from "../../clusters";
import type { AddonTarget } from "../contract";

/**
 * Cilium in ENI mode: pods have addresses of the VPC, so that the API server reaches webhooks and peers reach pods without a
 * tunnel. Sources: Cilium's documentation, "AWS ENI"; the chart's values.yaml.
 */

/**
 * The smallest path of a mesh: peering between regions and transit gateways carry 8,500 bytes, within a region it is 9,001.
 * It is the same whatever regions the mesh has today, as another value for one more cluster would change all the others.
 */
const MTU = 8500;

/** The part of the values that says how pods get and use addresses. */
export function eniRouting({ cluster, fleet, connection }: AddonTarget) {
  return {
    routingMode: "native",
    ipam: { mode: "eni" },
    // What goes to another network of the mesh keeps its address, and with it its identity. Elsewhere NAT is AWS' part.
    ipv4NativeRoutingCIDR: cluster.mesh === undefined ? cluster.ranges.cidr : fleet.mesh.nativeRange,
    endpointRoutes: { enabled: true },
    MTU,
    eni: {
      enabled: true,
      // Sixteen addresses at a time: a node then holds as many pods as kubelet admits, with a sixteenth of the calls.
      awsEnablePrefixDelegation: true,
      // Private subnets only; without it the subnet of a zone with the most free addresses is taken.
      subnetTagsFilter: ["kubernetes.io/role/internal-elb=1"],
      eniTags: connection.cloud?.tags ?? {},
    },
  };
}

/** The load balancer of the cluster-mesh API server: inside the networks of the mesh, and for them only. */
export function eniMeshService({ fleet }: AddonTarget) {
  return {
    loadBalancerClass: "service.k8s.aws/nlb",
    // Without it the controller's security group is open to everyone.
    loadBalancerSourceRanges: [fleet.mesh.nativeRange],
    annotations: {
      "service.beta.kubernetes.io/aws-load-balancer-scheme": "internal",
      "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type": "ip",
      "service.beta.kubernetes.io/aws-load-balancer-attributes": "load_balancing.cross_zone.enabled=true",
    },
  };
}

/** What cilium-operator may do: interfaces of this cluster's network and instances, and nothing else. */
export function eniIdentity({ cluster, connection }: AddonTarget): readonly CloudIdentity[] {
  const { cloud } = connection;
  if (cloud === undefined || cluster.eks === undefined) return [];
  const { account, partition, region, vpcId } = cloud;
  const ec2 = (what: string) => pulumi.interpolate`arn:${partition}:ec2:${region}:${account}:${what}/*`;
  const inVpc = {
    ArnEquals: { "ec2:Vpc": pulumi.interpolate`arn:${partition}:ec2:${region}:${account}:vpc/${vpcId}` },
  };
  const interfaces = ec2("network-interface");
  const statements = [
    {
      // Reading cannot be narrowed. Source: AWS, "Actions, resources, and condition keys for Amazon EC2".
      actions: [
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeInstances",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeRouteTables",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeTags",
        "ec2:DescribeVpcs",
      ],
      resources: ["*"],
    },
    {
      actions: ["ec2:CreateNetworkInterface"],
      resources: [interfaces, ec2("subnet"), ec2("security-group")],
      conditions: inVpc,
    },
    {
      actions: [
        "ec2:AssignPrivateIpAddresses",
        "ec2:AttachNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:ModifyNetworkInterfaceAttribute",
        "ec2:UnassignPrivateIpAddresses",
      ],
      resources: [interfaces],
      conditions: inVpc,
    },
    {
      actions: ["ec2:AttachNetworkInterface", "ec2:ModifyNetworkInterfaceAttribute"],
      resources: [ec2("instance")],
      // EKS and Karpenter tag their instances so.
      conditions: { StringEquals: { [`aws:ResourceTag/kubernetes.io/cluster/${cluster.eks.physicalName}`]: "owned" } },
    },
    {
      actions: ["ec2:CreateTags"],
      resources: [interfaces],
      conditions: { StringEquals: { "ec2:CreateAction": "CreateNetworkInterface" } },
    },
  ];
  return [{ namespace: "kube-system", serviceAccount: "cilium-operator", statements }];
}
