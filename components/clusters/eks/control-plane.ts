import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { EksPlan, PlannedAccess } from "../../fleet";
import type { EksKeys } from "./keys";
import { LIMITS, physicalName } from "./names";
import type { EksNetwork } from "./network";
import { policyDocument, trustPolicy } from "./policy";

/** Arguments of {@link EksControlPlane}. */
export interface EksControlPlaneArgs {
  readonly plan: EksPlan;
  readonly network: EksNetwork;
  readonly keys: EksKeys;
  /** Tags of the security group that EKS makes. */
  readonly tags: Readonly<Record<string, string>>;
}

/** All there are. Source: AWS, EKS API, LogSetup. */
const LOGS = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

/** The control plane, who may use it, and its logs. */
export class EksControlPlane extends pulumi.ComponentResource {
  readonly cluster: aws.eks.Cluster;
  /** Who may use it: without them the API server refuses everyone, `up` too. */
  readonly access: readonly pulumi.Resource[];

  constructor(
    name: string,
    { plan, network, keys, tags }: EksControlPlaneArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("openchoreo:clusters:EksControlPlane", name, {}, opts);
    // EKS would make the group itself, unencrypted and kept for ever.
    const logs = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      { name: `/aws/eks/${plan.physicalName}/cluster`, retentionInDays: plan.logDays, kmsKeyId: keys.data.arn },
      { parent: this },
    );
    const { role, granted } = clusterRole(name, plan, keys, this);
    this.cluster = new aws.eks.Cluster(
      name,
      {
        ...clusterArgs(plan),
        roleArn: role.arn,
        encryptionConfig: { provider: { keyArn: keys.secrets.arn }, resources: ["secrets"] },
        vpcConfig: {
          subnetIds: [...network.privateSubnetIds],
          securityGroupIds: [network.apiGroup.id],
          endpointPrivateAccess: true,
          endpointPublicAccess: plan.publicCidrs !== undefined,
          publicAccessCidrs: plan.publicCidrs === undefined ? undefined : [...plan.publicCidrs],
        },
      },
      // Without its permissions a cluster can neither be made nor be removed.
      { parent: this, protect: plan.protect, dependsOn: [logs, ...granted] },
    );
    tagClusterGroup(name, this.cluster, { ...tags, "karpenter.sh/discovery": plan.physicalName }, this);
    this.access = plan.access.flatMap((entry) => accessEntry(name, entry, plan, this.cluster, this));
    this.registerOutputs({ clusterName: this.cluster.name, endpoint: this.cluster.endpoint });
  }
}

/** What of the cluster comes from the plan alone. Of these only `version`, logs and protection ever change. */
function clusterArgs(plan: EksPlan) {
  return {
    name: plan.physicalName,
    version: plan.kubernetes,
    kubernetesNetworkConfig: { ipFamily: "ipv4", serviceIpv4Cidr: plan.services },
    // No aws-auth ConfigMap, and no administrator whom settings do not name.
    accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
    // Neither AWS' network plugin nor kube-proxy nor CoreDNS: Cilium is the first two, and the third waits for nodes.
    bootstrapSelfManagedAddons: false,
    enabledClusterLogTypes: LOGS,
    // With STANDARD, AWS would upgrade the cluster by itself one day, past what settings say.
    upgradePolicy: { supportType: "EXTENDED" },
    deletionProtection: plan.protect,
    tags: { Name: plan.physicalName },
  } satisfies Partial<aws.eks.ClusterArgs>;
}

function clusterRole(name: string, plan: EksPlan, keys: EksKeys, parent: pulumi.Resource) {
  const role = new aws.iam.Role(
    `${name}-role`,
    {
      name: physicalName(LIMITS.role, plan.physicalName, "control-plane"),
      assumeRolePolicy: trustPolicy("eks.amazonaws.com", undefined, ["sts:AssumeRole", "sts:TagSession"]),
    },
    { parent },
  );
  const managed = new aws.iam.RolePolicyAttachment(
    `${name}-role-eks`,
    { role: role.name, policyArn: `arn:${plan.partition}:iam::aws:policy/AmazonEKSClusterPolicy` },
    { parent },
  );
  const encryption = new aws.iam.RolePolicy(
    `${name}-role-encryption`,
    {
      role: role.id,
      policy: policyDocument([
        {
          actions: ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ListGrants"],
          resources: [keys.secrets.arn],
        },
      ]),
    },
    { parent },
  );
  return { role, granted: [managed, encryption] };
}

/** EKS makes the group of control plane and nodes itself, without the tags of this program. */
function tagClusterGroup(
  name: string,
  { vpcConfig }: aws.eks.Cluster,
  tags: Readonly<Record<string, string>>,
  parent: pulumi.Resource,
): void {
  for (const [key, value] of Object.entries(tags)) {
    const resourceId = vpcConfig.clusterSecurityGroupId;
    new aws.ec2.Tag(`${name}-group-${key.replace(/[./]/g, "-")}`, { resourceId, key, value }, { parent });
  }
}

/** EKS' policies by what settings call them. Source: AWS, "Review access policy permissions". */
const POLICIES = {
  admin: { cluster: "AmazonEKSClusterAdminPolicy", namespace: "AmazonEKSAdminPolicy" },
  edit: { cluster: "AmazonEKSEditPolicy", namespace: "AmazonEKSEditPolicy" },
  view: { cluster: "AmazonEKSViewPolicy", namespace: "AmazonEKSViewPolicy" },
} as const;

function accessEntry(
  name: string,
  { name: entry, principal, policy, namespaces }: PlannedAccess,
  { partition }: EksPlan,
  cluster: aws.eks.Cluster,
  parent: pulumi.Resource,
): pulumi.Resource[] {
  const type = namespaces.length === 0 ? "cluster" : "namespace";
  const made = new aws.eks.AccessEntry(
    `${name}-access-${entry}`,
    { clusterName: cluster.name, principalArn: principal, type: "STANDARD" },
    { parent },
  );
  const associated = new aws.eks.AccessPolicyAssociation(
    `${name}-access-${entry}-policy`,
    {
      clusterName: cluster.name,
      principalArn: made.principalArn,
      policyArn: `arn:${partition}:eks::aws:cluster-access-policy/${POLICIES[policy][type]}`,
      accessScope: type === "cluster" ? { type } : { type, namespaces: [...namespaces] },
    },
    { parent },
  );
  return [made, associated];
}
