import { refuse } from "../errors";
import { arn, between, json, matches, oneOf } from "../formats";
import { ec2Id, hex } from "../ids";
import { arnOf, type Call, type Model, once, to } from "../model";
import { addressIn } from "../network";
import { requirePolicy } from "../policies";
import { fileSystem, key, securityGroup, subnet, TYPES } from "../targets";
import { flag, objects, text, texts } from "../values";

const fileSystemModel: Model = {
  token: TYPES.fileSystem,
  replaceOn: ["availabilityZoneName", "creationToken", "encrypted", "kmsKeyId", "performanceMode"],
  defaults: { throughputMode: "bursting" },
  formats: {
    performanceMode: oneOf("generalPurpose", "maxIO"),
    throughputMode: oneOf("bursting", "provisioned", "elastic"),
    kmsKeyId: arn("kms", "key/"),
    provisionedThroughputInMibps: between(1, 3414),
  },
  check: (args) =>
    text(args, "kmsKeyId") !== "" && !flag(args, "encrypted")
      ? [{ path: "encrypted", reason: "must be set to true when kmsKeyId is specified" }]
      : [],
  references: { kmsKeyId: to(key) },
  id: () => ec2Id("fs"),
  outputs: (call) => ({
    arn: arnOf(call, "elasticfilesystem", `file-system/${call.id}`),
    creationToken: once(call, "creationToken", () => hex(26)),
    dnsName: `${call.id}.efs.${call.region}.amazonaws.com`,
    name: text(call.args, "tags.Name"),
    ownerId: call.accountId,
    performanceMode: "generalPurpose",
    protection: { replicationOverwrite: "ENABLED" },
    sizeInBytes: [{ value: 6144, valueInIa: 0, valueInStandard: 6144 }],
  }),
  inUse: (id) => ["FileSystemInUse", `The file system ${id} has mount targets or access points.`],
};

const fileSystemPolicy: Model = {
  token: "aws:efs/fileSystemPolicy:FileSystemPolicy",
  replaceOn: ["fileSystemId"],
  json: ["policy"],
  formats: { policy: json },
  references: { fileSystemId: to(fileSystem) },
  id: ({ args }) => text(args, "fileSystemId"),
  accept: (call) =>
    requirePolicy(text(call.args, "policy"), { kind: "resource", call, code: "InvalidPolicyException" }),
};

const MOUNT = "aws:efs/mountTarget:MountTarget";

const mountTarget: Model = {
  token: MOUNT,
  replaceOn: ["fileSystemId", "ipAddress", "subnetId", "ipAddressType", "ipv6Address"],
  references: { fileSystemId: to(fileSystem), subnetId: to(subnet), securityGroups: to(securityGroup) },
  id: () => ec2Id("fsmt"),
  outputs: (call) => {
    const place = call.view.get(TYPES.subnet, text(call.args, "subnetId"), call.region)?.state;
    const dnsName = `${text(call.args, "fileSystemId")}.efs.${call.region}.amazonaws.com`;
    return {
      availabilityZoneId: text(place, "availabilityZoneId"),
      availabilityZoneName: text(place, "availabilityZone"),
      dnsName,
      fileSystemArn: arnOf(call, "elasticfilesystem", `file-system/${text(call.args, "fileSystemId")}`),
      ipAddress: addressIn(text(place, "cidrBlock"), 20),
      ipAddressType: "IPV4_ONLY",
      mountTargetDnsName: `${text(place, "availabilityZone")}.${dnsName}`,
      networkInterfaceId: once(call, "networkInterfaceId", () => ec2Id("eni")),
      ownerId: call.accountId,
    };
  },
  accept: (call) => {
    const zone = zoneOf(call, text(call.args, "subnetId"));
    const other = call.view
      .all(MOUNT, call.region)
      .find(
        ({ id, state }) =>
          id !== call.id &&
          text(state, "fileSystemId") === text(call.args, "fileSystemId") &&
          zoneOf(call, text(state, "subnetId")) === zone,
      );
    if (other !== undefined) refuse("MountTargetConflict", `mount target already exists in this AZ (${zone})`);
  },
};

function zoneOf({ view, region }: Call, subnetId: string): string {
  return text(view.get(TYPES.subnet, subnetId, region)?.state, "availabilityZone");
}

const accessPoint: Model = {
  token: "aws:efs/accessPoint:AccessPoint",
  replaceOn: ["fileSystemId", "posixUser", "rootDirectory"],
  references: { fileSystemId: to(fileSystem) },
  id: () => ec2Id("fsap"),
  outputs: (call) => ({
    arn: arnOf(call, "elasticfilesystem", `access-point/${call.id}`),
    fileSystemArn: arnOf(call, "elasticfilesystem", `file-system/${text(call.args, "fileSystemId")}`),
    ownerId: call.accountId,
    rootDirectory: { path: "/" },
  }),
};

const table: Model = {
  token: "aws:dynamodb/table:Table",
  replaceOn: [
    "name",
    "hashKey",
    "rangeKey",
    "localSecondaryIndexes",
    "importTable",
    "restoreSourceName",
    "restoreSourceTableArn",
  ],
  autoname: { field: "name", longest: 255 },
  defaults: { billingMode: "PROVISIONED", deletionProtectionEnabled: false },
  formats: {
    name: matches(/^[\w.-]{3,255}$/, "3 to 255 letters, digits and ._-"),
    billingMode: oneOf("PROVISIONED", "PAY_PER_REQUEST"),
    "attributes.type": oneOf("S", "N", "B"),
  },
  references: { "serverSideEncryption.kmsKeyArn": to(key) },
  id: ({ args }) => text(args, "name"),
  outputs: (call) => ({ arn: arnOf(call, "dynamodb", `table/${call.id}`), pointInTimeRecovery: { enabled: false } }),
  accept: (call) => {
    const { args, view, region, id } = call;
    if (call.old === undefined && view.get(table.token, id, region) !== undefined)
      refuse("ResourceInUseException", `Table already exists: ${id}`);
    const used = [
      text(args, "hashKey"),
      text(args, "rangeKey"),
      ...objects(args, "globalSecondaryIndexes").flatMap((one) => [text(one, "hashKey"), text(one, "rangeKey")]),
    ];
    const defined = texts(args, "attributes.name");
    const missing = used.find((name) => name !== "" && !defined.includes(name));
    const unused = defined.find((name) => !used.includes(name));
    if (missing !== undefined || unused !== undefined) {
      refuse(
        "ValidationException",
        `One or more parameter values were invalid: attribute ${missing ?? unused} is ${missing === undefined ? "defined and no key" : "a key and not defined"}`,
      );
    }
    if (
      text(args, "billingMode") === "PROVISIONED" &&
      (text(args, "readCapacity") === "" || text(args, "writeCapacity") === "")
    ) {
      refuse(
        "ValidationException",
        "No provisioned throughput specified for the table: give readCapacity and writeCapacity, or billingMode PAY_PER_REQUEST",
      );
    }
  },
  release: ({ args, id }) => {
    if (flag(args, "deletionProtectionEnabled")) {
      refuse(
        "ValidationException",
        `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first: ${id}`,
      );
    }
  },
};

export const storage: readonly Model[] = [fileSystemModel, fileSystemPolicy, mountTarget, accessPoint, table];
