import { keyOf } from "../account";
import { refuse } from "../errors";
import { arn, both, cidr, matches, oneOf } from "../formats";
import { ec2Id, hex } from "../ids";
import { localCluster } from "../local-clusters";
import { arnOf, type Call, type Model, once, to } from "../model";
import { isWithin, PRIVATE } from "../network";
import { key, roleArn, securityGroup, subnet, TYPES } from "../targets";
import { flag, type Props, text, texts } from "../values";
import { MODES, requireAccess, requireNetwork, requireNew, requireStep, vpcOf } from "./eks-cluster-rules";
import { EKS_VERSIONS } from "./eks-facts";
import { requireTrust } from "./trust";

const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

export const CLUSTER_NAME = matches(
  /^[0-9A-Za-z][\w-]{0,99}$/,
  "at most 100 letters, digits, _ and -, beginning with a letter or digit",
);

export const clusterModel: Model = {
  token: TYPES.cluster,
  replaceOn: [
    ...["name", "roleArn", "bootstrapSelfManagedAddons", "accessConfig.bootstrapClusterCreatorAdminPermissions"],
    ...["kubernetesNetworkConfig.ipFamily", "kubernetesNetworkConfig.serviceIpv4Cidr", "outpostConfig"],
  ],
  // Encryption can be switched on and never off.
  replaceIf: (olds, news) => ("encryptionConfig" in olds && !("encryptionConfig" in news) ? ["encryptionConfig"] : []),
  autoname: { field: "name", longest: 100 },
  defaults: { bootstrapSelfManagedAddons: true, deletionProtection: false },
  formats: {
    name: CLUSTER_NAME,
    roleArn: arn("iam", "role/"),
    enabledClusterLogTypes: oneOf(...LOG_TYPES),
    "accessConfig.authenticationMode": oneOf(...MODES),
    "encryptionConfig.resources": oneOf("secrets"),
    "encryptionConfig.provider.keyArn": arn("kms"),
    "kubernetesNetworkConfig.ipFamily": oneOf("ipv4", "ipv6"),
    "kubernetesNetworkConfig.serviceIpv4Cidr": both(cidr(12, 24), (range) =>
      PRIVATE.some((one) => isWithin(String(range), one))
        ? undefined
        : `"${range}" must be within ${PRIVATE.join(", ")}`,
    ),
    "upgradePolicy.supportType": oneOf("EXTENDED", "STANDARD"),
    "vpcConfig.publicAccessCidrs": cidr(),
    version: matches(/^1\.\d+$/, "a version is such as 1.34"),
  },
  references: {
    roleArn: to(roleArn),
    "vpcConfig.subnetIds": to(subnet),
    "vpcConfig.securityGroupIds": to(securityGroup),
    "encryptionConfig.provider.keyArn": to(key),
  },
  id: ({ args }) => text(args, "name"),
  outputs: outputsOf,
  accept: (call) => {
    requireNetwork(call);
    requireAccess(call);
    requireTrust(call, text(call.args, "roleArn"), "eks.amazonaws.com", () =>
      refuse(
        "InvalidParameterException",
        `Role with arn: ${text(call.args, "roleArn")}, could not be assumed because it does not exist or the trusted entity is not correct`,
      ),
    );
    if (call.old === undefined) requireNew(call);
    else requireStep(call, call.old);
  },
  within: { vpcConfig: ["clusterSecurityGroupId", "vpcId"] },
  created: (call) => {
    makeSecurityGroup(call);
    makeLogGroup(call);
  },
  release: ({ args, id }) => {
    if (flag(args, "deletionProtection")) {
      refuse("InvalidRequestException", `Cannot delete cluster ${id}: deletion protection is enabled`);
    }
  },
  inUse: (id, by) =>
    by.type === TYPES.nodeGroup
      ? ["ResourceInUseException", `Cluster has nodegroups attached: ${id}`]
      : ["ResourceInUseException", `Cluster ${id} is in use`],
};

function outputsOf(call: Call): Props {
  const name = text(call.args, "name");
  const local = localCluster(name);
  const identity = once(call, "identities", () => {
    const issuer = `https://oidc.eks.${call.region}.amazonaws.com/id/${hex(32).toUpperCase()}`;
    return [{ oidcs: [{ issuer }] }];
  });
  return {
    arn: arnOf(call, "eks", `cluster/${name}`),
    clusterId: "",
    createdAt: once(call, "createdAt", () => new Date().toISOString()),
    endpoint: local.endpoint,
    certificateAuthority: { data: local.certificateAuthority },
    identities: identity,
    platformVersion: "eks.1",
    status: "ACTIVE",
    version: text(call.args, "version") || text(call.old, "version") || EKS_VERSIONS.at(-1),
    accessConfig: { authenticationMode: "CONFIG_MAP", bootstrapClusterCreatorAdminPermissions: true },
    kubernetesNetworkConfig: {
      ipFamily: "ipv4",
      serviceIpv4Cidr: "172.20.0.0/16",
      serviceIpv6Cidr: "",
      elasticLoadBalancing: { enabled: false },
    },
    upgradePolicy: { supportType: "EXTENDED" },
    vpcConfig: {
      clusterSecurityGroupId: text(call.old, "vpcConfig.clusterSecurityGroupId") || ec2Id("sg"),
      endpointPrivateAccess: false,
      endpointPublicAccess: true,
      publicAccessCidrs: ["0.0.0.0/0"],
      vpcId: vpcOf(call),
    },
  };
}

/** EKS makes a security group of the cluster, which goes with it. */
function makeSecurityGroup({ view, region, id }: Call): void {
  const item = view.get(TYPES.cluster, id, region);
  if (item === undefined) return;
  const group = text(item.state, "vpcConfig.clusterSecurityGroupId");
  const state = { vpcId: text(item.state, "vpcConfig.vpcId"), name: `eks-cluster-sg-${id}` };
  view.put({ type: TYPES.securityGroup, region, id: group, owner: keyOf(item), state });
}

/** Logs that are switched on without a group of the program's make one, which nobody encrypts, and which stays. */
export function makeLogGroup({
  view,
  region,
  id,
  accountId,
}: Pick<Call, "view" | "region" | "id" | "accountId">): void {
  const cluster = view.get(TYPES.cluster, id, region);
  const name = `/aws/eks/${id}/cluster`;
  if (
    texts(cluster?.state, "enabledClusterLogTypes").length === 0 ||
    view.get(TYPES.logGroup, name, region) !== undefined
  )
    return;
  view.put({
    type: TYPES.logGroup,
    region,
    id: name,
    state: { name, arn: arnOf({ region, accountId }, "logs", `log-group:${name}`) },
  });
}
