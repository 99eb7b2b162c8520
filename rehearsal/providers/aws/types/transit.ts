import { keyOf } from "../account";
import { refuse } from "../errors";
import { between, cidr, oneOf } from "../formats";
import { ec2Id } from "../ids";
import { arnOf, type Call, loosely, type Model, once, to } from "../model";
import { resolve } from "../references";
import { isRegion } from "../regions";
import {
  peeringAttachment,
  subnet,
  TYPES,
  transitAttachment,
  transitGateway,
  transitRouteTable,
  vpc,
} from "../targets";
import { flag, text, texts } from "../values";

const SWITCH = oneOf("enable", "disable");
const SWITCHES = [
  "autoAcceptSharedAttachments",
  "defaultRouteTableAssociation",
  "defaultRouteTablePropagation",
] as const;

const gateway: Model = {
  token: TYPES.transitGateway,
  replaceOn: ["multicastSupport"],
  replaceIf: (olds, news) =>
    ["defaultRouteTableAssociation", "defaultRouteTablePropagation"].filter(
      // A gateway made without a default table never gets one.
      (name) => text(olds, name) === "disable" && text(news, name) !== "disable",
    ),
  defaults: {
    amazonSideAsn: 64_512,
    autoAcceptSharedAttachments: "disable",
    defaultRouteTableAssociation: "enable",
    defaultRouteTablePropagation: "enable",
    dnsSupport: "enable",
    multicastSupport: "disable",
    securityGroupReferencingSupport: "disable",
    vpnEcmpSupport: "enable",
  },
  formats: {
    ...Object.fromEntries(SWITCHES.map((name) => [name, SWITCH])),
    dnsSupport: SWITCH,
    multicastSupport: SWITCH,
    amazonSideAsn: between(64_512, 4_294_967_294),
    transitGatewayCidrBlocks: cidr(0, 24),
  },
  id: () => ec2Id("tgw"),
  outputs: (call) => {
    const table = (name: string, switched: string) =>
      text(call.args, switched) === "disable" ? "" : once(call, name, () => ec2Id("tgw-rtb"));
    const association = table("associationDefaultRouteTableId", "defaultRouteTableAssociation");
    return {
      arn: arnOf(call, "ec2", `transit-gateway/${call.id}`),
      ownerId: call.accountId,
      associationDefaultRouteTableId: association,
      propagationDefaultRouteTableId:
        association === "" ? table("propagationDefaultRouteTableId", "defaultRouteTablePropagation") : association,
    };
  },
  created: ({ view, region, id }) => {
    const item = view.get(TYPES.transitGateway, id, region);
    const table = text(item?.state, "associationDefaultRouteTableId");
    if (item === undefined || table === "") return;
    view.put({ type: TYPES.transitRouteTable, region, id: table, owner: keyOf(item), state: { transitGatewayId: id } });
  },
  inUse: (id, by) => ["IncorrectState", `${id} has non-deleted Attachments or route tables: ${by.id}.`],
};

const vpcAttachment: Model = {
  token: TYPES.vpcAttachment,
  replaceOn: ["transitGatewayId", "vpcId"],
  defaults: { applianceModeSupport: "disable", dnsSupport: "enable", ipv6Support: "disable" },
  formats: { applianceModeSupport: SWITCH, dnsSupport: SWITCH, ipv6Support: SWITCH },
  references: { transitGatewayId: to(transitGateway), vpcId: to(vpc), subnetIds: to(subnet) },
  id: () => ec2Id("tgw-attach"),
  outputs: (call) => ({
    arn: arnOf(call, "ec2", `transit-gateway-attachment/${call.id}`),
    vpcOwnerId: call.accountId,
    securityGroupReferencingSupport: "disable",
    transitGatewayDefaultRouteTableAssociation: true,
    transitGatewayDefaultRouteTablePropagation: true,
  }),
  accept: ({ args, view, region, id }) => {
    const places = texts(args, "subnetIds").map((one) => view.get(TYPES.subnet, one, region)?.state);
    const zones = places.map((state) => text(state, "availabilityZone"));
    if (new Set(zones).size < zones.length) {
      refuse("DuplicateSubnetsInSameZone", "Duplicate Subnets for same AZ: give one subnet for each zone.");
    }
    const vpcId = text(args, "vpcId");
    if (places.some((state) => text(state, "vpcId") !== vpcId))
      refuse("InvalidParameterValue", `A subnet does not belong to ${vpcId}.`);
    const same = view
      .all(TYPES.vpcAttachment, region)
      .find(
        (item) =>
          item.id !== id &&
          text(item.state, "vpcId") === vpcId &&
          text(item.state, "transitGatewayId") === text(args, "transitGatewayId"),
      );
    if (same !== undefined) {
      refuse(
        "DuplicateTransitGatewayAttachment",
        `${text(args, "transitGatewayId")} has non-deleted Transit Gateway Attachments with same VPC ID.`,
      );
    }
  },
};

const peering: Model = {
  token: TYPES.peeringAttachment,
  replaceOn: ["options", "peerAccountId", "peerRegion", "peerTransitGatewayId", "transitGatewayId"],
  formats: { peerRegion: (value) => (isRegion(String(value)) ? undefined : `Invalid AWS Region: ${value}`) },
  references: { transitGatewayId: to(transitGateway) },
  id: () => ec2Id("tgw-attach"),
  outputs: (call) => ({
    arn: arnOf(call, "ec2", `transit-gateway-attachment/${call.id}`),
    peerAccountId: call.accountId,
    state: once(call, "state", () => "pendingAcceptance"),
  }),
  accept: ({ args, view, accountId }) => {
    const [far, other] = [text(args, "peerRegion"), text(args, "peerTransitGatewayId")];
    const owner = text(args, "peerAccountId");
    if ((owner === "" || owner === accountId) && view.get(TYPES.transitGateway, other, far) === undefined) {
      refuse("InvalidTransitGatewayID.NotFound", `Transit Gateway ${other} was deleted or does not exist in ${far}.`);
    }
  },
};

const accepter: Model = {
  token: "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter",
  replaceOn: ["transitGatewayAttachmentId"],
  references: { transitGatewayAttachmentId: loosely(peeringAttachment) },
  id: ({ args }) => text(args, "transitGatewayAttachmentId"),
  outputs: (call) => {
    const found = resolve(peeringAttachment, text(call.args, "transitGatewayAttachmentId"), call);
    return {
      peerAccountId: call.accountId,
      peerRegion: found?.region ?? "",
      peerTransitGatewayId: text(found?.state, "transitGatewayId"),
      transitGatewayId: text(found?.state, "peerTransitGatewayId"),
    };
  },
  accept: (call) => {
    const found = resolve(peeringAttachment, text(call.args, "transitGatewayAttachmentId"), call);
    const far = text(found?.state, "peerRegion");
    if (far !== call.region)
      refuse("IncorrectState", `${found?.id} cannot be accepted in ${call.region}: its accepter is in ${far}.`);
  },
  created: (call) => {
    const found = resolve(peeringAttachment, text(call.args, "transitGatewayAttachmentId"), call);
    if (found !== undefined) call.view.put({ ...found, state: { ...found.state, state: "available" } });
  },
};

const routeTable: Model = {
  token: TYPES.transitRouteTable,
  replaceOn: ["transitGatewayId"],
  references: { transitGatewayId: to(transitGateway) },
  id: () => ec2Id("tgw-rtb"),
  outputs: (call) => ({ arn: arnOf(call, "ec2", `transit-gateway-route-table/${call.id}`) }),
  inUse: (id) => ["IncorrectState", `${id} has associated attachments or routes.`],
};

const ROUTE = "aws:ec2transitgateway/route:Route";

const route: Model = {
  token: ROUTE,
  replaceOn: ["blackhole", "destinationCidrBlock", "transitGatewayAttachmentId", "transitGatewayRouteTableId"],
  defaults: { blackhole: false },
  formats: { destinationCidrBlock: cidr() },
  references: { transitGatewayAttachmentId: to(transitAttachment), transitGatewayRouteTableId: to(transitRouteTable) },
  id: ({ args }) => `${text(args, "transitGatewayRouteTableId")}_${text(args, "destinationCidrBlock")}`,
  accept: (call) => {
    if (call.old === undefined && call.view.get(ROUTE, call.id, call.region) !== undefined) {
      refuse(
        "RouteAlreadyExists",
        `Route ${text(call.args, "destinationCidrBlock")} already exists in Transit Gateway Route Table ${text(call.args, "transitGatewayRouteTableId")}.`,
      );
    }
    if (!flag(call.args, "blackhole")) requireAvailable(call);
  },
};

/** A peering that nobody accepted carries nothing. */
function requireAvailable(call: Call): void {
  const found = resolve(transitAttachment, text(call.args, "transitGatewayAttachmentId"), call);
  if (found?.type === TYPES.peeringAttachment && text(found.state, "state") !== "available") {
    refuse("IncorrectState", `${found.id} is in invalid state: accept the peering first.`);
  }
}

function joined(token: string): Model {
  return {
    token,
    replaceOn: ["replaceExistingAssociation", "transitGatewayAttachmentId", "transitGatewayRouteTableId"],
    references: {
      transitGatewayAttachmentId: to(transitAttachment),
      transitGatewayRouteTableId: to(transitRouteTable),
    },
    id: ({ args }) => `${text(args, "transitGatewayRouteTableId")}_${text(args, "transitGatewayAttachmentId")}`,
    outputs: (call) => {
      const found = resolve(transitAttachment, text(call.args, "transitGatewayAttachmentId"), call);
      const isVpc = found?.type === TYPES.vpcAttachment;
      return {
        resourceId: text(found?.state, isVpc ? "vpcId" : "peerTransitGatewayId"),
        resourceType: isVpc ? "vpc" : "peering",
      };
    },
    accept: (call) => {
      requireAvailable(call);
      const attachment = text(call.args, "transitGatewayAttachmentId");
      const other = call.view
        .all(token, call.region)
        .find((item) => item.id !== call.id && text(item.state, "transitGatewayAttachmentId") === attachment);
      const isAssociation = token.endsWith("Association");
      if (isAssociation && other !== undefined) {
        refuse(
          "Resource.AlreadyAssociated",
          `Transit Gateway Attachment ${attachment} is already associated to a route table.`,
        );
      }
    },
  };
}

export const transit: readonly Model[] = [
  gateway,
  vpcAttachment,
  peering,
  accepter,
  routeTable,
  route,
  joined("aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation"),
  joined("aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation"),
];
