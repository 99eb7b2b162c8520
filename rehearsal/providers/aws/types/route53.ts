import { type Item, keyOf } from "../account";
import { refuse } from "../errors";
import { between, length, matches, oneOf } from "../formats";
import { capitals, uuid } from "../ids";
import { type Call, exactlyOne, loosely, type Model, to } from "../model";
import { resolve } from "../references";
import { healthCheck, TYPES, vpc, zone } from "../targets";
import { flag, number, objects, type Props, text, texts } from "../values";

/** Without the dot at the end, in lower case. */
function plainName(name: string): string {
  return name.replace(/\.$/, "").toLowerCase();
}

const RECORD = "aws:route53/record:Record";
const SERVERS = ["ns-1.awsdns-01.com", "ns-512.awsdns-02.net", "ns-1024.awsdns-03.org", "ns-1536.awsdns-04.co.uk"];

const zoneModel: Model = {
  token: TYPES.zone,
  global: true,
  replaceOn: ["name", "delegationSetId"],
  autoname: { field: "name", longest: 1024 },
  defaults: { comment: "Managed by Pulumi", forceDestroy: false, enableAcceleratedRecovery: false },
  formats: { name: matches(/^([\w*-]{1,63}\.)*[\w-]{1,63}\.?$/, "a domain name"), comment: length(0, 256) },
  references: {
    "vpcs.vpcId": to({ ...vpc, find: (id, { view }) => view.all(TYPES.vpc).find((item) => item.id === id) }),
  },
  id: () => `Z${capitals(20)}`,
  outputs: (call) => ({
    arn: `arn:aws:route53:::hostedzone/${call.id}`,
    zoneId: call.id,
    name: plainName(text(call.args, "name")),
    nameServers: objects(call.args, "vpcs").length > 0 ? [] : SERVERS,
    primaryNameServer: SERVERS[0],
  }),
  release: ({ args, id, view }) => {
    const left = view.all(RECORD).filter(({ state }) => text(state, "zoneId") === id);
    if (left.length > 0 && !flag(args, "forceDestroy")) {
      refuse(
        "HostedZoneNotEmpty",
        `The specified hosted zone contains non-required resource record sets and so cannot be deleted: ${left.map(({ state }) => text(state, "fqdn")).join(", ")}`,
      );
    }
  },
};

const POLICIES = [
  ...["weightedRoutingPolicies", "latencyRoutingPolicies", "failoverRoutingPolicies", "geolocationRoutingPolicies"],
  ...["geoproximityRoutingPolicy", "cidrRoutingPolicy", "multivalueAnswerRoutingPolicy"],
];
const RECORD_TYPES = [
  "A",
  "AAAA",
  "CAA",
  "CNAME",
  "DS",
  "HTTPS",
  "MX",
  "NAPTR",
  "NS",
  "PTR",
  "SOA",
  "SPF",
  "SRV",
  "SSHFP",
  "SVCB",
  "TLSA",
  "TXT",
];

const record: Model = {
  token: RECORD,
  global: true,
  replaceOn: ["name", "zoneId"],
  formats: {
    type: oneOf(...RECORD_TYPES),
    ttl: between(0, 2_147_483_647),
    "weightedRoutingPolicies.weight": between(0, 255),
    "failoverRoutingPolicies.type": oneOf("PRIMARY", "SECONDARY"),
  },
  check: (args) => [
    ...exactlyOne(args, ["aliases", "records"]),
    ...("aliases" in args && "ttl" in args ? [{ path: "ttl", reason: 'conflicts with "aliases"' }] : []),
    ...("records" in args && !("ttl" in args) ? [{ path: "ttl", reason: "is required with records" }] : []),
    ...policyProblems(args),
  ],
  references: { zoneId: loosely(zone), healthCheckId: to(healthCheck) },
  id: (call) =>
    [text(call.args, "zoneId"), fullName(call), text(call.args, "type"), text(call.args, "setIdentifier")]
      .filter((part) => part !== "")
      .join("_"),
  outputs: (call) => ({ fqdn: fullName(call), name: plainName(text(call.args, "name")) }),
  accept: (call) => {
    const zoneName = text(resolve(zone, text(call.args, "zoneId"), call)?.state, "name");
    requireFit(call, zoneName);
    for (const other of recordsOf(call)) requireBeside(call, other);
  },
};

function policyProblems(args: Props) {
  const policies = POLICIES.filter((name) => name in args);
  if (policies.length > 1) return [{ path: policies[1] ?? "", reason: `conflicts with "${policies[0]}"` }];
  if (policies.length === 1 && !("setIdentifier" in args))
    return [{ path: "setIdentifier", reason: `is required with ${policies[0]}` }];
  return [];
}

/** A name without the zone's gets it. */
function fullName(call: Call): string {
  const [name, zoneName] = [
    plainName(text(call.args, "name")),
    text(resolve(zone, text(call.args, "zoneId"), call)?.state, "name"),
  ];
  if (zoneName === "" || name === zoneName || name.endsWith(`.${zoneName}`)) return name;
  return name === "" ? zoneName : `${name}.${zoneName}`;
}

function requireFit({ args }: Call, zoneName: string): void {
  const [name, type] = [plainName(text(args, "name")), text(args, "type")];
  if (type === "CNAME" && (name === "" || name === zoneName)) {
    refuse(
      "InvalidChangeBatch",
      `[RRSet of type CNAME with DNS name ${zoneName}. is not permitted at apex in zone ${zoneName}.]`,
    );
  }
  if (type === "CNAME" && texts(args, "records").length > 1) {
    refuse("InvalidChangeBatch", `[InvalidChangeBatch: CNAME ${name} has more than one value]`);
  }
  const wrong = texts(args, "records").find((value) => type === "A" && !/^\d+\.\d+\.\d+\.\d+$/.test(value));
  if (wrong !== undefined)
    refuse(
      "InvalidChangeBatch",
      `[Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) encountered with '${wrong}'']`,
    );
}

function recordsOf(call: Call): Item[] {
  const own = keyOf({ type: RECORD, region: "", id: call.id });
  return call.view
    .all(RECORD)
    .filter(
      (item) => text(item.state, "zoneId") === text(call.args, "zoneId") && text(item.state, "fqdn") === fullName(call),
    )
    .filter((item) => call.old === undefined || keyOf(item) !== own);
}

/** Records of one name and type are one set, told apart by their identifiers and of one kind. */
function requireBeside(call: Call, other: Item): void {
  const { args } = call;
  const [type, name] = [text(args, "type"), fullName(call)];
  if (text(other.state, "type") !== type) {
    if ([type, text(other.state, "type")].includes("CNAME")) {
      refuse(
        "InvalidChangeBatch",
        `[RRSet of type ${type} with DNS name ${name}. is not permitted because a conflicting RRSet of type ${text(other.state, "type")} with the same DNS name already exists]`,
      );
    }
    return;
  }
  const [own, theirs] = [args, other.state].map((one) => text(one, "setIdentifier"));
  const kinds = [args, other.state].map((one) => POLICIES.filter((policy) => policy in one).join());
  if (own === theirs && !flag(args, "allowOverwrite")) {
    refuse(
      "InvalidChangeBatch",
      `[Tried to create resource record set [name='${name}.', type='${type}'] but it already exists]`,
    );
  }
  if (kinds[0] !== kinds[1]) {
    refuse(
      "InvalidChangeBatch",
      `[RRSet with DNS name ${name}., type ${type}, SetIdentifier ${own} cannot be created because a non multi-value or differently routed one of the same name and type exists]`,
    );
  }
}

const CHECKS = [
  "HTTP",
  "HTTPS",
  "HTTP_STR_MATCH",
  "HTTPS_STR_MATCH",
  "TCP",
  "CALCULATED",
  "CLOUDWATCH_METRIC",
  "RECOVERY_CONTROL",
];

const check: Model = {
  token: TYPES.healthCheck,
  global: true,
  replaceOn: ["type", "referenceName", "requestInterval", "measureLatency", "routingControlArn"],
  defaults: { disabled: false, invertHealthcheck: false, measureLatency: false },
  formats: {
    type: oneOf(...CHECKS),
    failureThreshold: between(1, 10),
    requestInterval: oneOf(10, 30),
    port: between(1, 65_535),
    ipAddress: matches(/^(\d+\.\d+\.\d+\.\d+|[0-9a-fA-F:]+)$/, "an IP address"),
  },
  references: { childHealthchecks: to(healthCheck) },
  id: uuid,
  outputs: (call) => ({
    arn: `arn:aws:route53:::healthcheck/${call.id}`,
    failureThreshold: 3,
    enableSni: text(call.args, "type").startsWith("HTTPS"),
  }),
  accept: ({ args }) => {
    const isEndpoint = /^(HTTP|TCP)/.test(text(args, "type"));
    if (isEndpoint && text(args, "fqdn") === "" && text(args, "ipAddress") === "") {
      refuse("InvalidInput", "Invalid parameter : Either IPAddress or FullyQualifiedDomainName must be specified");
    }
    if (isEndpoint && text(args, "type") === "TCP" && number(args, "port") === undefined) {
      refuse("InvalidInput", "Invalid parameter : Port must be specified for TCP health checks");
    }
  },
  inUse: (id) => ["HealthCheckInUse", `The health check ${id} is in use.`],
};

export const route53: readonly Model[] = [zoneModel, record, check];
