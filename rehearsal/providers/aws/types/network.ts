import { keyOf } from "../account";
import { refuse } from "../errors";
import { cidr, oneOf } from "../formats";
import { ec2Id } from "../ids";
import { arnOf, type Call, type Model, once, to } from "../model";
import { isWithin, overlap } from "../network";
import { zonesOf } from "../regions";
import { internetGateway, natGateway, subnet, TYPES, vpc } from "../targets";
import { text } from "../values";

const vpcModel: Model = {
  token: TYPES.vpc,
  replaceOn: ["cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"],
  defaults: { enableDnsSupport: true, enableDnsHostnames: false, instanceTenancy: "default" },
  formats: { cidrBlock: cidr(16, 28), instanceTenancy: oneOf("default", "dedicated") },
  check: (args) =>
    "cidrBlock" in args || "ipv4IpamPoolId" in args
      ? []
      : [{ path: "cidrBlock", reason: "one of cidrBlock, ipv4IpamPoolId must be specified" }],
  id: () => ec2Id("vpc"),
  outputs: (call) => {
    const table = once(call, "defaultRouteTableId", () => ec2Id("rtb"));
    return {
      arn: arnOf(call, "ec2", `vpc/${call.id}`),
      ownerId: call.accountId,
      defaultNetworkAclId: once(call, "defaultNetworkAclId", () => ec2Id("acl")),
      defaultRouteTableId: table,
      mainRouteTableId: table,
      defaultSecurityGroupId: once(call, "defaultSecurityGroupId", () => ec2Id("sg")),
      dhcpOptionsId: once(call, "dhcpOptionsId", () => ec2Id("dopt")),
    };
  },
  created: (call) => {
    const state = call.view.get(TYPES.vpc, call.id, call.region)?.state;
    makeWith(call, TYPES.securityGroup, text(state, "defaultSecurityGroupId"), { name: "default" });
    makeWith(call, TYPES.routeTable, text(state, "defaultRouteTableId"), {});
  },
  inUse: (id) => ["DependencyViolation", `The vpc '${id}' has dependencies and cannot be deleted.`],
};

/** Makes what comes and goes with a VPC. */
function makeWith(call: Call, type: string, id: string, state: Readonly<Record<string, unknown>>): void {
  const owner = keyOf({ type: TYPES.vpc, region: call.region, id: call.id });
  call.view.put({ type, region: call.region, id, owner, state: { vpcId: call.id, ...state } });
}

/** All ranges of a VPC. */
export function rangesOfVpc({ view, region }: Pick<Call, "view" | "region">, vpcId: string): string[] {
  const first = text(view.get(TYPES.vpc, vpcId, region)?.state, "cidrBlock");
  const more = view.all(CIDR_ASSOCIATION, region).filter(({ state }) => text(state, "vpcId") === vpcId);
  return [first, ...more.map(({ state }) => text(state, "cidrBlock"))];
}

const CIDR_ASSOCIATION = "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation";

const cidrAssociation: Model = {
  token: CIDR_ASSOCIATION,
  replaceOn: ["vpcId", "cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"],
  formats: { cidrBlock: cidr(16, 28) },
  references: { vpcId: to(vpc) },
  id: () => ec2Id("vpc-cidr-assoc"),
  accept: (call) => {
    const range = text(call.args, "cidrBlock");
    if (rangesOfVpc(call, text(call.args, "vpcId")).some((one) => overlap(one, range))) {
      refuse("InvalidVpc.Range", `The CIDR '${range}' conflicts with another range of the VPC.`);
    }
  },
};

const subnetModel: Model = {
  token: TYPES.subnet,
  replaceOn: ["vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId", "outpostArn", "ipv6Native"],
  defaults: {
    mapPublicIpOnLaunch: false,
    assignIpv6AddressOnCreation: false,
    privateDnsHostnameTypeOnLaunch: "ip-name",
  },
  formats: { cidrBlock: cidr(16, 28) },
  check: (args) =>
    "availabilityZone" in args && "availabilityZoneId" in args
      ? [{ path: "availabilityZone", reason: 'conflicts with "availabilityZoneId"' }]
      : [],
  references: { vpcId: to(vpc) },
  id: () => ec2Id("subnet"),
  outputs: (call) => {
    const zone = zoneOf(call);
    return {
      arn: arnOf(call, "ec2", `subnet/${call.id}`),
      ownerId: call.accountId,
      availabilityZone: zone.name,
      availabilityZoneId: zone.id,
    };
  },
  accept: (call) => {
    zoneOf(call);
    const range = text(call.args, "cidrBlock");
    const vpcId = text(call.args, "vpcId");
    if (!rangesOfVpc(call, vpcId).some((one) => isWithin(range, one))) {
      refuse("InvalidSubnet.Range", `The CIDR '${range}' is invalid: it is not within the VPC.`);
    }
    const others = call.view
      .all(TYPES.subnet, call.region)
      .filter(({ id, state }) => id !== call.id && text(state, "vpcId") === vpcId);
    if (others.some(({ state }) => overlap(text(state, "cidrBlock"), range))) {
      refuse("InvalidSubnet.Conflict", `The CIDR '${range}' conflicts with another subnet`);
    }
  },
  inUse: (id) => ["DependencyViolation", `The subnet '${id}' has dependencies and cannot be deleted.`],
};

/** A part of a subnet that addresses are given from by hand only. */
const subnetReservationModel: Model = {
  token: "aws:ec2/subnetCidrReservation:SubnetCidrReservation",
  replaceOn: ["cidrBlock", "description", "reservationType", "subnetId"],
  formats: { cidrBlock: cidr(16, 28), reservationType: oneOf("explicit", "prefix") },
  references: { subnetId: to(subnet) },
  id: () => ec2Id("scr"),
  outputs: (call) => ({ ownerId: call.accountId }),
  accept: (call) => {
    const range = text(call.args, "cidrBlock");
    const whole = text(call.view.get(TYPES.subnet, text(call.args, "subnetId"), call.region)?.state, "cidrBlock");
    if (!isWithin(range, whole)) {
      refuse("InvalidParameterValue", `The CIDR '${range}' is not within the subnet's CIDR '${whole}'.`);
    }
  },
};

/** The zone that a subnet asks for, by name or id; the first one where it asks for none. */
function zoneOf({ args, region }: Call): { name: string; id: string } {
  const zones = zonesOf(region);
  const asked = text(args, "availabilityZone") || text(args, "availabilityZoneId");
  const found = asked === "" ? zones[0] : zones.find(({ name, id }) => name === asked || id === asked);
  if (found !== undefined) return found;
  const names = zones.map(({ name, id }) => `${name} (${id})`).join(", ");
  return refuse(
    "InvalidParameterValue",
    `Value (${asked}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${names}.`,
  );
}

const internetGatewayModel: Model = {
  token: TYPES.internetGateway,
  replaceOn: [],
  references: { vpcId: to(vpc) },
  id: () => ec2Id("igw"),
  outputs: (call) => ({ arn: arnOf(call, "ec2", `internet-gateway/${call.id}`), ownerId: call.accountId }),
  accept: ({ args, view, region, id }) => {
    const vpcId = text(args, "vpcId");
    const other = view
      .all(TYPES.internetGateway, region)
      .find((item) => item.id !== id && text(item.state, "vpcId") === vpcId);
    if (vpcId !== "" && other !== undefined) {
      refuse("Resource.AlreadyAssociated", `Network ${vpcId} already has an internet gateway attached`);
    }
  },
  release: ({ args, view, region }) => {
    const vpcId = text(args, "vpcId");
    const isMapped = view
      .all(natGateway.type, region)
      .some(({ state }) => text(state, "vpcId") === vpcId && text(state, "connectivityType") === "public");
    if (isMapped) {
      refuse(
        "DependencyViolation",
        `Network ${vpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
      );
    }
  },
  inUse: (id) => ["DependencyViolation", `The internetGateway '${id}' has dependencies and cannot be deleted.`],
};

/** Whether a VPC has a way to the internet. */
export function hasInternet({ view, region }: Pick<Call, "view" | "region">, vpcId: string): boolean {
  return view.all(internetGateway.type, region).some(({ state }) => text(state, "vpcId") === vpcId);
}

export const network: readonly Model[] = [
  vpcModel,
  cidrAssociation,
  subnetModel,
  subnetReservationModel,
  internetGatewayModel,
];
