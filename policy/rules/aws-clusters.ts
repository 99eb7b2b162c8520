import { blocks, isEverybody, isHidden } from "../lib/aws";
import { anyOf, kinds, resourceRule, textList, type } from "../lib/rule";
import { at, differs, isMissing, isOff, isOn, isOpen, items, UNKNOWN } from "../lib/values";

const CLUSTER = type("aws:eks/cluster:Cluster");
const NODE_GROUP = type("aws:eks/nodeGroup:NodeGroup");
const NODE_CLASS = kinds("karpenter.k8s.aws", "EC2NodeClass");
const MACHINES = anyOf(type("aws:ec2/launchTemplate:LaunchTemplate"), type("aws:ec2/instance:Instance"), NODE_CLASS);

export const awsEksPrivateEndpoint = resourceRule({
  name: "aws-eks-private-endpoint",
  description: "The API server of every cluster has a private endpoint.",
  severity: "high",
  reason: "without it nodes talk to their control plane by way of the internet",
  fix: "Set vpcConfig.endpointPrivateAccess to true.",
  appliesTo: CLUSTER,
  check: ({ props }, report) => {
    if (isOff(at(props, "vpcConfig", "endpointPrivateAccess"))) report("the private endpoint is off");
  },
});

export const awsEksPublicEndpoint = resourceRule({
  name: "aws-eks-public-endpoint",
  description: "A public endpoint of an API server is open to listed ranges only.",
  severity: "critical",
  reason: "the next flaw of the API server is then everybody's to use",
  fix: "Set vpcConfig.endpointPublicAccess to false, or list vpcConfig.publicAccessCidrs.",
  appliesTo: CLUSTER,
  check: ({ props }, report) => {
    const config = at(props, "vpcConfig");
    // The default of AWS is on, for everybody.
    const open = at(config, "endpointPublicAccess") ?? true;
    const ranges = at(config, "publicAccessCidrs");
    if (!isOn(open) || isOpen(ranges)) return;
    if (isMissing(ranges) || items(ranges).some(isEverybody)) report("the public endpoint is open to everybody");
  },
});

export const awsEksSecretsEncrypted = resourceRule({
  name: "aws-eks-secrets-encrypted",
  description: "Secrets of every cluster are encrypted with a key of its own.",
  severity: "high",
  reason: "otherwise whoever reads etcd's disks reads every credential",
  fix: "Set encryptionConfig with the ARN of a KMS key and resources: [secrets].",
  appliesTo: CLUSTER,
  check: ({ props }, report) => {
    const config = at(props, "encryptionConfig");
    if (config === UNKNOWN || isOpen(at(config, "resources"))) return;
    const encrypted =
      items(at(config, "resources")).includes("secrets") && !isMissing(at(config, "provider", "keyArn"));
    if (!encrypted) report("Secrets are not encrypted with a key");
  },
});

const LOGS = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

export const awsEksLogs = resourceRule({
  name: "aws-eks-logs",
  description: "Every cluster keeps all logs of its control plane.",
  severity: "medium",
  reason: "the log that is missing is the one that says what happened",
  fix: `Set enabledClusterLogTypes to ${LOGS.join(", ")}.`,
  options: { logs: textList("Logs that are kept.", LOGS) },
  appliesTo: CLUSTER,
  check: ({ props }, report, { logs }) => {
    const kept = at(props, "enabledClusterLogTypes");
    if (isOpen(kept)) return;
    const lacking = logs.filter((log) => !items(kept).includes(log));
    if (lacking.length > 0) report(`no log of ${lacking.join(", ")}`);
  },
});

export const awsEksAccessEntries = resourceRule({
  name: "aws-eks-access-entries",
  description: "Access to clusters is by access entries, and nobody has it for having made the cluster.",
  severity: "high",
  reason: "aws-auth and its maker's hidden rights are in no list that anybody reviews",
  fix: 'Set accessConfig to { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false }.',
  appliesTo: CLUSTER,
  check: ({ props }, report) => {
    const config = at(props, "accessConfig");
    if (differs(at(config, "authenticationMode"), "API")) report("access is not by entries alone");
    const maker = at(config, "bootstrapClusterCreatorAdminPermissions");
    if (maker !== UNKNOWN && maker !== false && maker !== "false") report("who makes the cluster is its administrator");
  },
});

export const awsImds = resourceRule({
  name: "aws-imds-v2",
  description: "Machines answer for their metadata by IMDSv2 only, and pods do not reach it.",
  severity: "critical",
  reason: "by IMDSv1 one forged request of a pod gets the credentials of its node",
  fix: "Set metadataOptions to { httpTokens: required, httpPutResponseHopLimit: 1 }.",
  appliesTo: MACHINES,
  check: ({ type: token, props }, report) => {
    const options = token.startsWith("kubernetes:") ? at(props, "spec", "metadataOptions") : props.metadataOptions;
    if (options === UNKNOWN) return;
    if (at(options, "httpEndpoint") === "disabled") return;
    if (differs(at(options, "httpTokens"), "required")) report("metadata are given without a token");
    const hops = at(options, "httpPutResponseHopLimit") ?? 1;
    if (typeof hops === "number" && hops > 1) report("pods reach the metadata of their node");
  },
});

export const awsVolumesEncrypted = resourceRule({
  name: "aws-volumes-encrypted",
  description: "Every disk is encrypted.",
  severity: "high",
  reason: "disks hold images, logs and Secrets that pods mounted",
  fix: "Set encrypted to true on every disk, with the key of the cluster.",
  appliesTo: anyOf(MACHINES, type("aws:ebs/volume:Volume")),
  check: ({ type: token, props }, report) => {
    for (const encrypted of disksOf(token, props)) if (isOff(encrypted)) report("a disk is not encrypted");
  },
});

/** What each disk of a machine says of its encryption; a launch template that names no disk leaves it to the image. */
function disksOf(token: string, props: Readonly<Record<string, unknown>>): unknown[] {
  if (token === "aws:ebs/volume:Volume") return [props.encrypted];
  if (token === "aws:ec2/instance:Instance")
    return [at(props, "rootBlockDevice", "encrypted"), ...blocks(props.ebsBlockDevices).map((disk) => disk.encrypted)];
  const mappings = token.startsWith("kubernetes:")
    ? at(props, "spec", "blockDeviceMappings")
    : props.blockDeviceMappings;
  if (isHidden(mappings)) return [];
  if (isMissing(mappings)) return [undefined];
  return blocks(mappings).flatMap((disk) => (disk.ebs === undefined ? [] : [at(disk, "ebs", "encrypted")]));
}

const NOT_READY = "node.cilium.io/agent-not-ready";

export const awsNodesWaitForCilium = resourceRule({
  name: "aws-nodes-wait-for-cilium",
  description: "Pods come to a node after Cilium has.",
  severity: "high",
  reason: "a pod that starts before is on no network policy and in no encryption",
  fix: `Add the taint ${NOT_READY}=true:NO_EXECUTE.`,
  appliesTo: NODE_GROUP,
  check: ({ props }, report) => {
    if (isHidden(props.taints)) return;
    const waits = blocks(props.taints).some(
      (taint) => !differs(taint.key, NOT_READY) && !differs(taint.effect, "NO_EXECUTE"),
    );
    if (!waits) report("nodes do not wait for Cilium");
  },
});

export const awsNodesNoSsh = resourceRule({
  name: "aws-nodes-no-ssh",
  description: "Nobody logs in to nodes by SSH.",
  severity: "medium",
  reason: "a key on nodes is shared, is never rotated, and its use is in no log",
  fix: "Remove remoteAccess and keyName, and use Session Manager or kubectl debug.",
  appliesTo: anyOf(NODE_GROUP, type("aws:ec2/launchTemplate:LaunchTemplate"), type("aws:ec2/instance:Instance")),
  check: ({ props }, report) => {
    if (!isMissing(at(props, "remoteAccess", "ec2SshKey")) || !isMissing(props.keyName))
      report("nodes have an SSH key");
  },
});
