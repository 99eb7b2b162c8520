import type { Item } from "../account";
import { refuse } from "../errors";
import { TYPES } from "../targets";
import { isObject, objects, type Props, text, texts } from "../values";
import { type Context, type Functions, itemsOf } from "./function";

export const networkFunctions: Functions = {
  "aws:ec2/getVpc:getVpc": (args, context) => ({
    ...one(args, context, TYPES.vpc, "EC2 VPC").state,
    ...vpcOf(args, context),
  }),
  "aws:ec2/getSubnet:getSubnet": (args, context) => described(one(args, context, TYPES.subnet, "EC2 Subnet")),
  "aws:ec2/getSubnets:getSubnets": (args, context) => many(args, context, TYPES.subnet),
  "aws:ec2/getRouteTables:getRouteTables": (args, context) => many(args, context, TYPES.routeTable),
  "aws:ec2/getSecurityGroup:getSecurityGroup": (args, context) =>
    described(one(args, context, TYPES.securityGroup, "EC2 Security Group")),
  "aws:ec2/getVpcPeeringConnection:getVpcPeeringConnection": (args, context) => {
    const found = one(args, context, TYPES.peering, "EC2 VPC Peering Connection");
    return { ...described(found), status: found.state.acceptStatus, ownerId: context.accountId };
  },
  "aws:route53/getZone:getZone": zoneOf,
};

function vpcOf(args: Props, context: Context): Props {
  const found = one(args, context, TYPES.vpc, "EC2 VPC");
  const association = {
    associationId: `vpc-cidr-assoc-${found.id.slice(4)}`,
    cidrBlock: text(found.state, "cidrBlock"),
    state: "associated",
  };
  return { id: found.id, default: false, cidrBlockAssociations: [association], tags: found.state.tagsAll ?? {} };
}

function described(item: Item): Props {
  return { ...item.state, id: item.id, tags: item.state.tagsAll ?? {} };
}

/** The one that fits; none and several are refused, as by the real provider. */
function one(args: Props, context: Context, type: string, what: string): Item {
  const found = fitting(args, context, type);
  const [first, second] = found;
  if (first === undefined) return refuse("NotFound", `no matching ${what} found`);
  if (second !== undefined)
    return refuse(
      "TooMany",
      `multiple ${what}s matched; use additional constraints to reduce matches to a single ${what}`,
    );
  return first;
}

function many(args: Props, context: Context, type: string): Props {
  const ids = fitting(args, context, type).map(({ id }) => id);
  return { id: context.region, ids, tags: args.tags ?? {} };
}

function fitting(args: Props, context: Context, type: string): Item[] {
  const { id, filters: _, tags: _tags, region: _region, ...fields } = args;
  return itemsOf(context, type).filter((item) => {
    const isNamed = typeof id !== "string" || id === "" || item.id === id;
    const fits = Object.entries(fields).every(
      ([name, value]) => value === "" || value === false || text(item.state, name) === String(value),
    );
    return isNamed && fits && hasTags(item, args.tags) && passes(item, objects(args, "filters"));
  });
}

function hasTags({ state }: Item, tags: unknown): boolean {
  const own = isObject(state.tagsAll) ? state.tagsAll : {};
  return Object.entries(isObject(tags) ? tags : {}).every(([key, value]) => own[key] === value);
}

/** Filters of EC2: `tag:Name`, `vpc-id`, `cidr-block` and the like; what the stand-in does not know is refused. */
function passes(item: Item, filters: readonly Props[]): boolean {
  return filters.every((filter) => {
    const [name, values] = [text(filter, "name"), texts(filter, "values")];
    if (name.startsWith("tag:")) {
      const tags = isObject(item.state.tagsAll) ? item.state.tagsAll : {};
      return values.includes(String(tags[name.slice(4)] ?? ""));
    }
    const field = name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    if (!(field in item.state)) refuse("InvalidParameterValue", `The filter '${name}' is not known to the stand-in`);
    return values.includes(text(item.state, field));
  });
}

function zoneOf(args: Props, context: Context): Props {
  const [id, name] = [text(args, "zoneId"), text(args, "name").replace(/\.$/, "")];
  const found = itemsOf(context, TYPES.zone).find((item) =>
    id === "" ? text(item.state, "name") === name : item.id === id,
  );
  if (found !== undefined)
    return {
      ...described(found),
      linkedServicePrincipal: "",
      linkedServiceDescription: "",
      callerReference: "rehearsal",
      privateZone: false,
      resourceRecordSetCount: 2,
    };
  if (id !== "" && context.existing.has(id))
    return { id, zoneId: id, name, nameServers: [], arn: `arn:aws:route53:::hostedzone/${id}`, tags: {} };
  return refuse("NoSuchHostedZone", `no matching Route 53 Hosted Zone found: ${id || name}`);
}
