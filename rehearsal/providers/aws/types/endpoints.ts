import { refuse } from "../errors";
import { arn, json, oneOf } from "../formats";
import { ec2Id } from "../ids";
import { arnOf, type Call, exactlyOne, type Model, once, to } from "../model";
import { bucket, logGroup, roleArn, routeTable, securityGroup, subnet, TYPES, vpc } from "../targets";
import { flag, text, texts } from "../values";
import { requireTrust } from "./trust";

/** Services with an endpoint, after the region's name. Gateways exist for two of them only. */
const GATEWAYS = ["s3", "dynamodb"];
const SERVICES = new Set([
  ...GATEWAYS,
  ...[
    "ecr.api",
    "ecr.dkr",
    "ec2",
    "ec2messages",
    "sts",
    "eks",
    "eks-auth",
    "logs",
    "monitoring",
    "events",
    "sqs",
    "sns",
  ],
  ...[
    "kms",
    "ssm",
    "ssmmessages",
    "secretsmanager",
    "autoscaling",
    "elasticloadbalancing",
    "elasticfilesystem",
    "xray",
  ],
  ...["guardduty-data", "s3express", "route53", "organizations", "servicediscovery", "aps-workspaces", "pricing.api"],
]);

const endpoint: Model = {
  token: TYPES.endpoint,
  replaceOn: [
    "resourceConfigurationArn",
    "serviceName",
    "serviceNetworkArn",
    "serviceRegion",
    "vpcEndpointType",
    "vpcId",
  ],
  replaceIf: (_, news) => (text(news, "vpcEndpointType") === "Interface" ? [] : ["privateDnsEnabled"]),
  defaults: { vpcEndpointType: "Gateway" },
  json: ["policy"],
  formats: {
    policy: json,
    vpcEndpointType: oneOf("Gateway", "Interface", "GatewayLoadBalancer", "Resource", "ServiceNetwork"),
  },
  check: (args) => exactlyOne(args, ["serviceName", "resourceConfigurationArn", "serviceNetworkArn"]),
  references: {
    vpcId: to(vpc),
    routeTableIds: to(routeTable),
    subnetIds: to(subnet),
    securityGroupIds: to(securityGroup),
  },
  id: () => ec2Id("vpce"),
  outputs: (call) => {
    const isGateway = text(call.args, "vpcEndpointType") === "Gateway";
    const network = call.view.get(TYPES.vpc, text(call.args, "vpcId"), call.region)?.state;
    const dns = `${call.id}.${text(call.args, "serviceName").split(".").slice(3).join(".")}.${call.region}.vpce.amazonaws.com`;
    return {
      arn: arnOf(call, "ec2", `vpc-endpoint/${call.id}`),
      ownerId: call.accountId,
      state: "available",
      policy: '{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}],"Version":"2008-10-17"}',
      prefixListId: isGateway ? once(call, "prefixListId", () => ec2Id("pl")) : "",
      dnsEntries: isGateway ? [] : [{ dnsName: dns, hostedZoneId: "Z7HUB22UULQXV" }],
      networkInterfaceIds: isGateway
        ? []
        : once(call, "networkInterfaceIds", () => texts(call.args, "subnetIds").map(() => ec2Id("eni"))),
      securityGroupIds: isGateway ? [] : [text(network, "defaultSecurityGroupId")],
      serviceRegion: call.region,
      ipAddressType: "ipv4",
      privateDnsEnabled: false,
    };
  },
  accept: (call) => {
    requireService(call);
    if (text(call.args, "vpcEndpointType") === "Interface") requireInterface(call);
    else requireGateway(call);
  },
};

function requireService({ args, region }: Call): void {
  const name = text(args, "serviceName");
  const own = /^com\.amazonaws\.([a-z0-9-]+)\.(.+)$/.exec(name);
  if (own === null || (own[1] === region && SERVICES.has(own[2] ?? ""))) return;
  const from = text(args, "serviceRegion");
  if (from !== "" && own[1] === from && SERVICES.has(own[2] ?? "")) return;
  refuse("InvalidServiceName", `The Vpc Endpoint Service '${name}' does not exist`);
}

function requireGateway({ args, view, region, id }: Call): void {
  const [name, vpcId] = [text(args, "serviceName"), text(args, "vpcId")];
  const service = name.split(".").at(-1) ?? "";
  if (text(args, "vpcEndpointType") !== "Gateway") return;
  if (!GATEWAYS.includes(service)) {
    refuse("InvalidParameter", `Endpoint type (Gateway) does not match available service types ([Interface]).`);
  }
  const tables = texts(args, "routeTableIds");
  const other = view
    .all(TYPES.endpoint, region)
    .find(
      (item) =>
        item.id !== id &&
        text(item.state, "serviceName") === name &&
        texts(item.state, "routeTableIds").some((one) => tables.includes(one)),
    );
  if (other !== undefined) {
    refuse(
      "RouteAlreadyExists",
      `route table ${tables.join(", ")} already has a route with destination-prefix-list-id ${text(other.state, "prefixListId")}`,
    );
  }
  const strange = tables.find((table) => text(view.get(TYPES.routeTable, table, region)?.state, "vpcId") !== vpcId);
  if (strange !== undefined) refuse("InvalidParameter", `Route table ${strange} belongs to another VPC than ${vpcId}.`);
}

function requireInterface({ args, view, region, id }: Call): void {
  const [name, vpcId] = [text(args, "serviceName"), text(args, "vpcId")];
  const places = texts(args, "subnetIds").map((subnetId) => view.get(TYPES.subnet, subnetId, region)?.state);
  const zones = places.map((state) => text(state, "availabilityZone"));
  if (new Set(zones).size < zones.length) {
    refuse(
      "DuplicateSubnetsInSameZone",
      "Found another VPC endpoint subnet in the availability zone of an endpoint subnet. Specify at most one subnet for each zone.",
    );
  }
  if (places.some((state) => text(state, "vpcId") !== vpcId)) {
    refuse("InvalidParameter", `A subnet of the endpoint belongs to another VPC than ${vpcId}.`);
  }
  if (!flag(args, "privateDnsEnabled")) return;
  const network = view.get(TYPES.vpc, vpcId, region)?.state;
  if (!flag(network, "enableDnsSupport") || !flag(network, "enableDnsHostnames")) {
    refuse(
      "InvalidParameter",
      `Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for ${vpcId}`,
    );
  }
  const other = view
    .all(TYPES.endpoint, region)
    .find(
      (item) =>
        item.id !== id &&
        text(item.state, "vpcId") === vpcId &&
        text(item.state, "serviceName") === name &&
        flag(item.state, "privateDnsEnabled"),
    );
  if (other !== undefined) {
    refuse(
      "InvalidParameter",
      `private-dns-enabled cannot be set because there is already a conflicting DNS domain for ${name} in the VPC ${vpcId}`,
    );
  }
}

/** The fields of AWS's own format, version 2. */
const LOG_FORMAT = [
  ...["version", "account-id", "interface-id", "srcaddr", "dstaddr", "srcport", "dstport", "protocol", "packets"],
  ...["bytes", "start", "end", "action", "log-status"],
]
  .map((field) => `\${${field}}`)
  .join(" ");

const flowLog: Model = {
  token: "aws:ec2/flowLog:FlowLog",
  replaceOn: [
    ...["deliverCrossAccountRole", "destinationOptions", "eniId", "iamRoleArn", "logDestination", "logDestinationType"],
    ...[
      "logFormat",
      "maxAggregationInterval",
      "subnetId",
      "trafficType",
      "transitGatewayAttachmentId",
      "transitGatewayId",
    ],
    ...["vpcId", "regionalNatGatewayId", "tagFieldSpecifications"],
  ],
  defaults: { logDestinationType: "cloud-watch-logs", maxAggregationInterval: 600 },
  formats: {
    iamRoleArn: arn("iam", "role/"),
    logDestination: arn(),
    logDestinationType: oneOf("cloud-watch-logs", "s3", "kinesis-data-firehose"),
    trafficType: oneOf("ACCEPT", "REJECT", "ALL"),
    maxAggregationInterval: oneOf(60, 600),
  },
  check: (args) =>
    exactlyOne(args, [
      "vpcId",
      "subnetId",
      "eniId",
      "transitGatewayId",
      "transitGatewayAttachmentId",
      "regionalNatGatewayId",
    ]),
  references: { vpcId: to(vpc), subnetId: to(subnet), iamRoleArn: to(roleArn) },
  id: () => ec2Id("fl"),
  outputs: (call) => ({
    arn: arnOf(call, "ec2", `vpc-flow-log/${call.id}`),
    logFormat: LOG_FORMAT,
  }),
  accept: (call) => {
    const destination = text(call.args, "logDestination");
    if (text(call.args, "logDestinationType") === "s3") {
      if (bucket.find?.(destination, call) === undefined) {
        refuse("InvalidParameter", `LogDestination: ${destination.split(":").at(-1)} does not exist.`);
      }
      return;
    }
    const role = text(call.args, "iamRoleArn");
    if (role === "")
      refuse("InvalidParameter", "DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs.");
    requireTrust(call, role, "vpc-flow-logs.amazonaws.com", () =>
      refuse("InvalidParameter", `The role ${role} cannot be assumed by vpc-flow-logs.amazonaws.com.`),
    );
    if (logGroup.find?.(destination, call) === undefined) {
      refuse("InvalidParameter", `LogDestination: ${destination} does not exist.`);
    }
  },
};

export const endpoints: readonly Model[] = [endpoint, flowLog];
