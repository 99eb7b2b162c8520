import { keyOf } from "../account";
import { refuse } from "../errors";
import { arn, between, length, matches, oneOf } from "../formats";
import { hex } from "../ids";
import { arnOf, type Call, exactlyOne, type Model, to } from "../model";
import { resolve } from "../references";
import { cluster, launchTemplate, launchTemplateName, roleArn, securityGroup, subnet, TYPES } from "../targets";
import { number, type Props, text, texts, valuesAt } from "../values";
import { INSTANCE_TYPE } from "./compute";
import { entryId } from "./eks-access";
import { CLUSTER_NAME } from "./eks-cluster";
import { AMI_TYPES, EKS_VERSIONS, minorOf, NODE_SKEW } from "./eks-facts";
import { requireTrust } from "./trust";

export const nodeGroupModel: Model = {
  token: TYPES.nodeGroup,
  replaceOn: [
    ...[
      "amiType",
      "capacityType",
      "clusterName",
      "diskSize",
      "instanceTypes",
      "launchTemplate.id",
      "launchTemplate.name",
    ],
    ...["nodeGroupName", "nodeGroupNamePrefix", "nodeRoleArn", "remoteAccess", "subnetIds"],
  ],
  ordered: ["instanceTypes"],
  autoname: { field: "nodeGroupName", longest: 63, unless: ["nodeGroupNamePrefix"] },
  defaults: { capacityType: "ON_DEMAND" },
  formats: {
    clusterName: CLUSTER_NAME,
    amiType: oneOf(...AMI_TYPES),
    capacityType: oneOf("ON_DEMAND", "SPOT", "CAPACITY_BLOCK"),
    instanceTypes: INSTANCE_TYPE,
    nodeGroupName: matches(/^[0-9A-Za-z][\w-]{0,62}$/, "at most 63 letters, digits, _ and -"),
    nodeRoleArn: arn("iam", "role/"),
    "scalingConfig.desiredSize": between(0, 450),
    "scalingConfig.minSize": between(0, 450),
    "scalingConfig.maxSize": between(1, 450),
    "taints.effect": oneOf("NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"),
    "taints.key": length(1, 63),
    "taints.value": length(0, 63),
    "updateConfig.maxUnavailable": between(1, 100),
    "updateConfig.maxUnavailablePercentage": between(1, 100),
    "launchTemplate.version": matches(/^(\d+|\$Latest|\$Default)$/, "a version is a number"),
  },
  check: (args) => {
    const update = valuesAt(args, "updateConfig")[0];
    const isUpdate = typeof update === "object" && update !== null;
    const problems = isUpdate ? exactlyOne({ ...update }, ["maxUnavailable", "maxUnavailablePercentage"]) : [];
    const labels = args.labels;
    const names = typeof labels === "object" && labels !== null ? Object.keys(labels) : [];
    const reserved = names.find((name) => /^(eks\.amazonaws\.com|kubernetes\.io|k8s\.io)\//.test(name));
    return [
      ...problems.map(({ path, reason }) => ({ path: `updateConfig.${path}`, reason })),
      ...(reserved === undefined ? [] : [{ path: `labels.${reserved}`, reason: "is a reserved label" }]),
    ];
  },
  references: {
    clusterName: to(cluster),
    nodeRoleArn: to(roleArn),
    subnetIds: to(subnet),
    "launchTemplate.id": to(launchTemplate),
    "launchTemplate.name": to(launchTemplateName),
    "remoteAccess.sourceSecurityGroupIds": to(securityGroup),
  },
  id: ({ args }) =>
    `${text(args, "clusterName")}:${text(args, "nodeGroupName") || `${text(args, "nodeGroupNamePrefix")}${hex(7)}`}`,
  outputs: outputsOf,
  accept: (call) => {
    if (call.old === undefined && call.view.get(TYPES.nodeGroup, call.id, call.region) !== undefined) {
      refuse(
        "ResourceInUseException",
        `NodeGroup already exists with name ${call.id.split(":")[1]} and cluster name ${text(call.args, "clusterName")}`,
      );
    }
    requireVersion(call);
    requireNoUpgrade(call);
    requireNodes(call);
    requireTemplate(call);
    requireTrust(call, text(call.args, "nodeRoleArn"), "ec2.amazonaws.com", () =>
      refuse(
        "InvalidParameterException",
        `Following required service principals [ec2.amazonaws.com] were not found in the trust relationships of nodeRole ${text(call.args, "nodeRoleArn")}`,
      ),
    );
  },
  created: makeAccessEntry,
};

function outputsOf(call: Call): Props {
  const { args, view, region, id, old } = call;
  const name = id.split(":")[1] ?? "";
  const control = view.get(TYPES.cluster, text(args, "clusterName"), region)?.state;
  const version = text(args, "version") || text(old, "version") || text(control, "version");
  const isTemplated = "launchTemplate" in args;
  const template =
    text(args, "launchTemplate.id") || resolve(launchTemplateName, text(args, "launchTemplate.name"), call)?.id;
  const unique = text(old, "arn").split("/").at(-1) || `${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`;
  return {
    arn: arnOf(call, "eks", `nodegroup/${text(args, "clusterName")}/${name}/${unique}`),
    nodeGroupName: name,
    amiType: isTemplated ? "CUSTOM" : "AL2023_x86_64_STANDARD",
    diskSize: isTemplated ? 0 : 20,
    instanceTypes: isTemplated ? [] : ["t3.medium"],
    version,
    releaseVersion: `${version}.0-20261101`,
    resources: [{ autoscalingGroups: [{ name: `eks-${name}-${unique}` }], remoteAccessSecurityGroupId: "" }],
    status: "ACTIVE",
    updateConfig: { maxUnavailable: 1 },
    nodeRepairConfig: { enabled: false },
    ...(isTemplated
      ? {
          launchTemplate: {
            id: template,
            name: text(view.get(TYPES.launchTemplate, template ?? "", region)?.state, "name"),
          },
        }
      : {}),
  };
}

/**
 * The provider sends a version only where it changes, and EKS brings nodes whose launch template changes without one to the
 * version of the control plane. It would not say so; the program has to be told. Source: EKS' API reference,
 * UpdateNodegroupVersion.
 */
function requireNoUpgrade({ args, view, region, id, old }: Call): void {
  if (old === undefined) return;
  const control = text(view.get(TYPES.cluster, text(args, "clusterName"), region)?.state, "version");
  const version = text(args, "version");
  const isOther = (path: string) => text(args, path) !== text(old, path);
  if (!isOther("launchTemplate.version") || isOther("version") || version === "" || version === control) return;
  refuse(
    "InvalidParameterException",
    `The launch template of ${id} changes and its version does not: EKS would bring its nodes to ${control}, the cluster's version, and not keep ${version}`,
  );
}

function requireVersion({ args, view, region, id }: Call): void {
  const control = text(view.get(TYPES.cluster, text(args, "clusterName"), region)?.state, "version");
  const version = text(args, "version");
  if (version === "") return;
  if (!EKS_VERSIONS.includes(version)) refuse("InvalidParameterException", `unsupported Kubernetes version ${version}`);
  const behind = minorOf(control) - minorOf(version);
  if (behind < 0) {
    refuse(
      "InvalidParameterException",
      `Requested Nodegroup version ${version} of ${id} is newer than the cluster's version ${control}`,
    );
  }
  if (behind > NODE_SKEW) {
    refuse(
      "InvalidParameterException",
      `Requested Nodegroup version ${version} of ${id} is ${behind} minor versions behind the cluster's version ${control}; at most ${NODE_SKEW} are supported`,
    );
  }
}

function requireNodes({ args, view, region }: Call): void {
  const [least, desired, most] = ["minSize", "desiredSize", "maxSize"].map(
    (name) => number(args, `scalingConfig.${name}`) ?? 0,
  );
  if (least !== undefined && desired !== undefined && most !== undefined && (least > desired || desired > most)) {
    refuse(
      "InvalidParameterException",
      `Minimum capacity ${least} can't be greater than desired size ${desired}, nor that than maximum capacity ${most}`,
    );
  }
  const control = view.get(TYPES.cluster, text(args, "clusterName"), region)?.state;
  const vpcId = text(control, "vpcConfig.vpcId");
  const strange = texts(args, "subnetIds").find(
    (id) => text(view.get(TYPES.subnet, id, region)?.state, "vpcId") !== vpcId,
  );
  if (strange !== undefined)
    refuse("InvalidParameterException", `Subnet ${strange} is not in the cluster's VPC ${vpcId}`);
  const ami = text(args, "amiType");
  const unfit = texts(args, "instanceTypes").filter(
    (type) => ami !== "" && ami !== "CUSTOM" && isArm(type) !== /ARM/.test(ami),
  );
  if (unfit.length > 0) {
    refuse(
      "InvalidParameterException",
      `[${unfit.join(", ")}] instance types are not valid for requested amiType ${ami}`,
    );
  }
}

/** Graviton's families have a g after the generation: `m7g`, `c8gd`. */
function isArm(type: string): boolean {
  return /^([a-z]+\d+g[a-z]*|a1)\./.test(type);
}

/** What a launch template says cannot be said again, and its version must be there. */
function requireTemplate(call: Call): void {
  const { args } = call;
  const id = text(args, "launchTemplate.id");
  const template =
    id === ""
      ? resolve(launchTemplateName, text(args, "launchTemplate.name"), call)
      : resolve(launchTemplate, id, call);
  if (template === undefined) return;
  const version = Number(text(args, "launchTemplate.version"));
  if (version > (number(template.state, "latestVersion") ?? 0)) {
    refuse(
      "InvalidLaunchTemplateId.VersionNotFound",
      `Could not find the specified version ${version} for the launch template with ID ${template.id}.`,
    );
  }
  if (number(args, "diskSize") !== undefined)
    refuse("InvalidParameterException", "Disk size must be specified within the launch template.");
  if ("remoteAccess" in args)
    refuse("InvalidParameterException", "Remote access configuration cannot be specified with a launch template.");
  const both = "instanceType" in template.state && texts(args, "instanceTypes").length > 0;
  if (both)
    refuse(
      "InvalidParameterException",
      "You cannot specify an instance type in both the nodegroup and its launch template.",
    );
  if (text(template.state, "iamInstanceProfile.name") !== "" || text(template.state, "iamInstanceProfile.arn") !== "") {
    refuse(
      "InvalidParameterException",
      "Launch template should not specify an instance profile. The noderole in your request will be used to construct an instance profile.",
    );
  }
}

/** The nodes' role may join the cluster: EKS makes its entry, and it stays with the cluster. */
function makeAccessEntry({ args, view, region, accountId }: Call): void {
  const [name, role] = [text(args, "clusterName"), text(args, "nodeRoleArn")];
  const control = view.get(TYPES.cluster, name, region);
  const id = entryId(name, role);
  const isApi = text(control?.state, "accessConfig.authenticationMode") !== "CONFIG_MAP";
  if (control === undefined || !isApi || view.get(TYPES.accessEntry, id, region) !== undefined) return;
  const state = { clusterName: name, principalArn: role, type: "EC2_LINUX", accountId };
  view.put({ type: TYPES.accessEntry, region, id, owner: keyOf(control), state });
}
