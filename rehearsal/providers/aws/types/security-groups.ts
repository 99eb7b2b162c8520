import { refuse } from "../errors";
import { between, cidr, matches } from "../formats";
import { ec2Id } from "../ids";
import { arnOf, type Call, exactlyOne, loosely, type Model, once, to } from "../model";
import { resolve } from "../references";
import { securityGroup, TYPES, vpc } from "../targets";
import { number, type Props, text } from "../values";

const NAME = matches(/^(?!sg-)[\w .:/()#,@[\]+=&;{}!$*-]{1,255}$/, "at most 255 characters, not beginning with sg-");
const DESCRIPTION = matches(
  /^[\w .:/()#,@[\]+=&;{}!$*-]{0,255}$/,
  "at most 255 characters, letters, digits and ._-:/()#,@[]+=&;{}!$*",
);

const inline = {
  "ingress.cidrBlocks": cidr(),
  "egress.cidrBlocks": cidr(),
  "ingress.fromPort": between(-1, 65_535),
  "ingress.toPort": between(-1, 65_535),
  "egress.fromPort": between(-1, 65_535),
  "egress.toPort": between(-1, 65_535),
};
const inlineReferences = {
  "ingress.securityGroups": to(securityGroup),
  "egress.securityGroups": to(securityGroup),
};

const securityGroupModel: Model = {
  token: TYPES.securityGroup,
  replaceOn: ["description", "name", "namePrefix", "vpcId"],
  autoname: { field: "name", longest: 255, unless: ["namePrefix"] },
  defaults: { description: "Managed by Pulumi", revokeRulesOnDelete: false },
  formats: { name: NAME, description: DESCRIPTION, ...inline },
  references: { vpcId: to(vpc), ...inlineReferences },
  id: () => ec2Id("sg"),
  outputs: (call) => ({
    arn: arnOf(call, "ec2", `security-group/${call.id}`),
    ownerId: call.accountId,
    name: once(call, "name", () => `${text(call.args, "namePrefix")}${Date.now()}`),
  }),
  accept: ({ args, view, region, id }) => {
    const [name, vpcId] = [text(args, "name"), text(args, "vpcId")];
    if (vpcId === "") {
      refuse("VPCIdNotSpecified", "No default VPC for this user: an account of production has none; give vpcId.");
    }
    const other = view
      .all(TYPES.securityGroup, region)
      .find((item) => item.id !== id && text(item.state, "vpcId") === vpcId && text(item.state, "name") === name);
    if (name !== "" && other !== undefined) {
      refuse("InvalidGroup.Duplicate", `The security group '${name}' already exists for VPC '${vpcId}'`);
    }
  },
};

const defaultSecurityGroup: Model = {
  token: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  replaceOn: ["vpcId"],
  formats: inline,
  // It takes over what is there and leaves it there.
  references: { vpcId: loosely(vpc), "ingress.securityGroups": loosely(securityGroup) },
  id: ({ args, view, region }) =>
    text(view.get(TYPES.vpc, text(args, "vpcId"), region)?.state, "defaultSecurityGroupId"),
  outputs: (call) => ({
    arn: arnOf(call, "ec2", `security-group/${call.id}`),
    ownerId: call.accountId,
    name: "default",
    description: "default VPC security group",
  }),
  check: (args) =>
    "vpcId" in args ? [] : [{ path: "vpcId", reason: "the stand-in's account has no default VPC; give vpcId" }],
};

const SOURCES = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"] as const;

function ruleModel(token: string): Model {
  return {
    token,
    replaceOn: ["securityGroupId"],
    replaceIf: (olds, news) => {
      const [before, after] = [olds, news].map((one) => SOURCES.filter((name) => name in one).join());
      return before === after ? [] : SOURCES;
    },
    formats: {
      cidrIpv4: cidr(),
      fromPort: between(-1, 65_535),
      toPort: between(-1, 65_535),
      description: DESCRIPTION,
    },
    check: (args) => [...exactlyOne(args, SOURCES), ...portProblems(args)],
    references: {
      // A rule goes with its group.
      securityGroupId: loosely(securityGroup),
      referencedSecurityGroupId: to(securityGroup),
    },
    id: () => ec2Id("sgr"),
    outputs: (call) => ({ arn: arnOf(call, "ec2", `security-group-rule/${call.id}`), securityGroupRuleId: call.id }),
    accept: (call) => {
      const same = call.view
        .all(token, call.region)
        .find(({ id, state }) => id !== call.id && ruleOf(state) === ruleOf(call.args));
      if (same !== undefined) {
        refuse("InvalidPermission.Duplicate", `the specified rule "${ruleOf(call.args)}, ALLOW" already exists`);
      }
      sameVpc(call);
    },
  };
}

/** A port range with its protocol: all protocols have no ports, all others need them. */
function portProblems(args: Props) {
  const protocol = text(args, "ipProtocol");
  const [from, end] = [number(args, "fromPort"), number(args, "toPort")];
  if (protocol === "-1") {
    return "fromPort" in args || "toPort" in args ? [{ path: "fromPort", reason: "ipProtocol -1 takes no ports" }] : [];
  }
  // ICMP has a type and a code in their place.
  if (!["tcp", "udp"].includes(protocol)) return [];
  if (!("fromPort" in args && "toPort" in args)) {
    return [{ path: "fromPort", reason: `ipProtocol ${protocol} takes fromPort and toPort` }];
  }
  if (from !== undefined && end !== undefined && from > end) {
    return [{ path: "toPort", reason: `is less than fromPort (${from})` }];
  }
  return [];
}

function ruleOf(rule: Props): string {
  const source = SOURCES.map((name) => text(rule, name)).find((value) => value !== "") ?? "";
  const ports = [text(rule, "fromPort"), text(rule, "toPort")].join(" to ");
  return `peer: ${source}, ${text(rule, "ipProtocol").toUpperCase()}, ports: ${ports} of ${text(rule, "securityGroupId")}`;
}

/** A group can be named across a peering of one region, and never across regions. */
function sameVpc(call: Call): void {
  const [own, other] = ["securityGroupId", "referencedSecurityGroupId"].map((name) => {
    const found = resolve(securityGroup, text(call.args, name), call);
    return text(found?.state, "vpcId");
  });
  if (other === "" || own === other) return;
  const isPeered = call.view
    .all(TYPES.peering, call.region)
    .some(({ state }) => [text(state, "vpcId"), text(state, "peerVpcId")].sort().join() === [own, other].sort().join());
  if (!isPeered) {
    refuse("InvalidGroup.NotFound", "You have specified two resources that belong to different networks.");
  }
}

export const securityGroups: readonly Model[] = [
  securityGroupModel,
  defaultSecurityGroup,
  ruleModel("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"),
  ruleModel("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"),
];
