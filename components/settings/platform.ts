import { z } from "zod";
import { aws } from "./aws";
import { clusterApi } from "./cluster-api";
import { eks } from "./eks";
import { extension } from "./extensions";
import { bucket, cidr, clusterName, hasUser, hostName, httpUrl, ipv4, label, USER_IN_URL } from "./words";

/** How careful the defaults are: `development` is small and self-signed, `production` is replicated and protected. */
export const PROFILES = ["development", "production"] as const;
export type Profile = (typeof PROFILES)[number];

/** OpenChoreo's four planes: what a cluster is for. */
export const PLANES = ["control", "data", "workflow", "observability"] as const;
export type Plane = (typeof PLANES)[number];

const STACK = /^[^/\s]+(\/[^/\s]+){2}$/;
export const stackName = z
  .string()
  .regex(STACK, { error: 'not a fully qualified stack name such as "organization/openchoreo/prod"' })
  .describe("Fully qualified name of another stack of this program: organization/project/stack.");

/** Where the kubeconfig of an existing cluster comes from: exactly one of `path`, `secret`, `stack`, or `context` alone. */
const kubeconfigReference = z
  .strictObject({
    path: z.string().min(1).optional().describe("A kubeconfig file, relative to the project's root."),
    context: z
      .string()
      .min(1)
      .optional()
      .describe(
        "The context to use. Alone: a context of KUBECONFIG or ~/.kube/config. Default: the file's current context.",
      ),
    secret: z
      .string()
      .min(1)
      .optional()
      .describe("Key of a secret of this stack that holds a kubeconfig: `pulumi config set --secret <key>`."),
    stack: stackName.optional(),
    cluster: clusterName.optional().describe("With `stack`: the cluster's name there. Default: this cluster's name."),
  })
  .superRefine((reference, context) => {
    const sources = (["path", "secret", "stack"] as const).filter((key) => reference[key] !== undefined);
    const complain = (message: string) => context.addIssue({ code: "custom", message });
    if (sources.length > 1) complain(`give one of path, secret and stack, not ${sources.join(" and ")}`);
    if (sources.length === 0 && reference.context === undefined) {
      complain("say where the kubeconfig is: one of path, context, secret or stack");
    }
    if (reference.cluster !== undefined && reference.stack === undefined) complain("`cluster` goes with `stack`");
    if (reference.context !== undefined && reference.stack !== undefined)
      complain("`context` does not go with `stack`");
  });
export type KubeconfigReference = z.output<typeof kubeconfigReference>;

/** A port is 1 to 65535. */
const HOST_AND_PORT =
  /^[A-Za-z0-9.-]+:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$/;

const existing = z.strictObject({
  kind: z.literal("existing").describe("A cluster that someone else owns, reached by a kubeconfig."),
  kubeconfig: kubeconfigReference,
  apiServer: z
    .string()
    .regex(HOST_AND_PORT, { error: 'not "host:port" such as "10.10.0.5:6443"' })
    .optional()
    .describe("Where the cluster's nodes reach its API server. Default: the server of the kubeconfig."),
});
export type ExistingSettings = z.output<typeof existing>;

const network = z.strictObject({
  meshId: z
    .int()
    .min(1, { error: "a mesh id is between 1 and 127" })
    .max(127, { error: "a mesh id is between 1 and 127: Cilium in ENI mode fails at 128 and above" })
    .describe("Cilium's cluster id, 1 to 127, unique in the mesh; never change it on a running cluster."),
  cidr: cidr.optional().describe("The nodes' network. Default: block `meshId` of mesh.ranges.networks."),
  pods: cidr
    .optional()
    .describe("The pods' addresses. Default: block `meshId` of mesh.ranges.pods; on EKS they are of `cidr`."),
  services: cidr
    .optional()
    .describe(
      "The services' addresses, as the cluster's API server has them. Default: block `meshId` of mesh.ranges.services.",
    ),
  routing: z
    .enum(["tunnel", "native"])
    .optional()
    .describe(
      "How pods of different nodes reach each other; the same for all clusters of a mesh. Default: native on EKS, else tunnel.",
    ),
  mesh: z.boolean().default(true).describe("Whether the cluster joins the cluster mesh."),
  meshAddress: ipv4
    .optional()
    .describe("Fixed load-balancer address of the cluster-mesh API server, where no DNS zone serves its name."),
  gatewayAddress: ipv4
    .optional()
    .describe("Fixed load-balancer address of choreo-gateway, answered for by Cilium where no cloud gives one."),
  eastWestAddress: ipv4
    .optional()
    .describe("Fixed load-balancer address of Istio's gateway for the other clusters of the mesh, likewise."),
});

/** Fixed addresses of load balancers, as settings name them and as people do. */
export const FIXED_ADDRESSES = [
  ["meshAddress", "mesh address"],
  ["gatewayAddress", "gateway address"],
  ["eastWestAddress", "east-west address"],
] as const;

const cluster = z.strictObject({
  planes: z
    .array(z.enum(PLANES))
    .min(1, { error: "name at least one plane" })
    .refine((planes) => new Set(planes).size === planes.length, { error: "a plane is named twice" })
    .describe("What the cluster is for."),
  wave: z
    .int()
    .min(0)
    .max(99)
    .optional()
    .describe(
      "Clusters of a wave change together, waves one after the other. Default: 0 for the control plane, else 1.",
    ),
  provider: z.discriminatedUnion("kind", [existing, eks, clusterApi], {
    error: 'kind is one of "existing", "eks", "cluster-api"',
  }),
  cilium: z
    .enum(["managed", "present"])
    .default("managed")
    .describe("`present`: someone else runs Cilium there; it stays outside the mesh."),
  drained: z
    .boolean()
    .default(false)
    .describe(
      "Takes no new clients: its records of names that several clusters share have weight 0, and everything stays in place. Needs Route 53.",
    ),
  lost: z
    .boolean()
    .default(false)
    .describe(
      "Does not answer any more: `up` goes on without it, changes nothing on it, and takes it from its peers' lists. Removing its entry then needs no answer either.",
    ),
  network,
});
export type ClusterSettings = z.output<typeof cluster>;

const mesh = z
  .strictObject({
    encryption: z.enum(["wireguard", "none"]).default("wireguard").describe("Encryption between nodes."),
    dns: z
      .enum(["published", "none"])
      .optional()
      .describe(
        "`published`: someone (external-dns, a zone of yours) serves <cluster>.mesh.<domain>; `none`: every cluster has a " +
          "network.meshAddress. Default: none (development), published (production).",
      ),
    ranges: z
      .strictObject({
        networks: cidr.default("10.0.0.0/9"),
        pods: cidr.default("10.128.0.0/10"),
        services: cidr.default("10.192.0.0/10"),
      })
      .prefault({})
      .describe("Ranges that are divided into 128 equal blocks; a cluster gets the block of its mesh id."),
    trust: z
      .strictObject({
        roots: z
          .array(label("root's name", 32))
          .min(1, { error: "name at least one root" })
          .max(2, { error: "at most two roots: the one that goes and the one that comes" })
          .default(["root-1"])
          .describe("Roots that every cluster trusts. To rotate: add one, then make it the issuer, then drop the old."),
        issuer: z
          .string()
          .optional()
          .describe(
            "The root that signs the intermediates. Default: the only one of roots; required where there are two.",
          ),
      })
      .prefault({}),
  })
  .prefault({});

const charts = z
  .strictObject({
    mirror: z
      .string()
      .refine((text) => /^(oci|https?):\/\/\S+$/.test(text) || (text !== "" && !text.includes("://")), {
        error: "a mirror is oci://…, https://… or a directory of packaged charts",
      })
      .refine((text) => !hasUser(text), USER_IN_URL)
      .optional()
      .describe(
        "Where charts come from instead of upstream: oci://…, https://… or a directory with <chart>-<version>.tgz.",
      ),
    timeout: z
      .int()
      .min(30)
      .max(3600)
      .default(600)
      .describe("Seconds that a release may take until its workloads run; then it has failed, and stays for a look."),
  })
  .prefault({});

const objectStore = z.strictObject({
  endpoint: httpUrl.optional().describe("URL of an S3-compatible server. Default: S3 of the region."),
  region: z.string().min(1).default("us-east-1").describe("Region of the buckets."),
  buckets: z
    .strictObject({ metrics: bucket, backups: bucket, logs: bucket })
    .describe("Buckets that are there already; every cluster writes below its own name."),
  credentials: z
    .string()
    .min(1)
    .describe('Key of a secret of this stack: {"accessKeyId": "…", "secretAccessKey": "…"}.'),
});
export type ObjectStoreSettings = z.output<typeof objectStore>;

/** Keys of `platform` that belong to no add-on. */
export const platformShape = {
  profile: z.enum(PROFILES).describe("Defaults to start from: small and self-signed, or replicated and protected."),
  domain: hostName.describe("Domain below which the platform's and the mesh's names live."),
  clusters: z
    .record(clusterName, cluster)
    .refine((clusters) => Object.keys(clusters).length > 0, { error: "name at least one cluster" }),
  controlPlane: z
    .strictObject({ stack: stackName, cluster: clusterName.optional() })
    .optional()
    .describe("The control plane of another stack, where this one has none."),
  mesh,
  aws: aws.optional().describe("What the clusters on EKS have in common; required where there is one."),
  charts,
  objectStore: objectStore
    .optional()
    .describe(
      "Where metrics, backups and logs of existing clusters are kept. Default: a small server in the cluster " +
        "(development). Clusters that are made here have buckets of their own.",
    ),
  extensions: z.record(label("extension name", 40), extension).default({}),
};

export type PlatformBase = z.output<z.ZodObject<typeof platformShape, z.core.$strict>>;

/** The settings of one add-on as its own file declares them, with defaults by profile. */
export type AddonSchema = (profile: Profile) => z.ZodType<{ readonly enabled: boolean }>;
/** By settings key, for example `certManager`. */
export type AddonSchemas = Readonly<Record<string, AddonSchema>>;

/** The whole `platform` object: the shape above and one optional key per add-on, owned by the add-on. */
export function platformSchema(profile: Profile, addons: AddonSchemas) {
  const keys = Object.entries(addons).map(([key, schema]) => [key, schema(profile).prefault({} as never)] as const);
  return z.strictObject({ ...platformShape, ...Object.fromEntries(keys) });
}
