import { refuse } from "../errors";
import { arn, cidr, oneOf } from "../formats";
import { ec2Id } from "../ids";
import { arnOf, type Call, exactlyOne, loosely, type Model, once, to } from "../model";
import { addressIn } from "../network";
import {
  allocation,
  internetGateway,
  natGateway,
  peering,
  routeTable,
  subnet,
  TYPES,
  transitGateway,
  vpc,
} from "../targets";
import { type Props, text, texts } from "../values";
import { hasInternet } from "./network";

const eipModel: Model = {
  token: TYPES.eip,
  replaceOn: ["domain", "address", "networkBorderGroup", "publicIpv4Pool", "customerOwnedIpv4Pool", "ipamPoolId"],
  defaults: { domain: "vpc", publicIpv4Pool: "amazon" },
  formats: { domain: oneOf("vpc", "standard") },
  id: () => ec2Id("eipalloc"),
  outputs: (call) => {
    const taken = call.view.all(TYPES.eip).map(({ state }) => text(state, "publicIp"));
    // A range for documentation (RFC 5737): nothing answers there.
    const free = Array.from({ length: 254 }, (_, index) => addressIn("203.0.113.0/24", index + 1)).find(
      (ip) => !taken.includes(ip),
    );
    const publicIp = once(call, "publicIp", () => free ?? "203.0.113.254");
    return {
      arn: arnOf(call, "ec2", `elastic-ip/${call.id}`),
      allocationId: call.id,
      publicIp,
      publicDns: `ec2-${String(publicIp).replaceAll(".", "-")}.${call.region}.compute.amazonaws.com`,
      networkBorderGroup: call.region,
    };
  },
  inUse: (id) => ["InvalidIPAddress.InUse", `Address with allocation id ${id} is in use.`],
};

const natGatewayModel: Model = {
  token: TYPES.natGateway,
  replaceOn: [
    "allocationId",
    "availabilityMode",
    "connectivityType",
    "privateIp",
    "secondaryPrivateIpAddressCount",
    "subnetId",
  ],
  defaults: { connectivityType: "public" },
  formats: { connectivityType: oneOf("public", "private") },
  check: (args) => {
    const isPublic = args.connectivityType === undefined || args.connectivityType === "public";
    if (isPublic || !("allocationId" in args)) return [];
    return [{ path: "allocationId", reason: "is not supported with connectivityType private" }];
  },
  references: {
    subnetId: to(subnet),
    allocationId: to(allocation),
    secondaryAllocationIds: to(allocation),
    vpcId: to(vpc),
  },
  id: () => ec2Id("nat"),
  outputs: (call) => {
    const place = call.view.get(TYPES.subnet, text(call.args, "subnetId"), call.region)?.state;
    const address = call.view.get(TYPES.eip, text(call.args, "allocationId"), call.region)?.state;
    return {
      vpcId: text(place, "vpcId"),
      publicIp: text(address, "publicIp"),
      privateIp: addressIn(text(place, "cidrBlock"), 4),
      networkInterfaceId: once(call, "networkInterfaceId", () => ec2Id("eni")),
      associationId: once(call, "associationId", () => ec2Id("eipassoc")),
    };
  },
  accept: (call) => {
    const { args, view, region, id } = call;
    if (text(args, "connectivityType") !== "public") return;
    const address = text(args, "allocationId");
    if (address === "") refuse("MissingParameter", "The request must contain the parameter AllocationId");
    const vpcId = text(view.get(TYPES.subnet, text(args, "subnetId"), region)?.state, "vpcId");
    if (!hasInternet(call, vpcId)) refuse("Gateway.NotAttached", `Network ${vpcId} has no Internet gateway attached`);
    const other = view
      .all(TYPES.natGateway, region)
      .find((item) => item.id !== id && text(item.state, "allocationId") === address);
    if (other !== undefined)
      refuse("Resource.AlreadyAssociated", `Elastic IP address [${address}] is already associated`);
  },
};

const TARGETS = [
  "gatewayId",
  "natGatewayId",
  "vpcPeeringConnectionId",
  "transitGatewayId",
  "vpcEndpointId",
  "networkInterfaceId",
  "egressOnlyGatewayId",
  "carrierGatewayId",
  "localGatewayId",
  "coreNetworkArn",
  "odbNetworkArn",
] as const;
const DESTINATIONS = ["destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"] as const;

const routeTableModel: Model = {
  token: TYPES.routeTable,
  replaceOn: ["vpcId"],
  formats: { "routes.cidrBlock": cidr() },
  references: {
    vpcId: to(vpc),
    "routes.gatewayId": to(internetGateway),
    "routes.natGatewayId": to(natGateway),
    "routes.vpcPeeringConnectionId": to(peering),
    "routes.transitGatewayId": to(transitGateway),
  },
  id: () => ec2Id("rtb"),
  outputs: (call) => ({ arn: arnOf(call, "ec2", `route-table/${call.id}`), ownerId: call.accountId }),
  accept: (call) => {
    for (const gateway of texts(call.args, "routes.gatewayId"))
      sameNetwork(call, gateway, text(call.args, "vpcId"), call.id);
  },
  inUse: (id) => ["DependencyViolation", `The routeTable '${id}' has dependencies and cannot be deleted.`],
};

const routeModel: Model = {
  token: "aws:ec2/route:Route",
  replaceOn: ["routeTableId", ...DESTINATIONS],
  formats: { destinationCidrBlock: cidr(), coreNetworkArn: arn() },
  check: (args) => [...exactlyOne(args, DESTINATIONS), ...exactlyOne(args, TARGETS)],
  references: {
    // A route goes with its table.
    routeTableId: loosely(routeTable),
    gatewayId: to(internetGateway),
    natGatewayId: to(natGateway),
    // The route stays, as a black hole, when the connection goes.
    vpcPeeringConnectionId: loosely(peering),
    transitGatewayId: loosely(transitGateway),
  },
  id: ({ args }) =>
    `r-${text(args, "routeTableId")}${[...destinationOf(args)].reduce((sum, c) => (Math.imul(sum, 31) + c.charCodeAt(0)) >>> 0, 7)}`,
  outputs: () => ({ origin: "CreateRoute", state: "active" }),
  accept: (call) => {
    const { args, view, region, id } = call;
    const [table, destination] = [text(args, "routeTableId"), destinationOf(args)];
    const vpcId = text(view.get(TYPES.routeTable, table, region)?.state, "vpcId");
    const same = view
      .all("aws:ec2/route:Route", region)
      .some((item) => item.id === id && text(item.state, "routeTableId") === table && call.old === undefined);
    const isLocal = text(view.get(TYPES.vpc, vpcId, region)?.state, "cidrBlock") === destination;
    if (same || isLocal) refuse("RouteAlreadyExists", `The route identified by ${destination} already exists.`);
    sameNetwork(call, text(args, "gatewayId"), vpcId, table);
  },
};

function destinationOf(args: Props): string {
  return DESTINATIONS.map((name) => text(args, name)).find((value) => value !== "") ?? "";
}

function sameNetwork({ view, region }: Call, gateway: string, vpcId: string, table: string): void {
  const own = view.get(TYPES.internetGateway, gateway, region);
  if (own === undefined || text(own.state, "vpcId") === vpcId) return;
  refuse("InvalidParameterValue", `route table ${table} and network gateway ${gateway} belong to different networks`);
}

const ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation";

const association: Model = {
  token: ASSOCIATION,
  replaceOn: ["subnetId", "gatewayId"],
  references: { subnetId: to(subnet), gatewayId: to(internetGateway), routeTableId: to(routeTable) },
  id: () => ec2Id("rtbassoc"),
  accept: ({ args, view, region, id }) => {
    const [place, table] = [text(args, "subnetId"), text(args, "routeTableId")];
    const vpcs = [view.get(TYPES.subnet, place, region), view.get(TYPES.routeTable, table, region)].map((item) =>
      text(item?.state, "vpcId"),
    );
    if (place !== "" && vpcs[0] !== vpcs[1]) {
      refuse("InvalidParameterValue", `route table ${table} and subnet ${place} belong to different networks`);
    }
    const other = view
      .all(ASSOCIATION, region)
      .find((item) => item.id !== id && text(item.state, "subnetId") === place);
    if (place !== "" && other !== undefined) {
      refuse(
        "Resource.AlreadyAssociated",
        `the specified association for route table ${table} conflicts with an existing association`,
      );
    }
  },
};

export const routing: readonly Model[] = [eipModel, natGatewayModel, routeTableModel, routeModel, association];
