import { z } from "zod";

/**
 * What a stack of this program tells other stacks: its outputs, typed on both sides.
 * A change that a reader of version 1 would misread raises the version; new optional keys do not.
 */
export const CONTRACT_VERSION = 1;

const planes = z.array(z.enum(["control", "data", "workflow", "observability"]));

/** A cluster as tenants see it, whoever made it. What is secret of it is in {@link tenancySecretsOutput}. */
const tenancyCluster = z.object({
  name: z.string(),
  planes,
  /** Add-ons that are on it. */
  addons: z.array(z.string()),
  /** Absent outside the mesh. */
  meshId: z.int().optional(),
  drained: z.boolean(),
  /** Where it keeps backups; absent where nobody says. */
  objectStore: z.enum(["cloud", "settings", "server"]).optional(),
  /** Whether backups of tier gold are made to a second place too. */
  backupCopy: z.boolean(),
  /** Name by which OpenChoreo knows its planes. */
  plane: z.string(),
  /** Addresses at which other clusters reach its east-west gateway. */
  eastWest: z.array(z.string()),
  /** Its API server as its own pods reach it. */
  apiServer: z.object({ host: z.string(), port: z.int() }),
  registry: z.object({ prefix: z.string(), insecure: z.boolean() }).optional(),
  backups: z
    .object({ bucket: z.string(), region: z.string(), prefix: z.string(), endpoint: z.string().optional() })
    .optional(),
  /** Whether its gateway counts requests; absent without a gateway, and where an older program made it. */
  rateLimits: z.boolean().optional(),
  /** How host names lead to its gateway. */
  records: z.object({ region: z.string().optional(), health: z.string().optional() }).optional(),
  /** What roles of pods are made of, where the cluster is one that is made in AWS. */
  aws: z
    .object({
      region: z.string(),
      partition: z.string(),
      account: z.string(),
      clusterName: z.string(),
      clusterArn: z.string(),
      keyArn: z.string(),
      tags: z.record(z.string(), z.string()),
    })
    .optional(),
});

/** What stacks of tenants are made from. */
export const tenancyOutput = z.object({
  /** Whether OpenChoreo is on. */
  openchoreo: z.boolean(),
  /** The cluster with the control plane and its add-ons; where it is another stack's, that stack, and may be no name. */
  control: z
    .object({ name: z.string().optional(), stack: z.string().optional(), addons: z.array(z.string()) })
    .optional(),
  /** In the fleet's order. */
  clusters: z.array(tenancyCluster),
});
export type TenancyOutput = z.output<typeof tenancyOutput>;

/** The output `platform`: plain values, no secret among them. */
export const platformOutput = z.object({
  contract: z.literal(CONTRACT_VERSION),
  stack: z.string(),
  profile: z.enum(["development", "production"]),
  domain: z.string(),
  /** Name of the cluster with the control plane; absent where it is another stack's. */
  controlPlane: z.string().optional(),
  clusters: z.record(
    z.string(),
    z.object({
      planes,
      wave: z.int(),
      /** The API server as nodes reach it: `host:port`. */
      apiServer: z.string(),
      /** Kubernetes of the control plane, and of each node pool, where this program makes the cluster: such as `1.35`. */
      kubernetes: z.string().optional(),
      nodePools: z.record(z.string(), z.string()).optional(),
      mesh: z.object({ id: z.int(), address: z.string() }).optional(),
    }),
  ),
  /** The hosted zone that this stack made for its domain, and the name servers to delegate to. */
  zone: z.object({ name: z.string(), nameServers: z.array(z.string()) }).optional(),
  /** What tenants of other stacks are made from; absent in a stack that was last brought up with an older program. */
  tenancy: tenancyOutput.optional(),
  trust: z.object({
    /** PEM of every root that the mesh trusts, one after the other. */
    bundle: z.string(),
    /** Every authority of the mesh by name, for example `root-1` or `us-east/cilium`; `expires` is an RFC 3339 time. */
    authorities: z.record(z.string(), z.object({ expires: z.string() })),
  }),
});
export type PlatformOutput = z.output<typeof platformOutput>;

/** The output `kubeconfigs`: a kubeconfig for each cluster, by its name. Always a secret. */
export const kubeconfigsOutput = z.record(z.string(), z.string());
export type KubeconfigsOutput = z.output<typeof kubeconfigsOutput>;

/** The output `tenancySecrets`, by cluster: what tenants' namespaces log in with. Always a secret. */
export const tenancySecretsOutput = z.record(
  z.string(),
  z.object({
    registry: z.object({ username: z.string(), password: z.string() }).optional(),
    backups: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }).optional(),
  }),
);
export type TenancySecretsOutput = z.output<typeof tenancySecretsOutput>;

/** Something that tenants of other stacks may call: one entry for each environment. */
const sharedWorkload = z.object({
  kind: z.enum(["component", "database"]),
  tenant: z.string(),
  project: z.string(),
  name: z.string(),
  environment: z.string(),
  production: z.boolean(),
  namespace: z.string(),
  clusters: z.array(z.string()),
  /** What callers dial. */
  port: z.int(),
  /** Of a database. */
  engine: z.enum(["postgresql", "mongodb", "redis"]).optional(),
  /** Name of a database's objects, where it was renamed. Default: `name`. */
  madeAs: z.string().optional(),
  /** Secret in a database's namespace that tells callers how to sign in; absent where an older program made it. */
  connection: z.string().optional(),
  /** Whether calls go through its namespace's waypoint. Default: no. */
  waypoint: z.boolean().optional(),
  /** What a caller may ask for there, by its name (`tenant/project/component`). Default: everything. */
  permissions: z
    .record(z.string(), z.object({ methods: z.array(z.string()).optional(), paths: z.array(z.string()).optional() }))
    .optional(),
  /** Host name at the platform's gateway; absent where it is not exposed. */
  host: z.string().optional(),
  /** Tenants that may use it; `*` stands for all. */
  sharedWith: z.array(z.string()),
});
export type SharedWorkload = z.output<typeof sharedWorkload>;

/** The output `sharing`, of every stack that tenants belong to. */
export const sharingOutput = z.object({
  contract: z.literal(CONTRACT_VERSION),
  /** Fully qualified name of the stack whose clusters the tenants are on. */
  platformStack: z.string(),
  /** Where the tenants are stacks of their own: which of them is where. */
  shards: z.object({ count: z.int(), pins: z.record(z.string(), z.int()) }).optional(),
  workloads: z.array(sharedWorkload),
  /** Fully qualified names of the stacks that its tenants use something of. */
  references: z.array(z.string()),
});
export type SharingOutput = z.output<typeof sharingOutput>;
