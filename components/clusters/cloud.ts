import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** What a bucket is for. */
export const BUCKET_USES = ["metrics", "backups", "logs"] as const;
export type BucketUse = (typeof BUCKET_USES)[number];

/** One statement of an IAM policy; `resources` are ARNs. Never `*` in both lists. */
export interface PolicyStatement {
  readonly actions: readonly string[];
  readonly resources: readonly pulumi.Input<string>[];
  /** Condition operators, keys and values, as IAM spells them. Default: none. */
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, pulumi.Input<string> | readonly string[]>>>>;
}

/** What a service account of a cluster may do in the cloud. */
export interface CloudIdentity {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly statements: readonly PolicyStatement[];
}

/** A cluster's network as far as links with others need it. */
export interface CloudNetwork {
  readonly cidr: string;
  /** Private subnets, by zone id. */
  readonly subnetIds: ReadonlyMap<string, pulumi.Output<string>>;
  /** Route tables of the private subnets, by zone id. */
  readonly routeTableIds: ReadonlyMap<string, pulumi.Output<string>>;
  /** Security groups that admit other networks' traffic to nodes and pods, and to the API server. */
  readonly groups: { readonly nodes: pulumi.Output<string>; readonly api: pulumi.Output<string> };
}

/** A hosted zone (Route 53). */
export interface HostedZone {
  readonly id: pulumi.Output<string>;
  readonly name: string;
  /** What the parent domain delegates to, where this program makes the zone. */
  readonly nameServers?: pulumi.Output<string[]>;
}

/**
 * What an EKS cluster's account gives its add-ons. Everything in it belongs to this one cluster, so that removing the
 * cluster touches nothing else.
 */
export interface AwsCloud {
  readonly kind: "aws";
  readonly region: string;
  /** The provider of everything in the cluster's region. */
  readonly provider: aws.Provider;
  readonly account: pulumi.Output<string>;
  /** `aws` or `aws-us-gov`: the first part of every ARN. */
  readonly partition: pulumi.Output<string>;
  /** The EKS cluster's name. */
  readonly clusterName: pulumi.Output<string>;
  readonly vpcId: pulumi.Output<string>;
  /** What links with other networks are made of. */
  readonly network: CloudNetwork;
  /** Subnets of nodes and pods, one a zone. */
  readonly privateSubnetIds: pulumi.Output<readonly string[]>;
  /** The key that encrypts the cluster's volumes and buckets. */
  readonly keyArn: pulumi.Output<string>;
  /** Names of the cluster's buckets. */
  readonly buckets: Readonly<Record<BucketUse, pulumi.Output<string>>>;
  /** Host of the account's registry in the region: `<account>.dkr.ecr.<region>.amazonaws.com`. */
  readonly registry: pulumi.Output<string>;
  /** What the names of repositories begin with that come into being with the first push; `<stack>-<cluster>`. */
  readonly repositories: string;
  /** The hosted zone of the platform's domain; absent where settings name none. */
  readonly zone?: HostedZone;
  /**
   * What Karpenter needs beside its identity. Its nodes go into the subnets, and get the security groups, that are tagged
   * `karpenter.sh/discovery: <stack>-<cluster>`. Absent where it is switched off.
   */
  readonly karpenter?: { readonly nodeRole: pulumi.Output<string>; readonly queue: pulumi.Output<string> };
  /** Tags of every resource: stack, cluster, owner, cost centre. */
  readonly tags: Readonly<Record<string, string>>;
  /**
   * Gives a service account a role of its own by EKS Pod Identity.
   * @param name Prefix of the resources' names, such as `us-east.velero`.
   * @returns What the pods that use the service account depend on.
   */
  readonly identify: (name: string, identity: CloudIdentity, opts: pulumi.ComponentResourceOptions) => pulumi.Resource;
}
