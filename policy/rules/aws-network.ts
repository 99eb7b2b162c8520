import { belongingTo, blocks, isEverybody } from "../lib/aws";
import { type Report, resourceRule, stackRule, textList, type, types } from "../lib/rule";
import { at, isOff, isOn, isOpen, items, UNKNOWN } from "../lib/values";

const VPC = type("aws:ec2/vpc:Vpc");
const GROUP = types("aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup");

export const awsSecurityGroups = resourceRule({
  name: "aws-security-groups",
  description: "No security group lets everybody in.",
  severity: "critical",
  reason: "every scanner of the internet finds it within minutes",
  fix: "Name the range or the security group that needs it; what is public comes through a load balancer.",
  options: { ports: textList("Ports on which load balancers may be open to everybody.", []) },
  appliesTo: types(
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  ),
  check: ({ type: token, props }, report, { ports }) => {
    if (GROUP.matches(token)) for (const rule of blocks(props.ingress)) checkIngress(rule, ports, report);
    else if (token === "aws:ec2/securityGroupRule:SecurityGroupRule") {
      if (props.type === "ingress") checkIngress(props, ports, report);
    } else checkIngress(props, ports, report);
  },
});

function checkIngress(rule: Readonly<Record<string, unknown>>, ports: readonly string[], report: Report): void {
  const ranges = [...items(rule.cidrBlocks), ...items(rule.ipv6CidrBlocks), rule.cidrIpv4, rule.cidrIpv6];
  if (!ranges.some(isEverybody)) return;
  const one = rule.fromPort !== UNKNOWN && rule.fromPort === rule.toPort ? String(rule.fromPort) : undefined;
  if (one === undefined || !ports.includes(one))
    report(`everybody may come in on ${one === undefined ? "every port" : `port ${one}`}`);
}

export const awsDefaultGroup = resourceRule({
  name: "aws-default-group",
  description: "The default security group of a network lets nothing in or out.",
  severity: "medium",
  reason: "everything that names no group gets it",
  fix: "Remove ingress and egress from the DefaultSecurityGroup.",
  appliesTo: type("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"),
  check: ({ props }, report) => {
    if (blocks(props.ingress).length + blocks(props.egress).length > 0) report("the default group has rules");
  },
});

export const awsNoPublicAddresses = resourceRule({
  name: "aws-no-public-addresses",
  description: "No machine gets a public address by itself.",
  severity: "high",
  reason: "a node with a public address is a door of its own",
  fix: "Remove mapPublicIpOnLaunch and associatePublicIpAddress; nodes go out through a NAT gateway.",
  appliesTo: types("aws:ec2/subnet:Subnet", "aws:ec2/instance:Instance", "aws:ec2/launchTemplate:LaunchTemplate"),
  check: ({ props }, report) => {
    if (isOn(props.mapPublicIpOnLaunch)) report("machines of the subnet get public addresses");
    const interfaces = blocks(props.networkInterfaces).map((one) => one.associatePublicIpAddress);
    if ([props.associatePublicIpAddress, ...interfaces].some(isOn)) report("the machine gets a public address");
  },
});

export const awsFlowLogs = stackRule({
  name: "aws-flow-logs",
  description: "Every network logs who talks to whom.",
  severity: "medium",
  reason: "without flow logs nobody can say afterwards what left the network",
  fix: "Add a FlowLog of the network with trafficType ALL.",
  checkStack: (stack, report) => {
    for (const network of stack.ofType(VPC)) {
      const logs = belongingTo(network, "vpcId", stack, type("aws:ec2/flowLog:FlowLog"));
      const complete = logs.some(({ props }) => props.trafficType === UNKNOWN || props.trafficType === "ALL");
      if (!complete) report("the network has no flow log of all traffic", network);
    }
  },
});

export const awsDnsSupport = resourceRule({
  name: "aws-private-names",
  description: "Every network resolves names, which private endpoints need.",
  severity: "low",
  reason: "without them calls to AWS leave the network by way of the internet",
  fix: "Set enableDnsSupport and enableDnsHostnames to true.",
  appliesTo: VPC,
  check: ({ props }, report) => {
    if (isOff(props.enableDnsHostnames)) report("enableDnsHostnames is off");
    if (props.enableDnsSupport !== undefined && isOff(props.enableDnsSupport)) report("enableDnsSupport is off");
  },
});

export const awsHealthChecks = resourceRule({
  name: "aws-health-checks",
  description: "Health checks that move traffic look by HTTPS.",
  severity: "low",
  reason: "a gateway that answers HTTP only is not one that users reach",
  fix: "Set type to HTTPS and enableSni to true.",
  appliesTo: type("aws:route53/healthCheck:HealthCheck"),
  check: ({ props }, report) => {
    const kind = props.type;
    if (kind === "HTTP" || kind === "HTTP_STR_MATCH") report("health is looked at by HTTP");
  },
});

export const awsEndpointsPrivate = resourceRule({
  name: "aws-endpoints-guarded",
  description: "Private endpoints of AWS' services have a security group.",
  severity: "medium",
  reason: "without one they get the default group of the network",
  fix: "Set securityGroupIds.",
  appliesTo: type("aws:ec2/vpcEndpoint:VpcEndpoint"),
  check: ({ props }, report) => {
    if (props.vpcEndpointType !== "Interface" || isOpen(props.securityGroupIds)) return;
    if (items(at(props, "securityGroupIds")).length === 0) report("the endpoint has no security group");
  },
});
