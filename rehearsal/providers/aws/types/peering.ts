import type { Item } from "../account";
import { refuse } from "../errors";
import { ec2Id } from "../ids";
import { type Call, loosely, type Model, to } from "../model";
import { overlap } from "../network";
import { isRegion } from "../regions";
import { peering, TYPES, vpc } from "../targets";
import { flag, text } from "../values";
import { rangesOfVpc } from "./network";

const CLOSED = { allowRemoteVpcDnsResolution: false };

const connection: Model = {
  token: TYPES.peering,
  replaceOn: ["peerOwnerId", "peerRegion", "peerVpcId", "vpcId"],
  formats: { peerRegion: (value) => (isRegion(String(value)) ? undefined : `Invalid AWS Region: ${value}`) },
  check: (args) =>
    "autoAccept" in args && "peerRegion" in args && flag(args, "autoAccept")
      ? [
          {
            path: "autoAccept",
            reason: "peerRegion cannot be set whilst autoAccept is true when creating a peering connection",
          },
        ]
      : [],
  references: { vpcId: to(vpc) },
  id: () => ec2Id("pcx"),
  outputs: (call) => ({
    acceptStatus: flag(call.args, "autoAccept") ? "active" : text(call.old, "acceptStatus") || "pending-acceptance",
    peerOwnerId: call.accountId,
    peerRegion: call.region,
    requester: CLOSED,
    accepter: CLOSED,
  }),
  accept: (call) => {
    const { args, view, region, accountId, id } = call;
    const [own, other] = [text(args, "vpcId"), text(args, "peerVpcId")];
    const far = text(args, "peerRegion") || region;
    const owner = text(args, "peerOwnerId");
    if ((owner !== "" && owner !== accountId) || call.existing.has(other)) return;
    if (view.get(TYPES.vpc, other, far) === undefined)
      refuse("InvalidVpcID.NotFound", `The vpc ID '${other}' does not exist in ${far}`);
    const theirs = rangesOfVpc({ view, region: far }, other);
    if (rangesOfVpc(call, own).some((one) => theirs.some((their) => overlap(one, their)))) {
      refuse("OverlappingCidrs", `The VPCs ${own} and ${other} have overlapping CIDR blocks: their peering fails.`);
    }
    const same = view.all(TYPES.peering).find((item) => item.id !== id && pairOf(item.state) === pairOf(args));
    if (same !== undefined)
      refuse("VpcPeeringConnectionAlreadyExists", `A VPC peering connection already exists: ${same.id}`);
  },
};

function pairOf(state: unknown): string {
  return [text(state, "vpcId"), text(state, "peerVpcId")].sort().join();
}

/** Changes the connection that an input names, wherever it was asked for. */
function change(
  { args, view, region, accountId }: Call,
  state: (item: Item) => Readonly<Record<string, unknown>>,
): void {
  const item = peering.find?.(text(args, "vpcPeeringConnectionId"), { view, region, accountId });
  if (item !== undefined) view.put({ ...item, state: { ...item.state, ...state(item) } });
}

const accepter: Model = {
  token: "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",
  replaceOn: ["vpcPeeringConnectionId"],
  // Only the connection goes; what accepted it says no more.
  references: { vpcPeeringConnectionId: loosely(peering) },
  id: ({ args }) => text(args, "vpcPeeringConnectionId"),
  outputs: (call) => {
    const state = peering.find?.(text(call.args, "vpcPeeringConnectionId"), call)?.state;
    return {
      // Each end sees itself as the near one.
      vpcId: text(state, "peerVpcId"),
      peerVpcId: text(state, "vpcId"),
      peerRegion: text(state, "region"),
      peerOwnerId: call.accountId,
      acceptStatus: flag(call.args, "autoAccept") ? "active" : "pending-acceptance",
      accepter: CLOSED,
      requester: CLOSED,
    };
  },
  accept: (call) => {
    const item = peering.find?.(text(call.args, "vpcPeeringConnectionId"), call);
    const far = text(item?.state, "peerRegion");
    if (far !== call.region) {
      refuse("OperationNotPermitted", `Cannot accept ${item?.id} in ${call.region}: its accepter is in ${far}`);
    }
  },
  created: (call) => {
    if (flag(call.args, "autoAccept")) change(call, () => ({ acceptStatus: "active" }));
  },
};

const options: Model = {
  token: "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions",
  replaceOn: ["vpcPeeringConnectionId"],
  references: { vpcPeeringConnectionId: loosely(peering) },
  id: ({ args }) => text(args, "vpcPeeringConnectionId"),
  outputs: () => ({ requester: CLOSED, accepter: CLOSED }),
  accept: (call) => {
    const item = peering.find?.(text(call.args, "vpcPeeringConnectionId"), call);
    if (text(item?.state, "acceptStatus") !== "active") {
      refuse("OperationNotPermitted", `Peering pcx options cannot be set: ${item?.id} is not active; accept it first`);
    }
    const ends = [
      { input: "requester", region: item?.region },
      { input: "accepter", region: text(item?.state, "peerRegion") },
    ];
    const strange = ends.find(({ input, region }) => input in call.args && region !== call.region);
    if (strange !== undefined) {
      refuse(
        "OperationNotPermitted",
        `The options of the ${strange.input} can only be set in its own region, ${strange.region}`,
      );
    }
  },
};

export const peerings: readonly Model[] = [connection, accepter, options];
