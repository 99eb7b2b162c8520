import { refuse } from "../errors";
import { hex } from "../ids";
import { isRegion, zonesOf } from "../regions";
import { TYPES } from "../targets";
import { objects, type Props, text, texts } from "../values";
import { type Context, type Functions, itemsOf } from "./function";

/** Who the stand-in takes the caller for. */
const CALLER = "assumed-role/rehearsal/openchoreo";

export const identityFunctions: Functions = {
  "aws:index/getCallerIdentity:getCallerIdentity": (_, { accountId }) => ({
    accountId,
    arn: `arn:aws:sts::${accountId}:${CALLER}`,
    id: accountId,
    userId: "AROAREHEARSAL0000000:openchoreo",
  }),
  "aws:index/getPartition:getPartition": () => ({
    dnsSuffix: "amazonaws.com",
    id: "aws",
    partition: "aws",
    reverseDnsPrefix: "com.amazonaws",
  }),
  "aws:index/getRegion:getRegion": (args, { region }) => {
    const name = text(args, "name") || region;
    if (!isRegion(name)) refuse("InvalidParameterValue", `no EC2 Region found matching the request: ${name}`);
    return { id: name, name, region: name, description: name, endpoint: `ec2.${name}.amazonaws.com` };
  },
  "aws:index/getAvailabilityZones:getAvailabilityZones": zones,
  "aws:iam/getRole:getRole": (args, context) => {
    const role = itemsOf(context, TYPES.role).find(({ id }) => id === text(args, "name"));
    return role === undefined
      ? refuse("NoSuchEntity", `The role with name ${text(args, "name")} cannot be found.`)
      : { ...role.state, id: role.id, tags: role.state.tagsAll ?? {} };
  },
  "aws:ssm/getParameter:getParameter": parameter,
};

function zones(args: Props, { region }: Context): Props {
  const filters = objects(args, "filters");
  const unknown = filters.find(
    (filter) =>
      !["opt-in-status", "zone-type", "state", "region-name", "zone-id", "zone-name"].includes(text(filter, "name")),
  );
  if (unknown !== undefined) refuse("InvalidParameterValue", `The filter '${text(unknown, "name")}' is invalid`);
  const wants = (name: string, value: string) =>
    filters
      .filter((filter) => text(filter, "name") === name)
      .every((filter) => texts(filter, "values").includes(value));
  const found = zonesOf(region).filter(({ name, id }) => {
    const isExcluded = texts(args, "excludeNames").includes(name) || texts(args, "excludeZoneIds").includes(id);
    const isWanted = wants("zone-name", name) && wants("zone-id", id) && wants("zone-type", "availability-zone");
    return !isExcluded && isWanted && wants("opt-in-status", "opt-in-not-required") && wants("state", "available");
  });
  return { groupNames: [region], id: region, names: found.map(({ name }) => name), zoneIds: found.map(({ id }) => id) };
}

function parameter(args: Props, context: Context): Props {
  const name = text(args, "name");
  const own = itemsOf(context, "aws:ssm/parameter:Parameter").find(({ id }) => id === name);
  const arn = `arn:aws:ssm:${context.region}:${context.accountId}:parameter/${name.replace(/^\//, "")}`;
  if (own !== undefined) {
    const { type, value, version } = own.state;
    return { arn, id: name, name, type, value, version, insecureValue: type === "SecureString" ? "" : value };
  }
  // AWS's own: images, of which one is like another here.
  if (/^\/aws\/service\/(eks\/optimized-ami|ami-amazon-linux-latest|bottlerocket)\//.test(name)) {
    const value = name.endsWith("release_version") ? "1.34.0-20261101" : `ami-0${hex(16)}`;
    return { arn, id: name, name, type: "String", value, version: 1, insecureValue: value };
  }
  return refuse("ParameterNotFound", `couldn't find resource: SSM parameter ${name}`);
}
