import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { EksPlan, PlannedPool } from "../../fleet";
import { LIMITS, physicalName } from "./names";
import { trustPolicy } from "./policy";

/** Arguments of {@link EksNodeGroups}. */
export interface EksNodeGroupsArgs {
  readonly plan: EksPlan;
  readonly cluster: aws.eks.Cluster;
  readonly subnetIds: readonly pulumi.Output<string>[];
  /** What nodes accept of other networks. */
  readonly nodesGroup: aws.ec2.SecurityGroup;
  /** Encrypts the nodes' volumes. */
  readonly keyArn: pulumi.Input<string>;
  /** Tags of what EC2 makes for a node; the provider's own reach only what the provider makes. */
  readonly tags: Readonly<Record<string, string>>;
  /** What nodes need to become ready, and their way out. */
  readonly after: pulumi.Output<pulumi.Resource[]>;
}

/** Taken off by Cilium when it runs on the node; until then no pod that needs a network starts there. */
const NETWORK_TAINT = { key: "node.cilium.io/agent-not-ready", value: "true", effect: "NO_EXECUTE" } as const;

/** EKS' words for Kubernetes' effects of taints. */
const EFFECTS = { NoSchedule: "NO_SCHEDULE", PreferNoSchedule: "PREFER_NO_SCHEDULE", NoExecute: "NO_EXECUTE" } as const;

/** EKS' words for images of nodes, and for how they are paid. */
const IMAGES = { amd64: "AL2023_x86_64_STANDARD", arm64: "AL2023_ARM_64_STANDARD" } as const;
const CAPACITY = { "on-demand": "ON_DEMAND", spot: "SPOT" } as const;

/** The nodes that are there from the beginning; Karpenter adds more as pods need them. */
export class EksNodeGroups extends pulumi.ComponentResource {
  readonly all: readonly aws.eks.NodeGroup[];
  /** Kubernetes of the nodes, by pool. */
  readonly versions: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: EksNodeGroupsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:clusters:EksNodeGroups", name, {}, opts);
    const { role, granted } = nodeRole(name, args.plan, "nodes", { parent: this });
    const groups = args.plan.pools.map((pool) => {
      const template = launchTemplate(`${name}-${pool.name}`, pool, args, this);
      const group = new aws.eks.NodeGroup(
        `${name}-${pool.name}`,
        {
          ...groupArgs(pool),
          clusterName: args.cluster.name,
          nodeRoleArn: role.arn,
          subnetIds: [...args.subnetIds],
          launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
        },
        {
          parent: this,
          dependsOn: args.after.apply((after) => [...after, ...granted]),
          ignoreChanges: isBehind(pool, args.plan) ? ["launchTemplate"] : [],
        },
      );
      return [pool.name, group] as const;
    });
    this.all = groups.map(([, group]) => group);
    this.versions = Object.fromEntries(groups.map(([pool, { version }]) => [pool, version]));
    this.registerOutputs();
  }
}

/**
 * What of a group comes from the plan alone. Size, labels, taints and version are changed in place; other machines are
 * another group, which AWS makes under a name of its own before the old one is drained.
 */
function groupArgs(pool: PlannedPool) {
  return {
    nodeGroupNamePrefix: `${pool.name}-`,
    amiType: IMAGES[pool.architecture],
    capacityType: CAPACITY[pool.capacity],
    instanceTypes: pool.instanceTypes,
    // Absent, nodes have the version of the control plane at the time, and keep it.
    version: pool.kubernetes,
    scalingConfig: { minSize: pool.min, desiredSize: pool.min, maxSize: pool.max },
    updateConfig: { maxUnavailablePercentage: 33 },
    nodeRepairConfig: { enabled: true },
    labels: { "openchoreo.dev/node-pool": pool.name, ...pool.labels },
    taints: [NETWORK_TAINT, ...pool.taints.map(({ key, value, effect }) => ({ key, value, effect: EFFECTS[effect] }))],
  } satisfies Partial<aws.eks.NodeGroupArgs>;
}

function launchTemplate(name: string, pool: PlannedPool, args: EksNodeGroupsArgs, parent: pulumi.Resource) {
  const { plan, cluster, nodesGroup, keyArn } = args;
  const tags = { ...args.tags, Name: `${plan.physicalName}-${pool.name}` };
  return new aws.ec2.LaunchTemplate(
    `${name}-template`,
    {
      vpcSecurityGroupIds: [cluster.vpcConfig.clusterSecurityGroupId, nodesGroup.id],
      metadataOptions: {
        // IMDSv2 only, and only for what runs in the host's network: pods have Pod Identity.
        httpEndpoint: "enabled",
        httpTokens: "required",
        httpPutResponseHopLimit: 1,
      },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: {
            volumeType: "gp3",
            volumeSize: pool.diskSize,
            encrypted: "true",
            kmsKeyId: keyArn,
            deleteOnTermination: "true",
          },
        },
      ],
      tagSpecifications: ["instance", "network-interface", "volume"].map((resourceType) => ({ resourceType, tags })),
      tags: { Name: tags.Name },
    },
    { parent },
  );
}

/**
 * Whether nodes wait for their own upgrade. A change of the launch template is another version of the group for EKS, and with
 * no version of Kubernetes beside it, which the provider sends only where that changes too, it takes the control plane's: the
 * change waits for the upgrade. Source: EKS' API reference, UpdateNodegroupVersion.
 */
function isBehind({ kubernetes }: PlannedPool, plan: EksPlan): boolean {
  return kubernetes !== undefined && kubernetes !== plan.kubernetes;
}

/** What a node may do: join the cluster, get credentials for its pods, and pull images. */
export function nodeRole(name: string, plan: EksPlan, use: string, opts: pulumi.CustomResourceOptions) {
  const role = new aws.iam.Role(
    `${name}-role`,
    { name: physicalName(LIMITS.role, plan.physicalName, use), assumeRolePolicy: trustPolicy("ec2.amazonaws.com") },
    opts,
  );
  // Not AmazonEKS_CNI_Policy: Cilium's operator has an identity of its own.
  const granted = ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"].map(
    (policy) =>
      new aws.iam.RolePolicyAttachment(
        `${name}-role-${policy}`,
        { role: role.name, policyArn: `arn:${plan.partition}:iam::aws:policy/${policy}` },
        opts,
      ),
  );
  return { role, granted };
}
