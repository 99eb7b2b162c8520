import { refuse } from "../errors";
import { length, matches, oneOf, tagProblem } from "../formats";
import { ec2Id } from "../ids";
import { arnOf, loosely, type Model, once, to } from "../model";
import { addressIn } from "../network";
import {
  instanceProfile,
  instanceProfileArn,
  key,
  launchTemplate,
  launchTemplateName,
  securityGroup,
  subnet,
  TYPES,
} from "../targets";
import { flag, number, text, texts } from "../values";

export const INSTANCE_TYPE = matches(
  /^[a-z]+[0-9]+[a-z0-9-]*\.(metal|nano|micro|small|medium|large|\d*xlarge|metal-\d+xl)$/,
  "no instance type such as m7i.large",
);
const AMI = matches(/^(ami-[0-9a-f]{8,17}|resolve:ssm:\S+)$/, "an AMI is such as ami-0abcdef1234567890");
const VOLUME = oneOf("standard", "io1", "io2", "gp2", "gp3", "sc1", "st1");

const launchTemplateModel: Model = {
  token: TYPES.launchTemplate,
  replaceOn: ["name", "namePrefix"],
  autoname: { field: "name", longest: 128, unless: ["namePrefix"] },
  formats: {
    name: matches(/^[\w()./-]{3,128}$/, "3 to 128 letters, digits and ()./_-"),
    description: length(0, 255),
    imageId: AMI,
    instanceType: INSTANCE_TYPE,
    "blockDeviceMappings.ebs.volumeType": VOLUME,
    "metadataOptions.httpTokens": oneOf("optional", "required"),
    "metadataOptions.httpEndpoint": oneOf("enabled", "disabled"),
    "tagSpecifications.resourceType": oneOf(
      ...["instance", "volume", "network-interface", "elastic-gpu", "spot-instances-request"],
    ),
    userData: (value) =>
      /^[A-Za-z0-9+/]*={0,2}$/.test(String(value)) ? undefined : "expected userData to be a base64-encoded value",
  },
  references: {
    vpcSecurityGroupIds: to(securityGroup),
    "networkInterfaces.securityGroups": to(securityGroup),
    "networkInterfaces.subnetId": to(subnet),
    "blockDeviceMappings.ebs.kmsKeyId": to(key),
    "iamInstanceProfile.name": to(instanceProfile),
    "iamInstanceProfile.arn": to(instanceProfileArn),
  },
  id: () => ec2Id("lt"),
  outputs: (call) => {
    // Every change is a version of its own.
    const latestVersion = (number(call.old, "latestVersion") ?? 0) + 1;
    const isDefault = call.old === undefined || flag(call.args, "updateDefaultVersion");
    return {
      arn: arnOf(call, "ec2", `launch-template/${call.id}`),
      latestVersion,
      defaultVersion:
        number(call.args, "defaultVersion") ?? (isDefault ? latestVersion : (number(call.old, "defaultVersion") ?? 1)),
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "optional", httpPutResponseHopLimit: 1 },
      name: once(call, "name", () => `${text(call.args, "namePrefix")}${Date.now()}`),
    };
  },
  recomputed: (changed) => (changed.some((path) => !/^tags/.test(path)) ? ["latestVersion", "defaultVersion"] : []),
  accept: ({ args, view, region, id }) => {
    const name = text(args, "name");
    const other = view
      .all(TYPES.launchTemplate, region)
      .find((item) => item.id !== id && text(item.state, "name") === name);
    if (name !== "" && other !== undefined) {
      refuse("InvalidLaunchTemplateName.AlreadyExistsException", "Launch template name already in use.");
    }
    if (texts(args, "vpcSecurityGroupIds").length > 0 && "networkInterfaces" in args) {
      refuse(
        "InvalidParameterCombination",
        "Network interfaces and an instance-level security groups may not be specified on the same request",
      );
    }
  },
};

const instance: Model = {
  token: TYPES.instance,
  replaceOn: [
    ...[
      "ami",
      "associatePublicIpAddress",
      "availabilityZone",
      "getPasswordData",
      "hibernation",
      "keyName",
      "privateIp",
    ],
    ...[
      "subnetId",
      "tenancy",
      "enclaveOptions",
      "rootBlockDevice.encrypted",
      "rootBlockDevice.kmsKeyId",
      "launchTemplate.id",
    ],
    ...["networkInterfaces", "ephemeralBlockDevices", "securityGroups", "placementPartitionNumber"],
  ],
  replaceIf: (_, news) => (flag(news, "userDataReplaceOnChange") ? ["userData", "userDataBase64"] : []),
  defaults: { sourceDestCheck: true, getPasswordData: false },
  formats: {
    ami: AMI,
    instanceType: INSTANCE_TYPE,
    "rootBlockDevice.volumeType": VOLUME,
    "metadataOptions.httpTokens": oneOf("optional", "required"),
  },
  check: (args) => {
    if ("launchTemplate" in args) return [];
    return ["ami", "instanceType"]
      .filter((name) => !(name in args))
      .map((path) => ({ path, reason: "one of it and launchTemplate must be specified" }));
  },
  references: {
    subnetId: to(subnet),
    vpcSecurityGroupIds: to(securityGroup),
    iamInstanceProfile: to(instanceProfile),
    "rootBlockDevice.kmsKeyId": to(key),
    "launchTemplate.id": to(launchTemplate),
    "launchTemplate.name": to(launchTemplateName),
  },
  id: () => ec2Id("i"),
  outputs: (call) => {
    const place = call.view.get(TYPES.subnet, text(call.args, "subnetId"), call.region)?.state;
    const privateIp = once(call, "privateIp", () => addressIn(text(place, "cidrBlock"), 10));
    return {
      arn: arnOf(call, "ec2", `instance/${call.id}`),
      instanceState: "running",
      availabilityZone: text(place, "availabilityZone"),
      primaryNetworkInterfaceId: once(call, "primaryNetworkInterfaceId", () => ec2Id("eni")),
      privateIp,
      privateDns: `ip-${String(privateIp).replaceAll(".", "-")}.${call.region}.compute.internal`,
      subnetId: text(call.args, "subnetId"),
      tenancy: "default",
    };
  },
  accept: ({ args, view, region }) => {
    const vpcId = text(view.get(TYPES.subnet, text(args, "subnetId"), region)?.state, "vpcId");
    if (vpcId === "")
      refuse("MissingInput", "No subnets found for the default VPC: the account has none; give subnetId.");
    const strange = texts(args, "vpcSecurityGroupIds").find(
      (id) => text(view.get(TYPES.securityGroup, id, region)?.state, "vpcId") !== vpcId,
    );
    if (strange !== undefined) {
      refuse(
        "InvalidParameter",
        `Security group ${strange} and subnet ${text(args, "subnetId")} belong to different networks.`,
      );
    }
  },
  release: ({ args, id }) => {
    if (!flag(args, "disableApiTermination")) return;
    refuse(
      "OperationNotPermitted",
      `The instance '${id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
    );
  },
};

/** One tag of something that AWS made by itself. */
const tag: Model = {
  token: "aws:ec2/tag:Tag",
  replaceOn: ["resourceId", "key"],
  formats: {
    key: (value) => tagProblem(String(value), ""),
    value: (value) => tagProblem("key", value),
  },
  references: {
    resourceId: loosely({
      type: "",
      find: (id, { view, region }) => view.everything().find((item) => item.id === id && item.region === region),
      missing: (id) => ["InvalidID", `The ID '${id}' is not valid`],
    }),
  },
  id: ({ args }) => `${text(args, "resourceId")},${text(args, "key")}`,
};

export const compute: readonly Model[] = [launchTemplateModel, instance, tag];
