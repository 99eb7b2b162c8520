import { z } from "zod";
import { regionProblem, ZONE_COUNT, zonesOf } from "./aws-regions";
import { skewProblem, versionProblem } from "./kubernetes-versions";
import { label, publicRange } from "./words";

/** Days that CloudWatch keeps logs for. Source: AWS, CloudWatch Logs API, PutRetentionPolicy. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** A region of AWS with at least three zones for EKS. */
export const awsRegion = z.string().superRefine((text, context) => {
  const problem = regionProblem(text);
  if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
});

/** A region of AWS for what is in no zone, or in those that are there. */
export const anyAwsRegion = z
  .string()
  .refine((text) => zonesOf(text).length > 0, { error: (issue) => regionProblem(String(issue.input)) });

const kubernetesVersion = z
  .string({ error: 'a Kubernetes version in quotes such as "1.35"' })
  .superRefine((text, context) => {
    const problem = versionProblem(text);
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
  });

/** An IAM role or user. */
export const principalArn = z.string().regex(/^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)\/[\w+=,.@/-]+$/, {
  error: 'not the ARN of a role or user such as "arn:aws:iam::111122223333:role/platform"',
});

/** Who may use a cluster, as an IAM principal. */
export const accessEntry = z.strictObject({
  principal: principalArn.describe("ARN of the IAM role or user."),
  policy: z.enum(["admin", "edit", "view"]).describe("What it may do, as Kubernetes' own roles of these names."),
  namespaces: z.array(label("namespace")).default([]).describe("Where it may do that. Default: in the whole cluster."),
});
export type AccessEntrySettings = z.output<typeof accessEntry>;

const LABEL_KEY = /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/;
/** Labels and taints of nodes, whoever makes the nodes. */
export const labelKey = z.string().regex(LABEL_KEY, { error: 'not a label\'s key such as "example.com/team"' });
export const labelValue = z
  .string()
  .regex(LABEL_VALUE, { error: "not a label's value: at most 63 of A-Z, a-z, 0-9, -, _ and ." });

/** Labels that Kubernetes and EKS give themselves; AWS and kubelets refuse them of anybody else. */
const RESERVED_LABEL = /^([a-z0-9.-]+\.)?(kubernetes\.io|k8s\.io|eks\.amazonaws\.com)\//;

/** Labels of the nodes of a pool. */
export const nodeLabels = z
  .record(
    labelKey.refine((key) => !RESERVED_LABEL.test(key), {
      error: "a label of Kubernetes' or of AWS' own, which nobody else may set; choose another key",
    }),
    labelValue,
  )
  .default({})
  .describe("Labels of the nodes.");

/** What is wrong with the size of a pool: one thing, if anything. */
export function sizeProblem({ min, max }: { readonly min: number; readonly max: number }) {
  if (max === 0) return { path: ["max"], message: "a node pool of zero nodes; remove the pool" };
  if (min === 0) {
    const message = "a node pool has at least one node; remove the pool, and Karpenter adds nodes as pods need them";
    return { path: ["min"], message };
  }
  return min > max ? { path: ["min"], message: `${min} is more than max (${max})` } : undefined;
}

export const taint = z.strictObject({
  key: labelKey,
  value: labelValue.optional(),
  effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]),
});

const nodePool = z
  .strictObject({
    instanceTypes: z
      .array(z.string().regex(/^[a-z0-9-]+\.[a-z0-9-]+$/, { error: 'not an instance type such as "m7i.large"' }))
      .min(1, { error: "name at least one instance type" })
      .describe(
        "EC2 instance types, of one architecture. Another list makes a new node group before the old one goes.",
      ),
    architecture: z.enum(["amd64", "arm64"]).default("amd64"),
    capacity: z
      .enum(["on-demand", "spot"])
      .default("on-demand")
      .describe("`spot` is cheap and may be taken away at any time."),
    min: z.int().min(0).default(3).describe("Nodes that the pool has, at least 1."),
    max: z.int().min(0).default(6).describe("Nodes that it may have while it is scaled by hand, at least 1."),
    disk: z
      .string()
      .regex(/^([2-9][0-9]|[1-9][0-9]{2,4})Gi$/, { error: 'not a size of 20Gi or more, in Gi, such as "50Gi"' })
      .default("50Gi")
      .describe("Encrypted root volume of each node."),
    kubernetes: kubernetesVersion
      .optional()
      .describe(
        "Kubernetes of the nodes. Default: that of the control plane when the pool is made; it then stays until one is named here.",
      ),
    labels: nodeLabels,
    taints: z.array(taint).default([]).describe("Taints of the nodes."),
  })
  .superRefine((pool, context) => {
    const size = sizeProblem(pool);
    if (size !== undefined) context.addIssue({ code: "custom", ...size });
    pool.instanceTypes.forEach((type, index) => {
      const found = architectureOf(type);
      if (found === pool.architecture) return;
      const message = `${type} is ${found}, but the pool's architecture is ${pool.architecture}; change one of the two`;
      context.addIssue({ code: "custom", path: ["instanceTypes", index], message });
    });
  });
export type NodePoolSettings = z.output<typeof nodePool>;

/** Whether pods that tolerate nothing may run on a pool. */
function isOpen({ taints }: NodePoolSettings): boolean {
  return taints.every(({ effect }) => effect === "PreferNoSchedule");
}

/** Processors of Graviton have a "g" after the generation: m7g, c6gn, x2gd. Source: AWS, instance type naming. */
export function architectureOf(instanceType: string): "amd64" | "arm64" {
  const [, family, attributes = ""] = /^([a-z]+)[0-9]*([a-z-]*)/.exec(instanceType) ?? [];
  if (family === "a" || /^[a-z]*g/.test(attributes.split("-")[0] ?? "")) return "arm64";
  return "amd64";
}

const keyId = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, {
  error: 'not the id of a key such as "1b9f0c3e-5d2a-4e10-9c7b-0a1b2c3d4e5f"',
});

/** A cluster that this program makes on EKS. */
export const eks = z
  .strictObject({
    kind: z.literal("eks").describe("A cluster that this program makes on AWS, with its network, keys and nodes."),
    region: awsRegion.describe("AWS region; it needs three zones."),
    kubernetes: kubernetesVersion.describe(
      "Kubernetes of the control plane, in quotes. It goes up one minor version at a time; nodes stay as they are.",
    ),
    zones: z
      .array(z.string())
      .optional()
      .describe('Three zone ids such as "use1-az1", never changed. Default: the first three of the region.'),
    publicAccess: z
      .strictObject({
        cidrs: z
          .array(publicRange)
          .min(1, { error: "name at least one range, or remove publicAccess" })
          .optional()
          .describe("Who may connect. Default: everyone, which production refuses."),
      })
      .optional()
      .describe(
        "A public endpoint beside the private one; with a list, only for a cluster on its own, that no peer and no runner's " +
          "network has to reach. Default: none.",
      ),
    nodePools: z
      .record(label("node pool name", 32), nodePool)
      .refine((pools) => Object.values(pools).some(isOpen), {
        error:
          "the platform's own pods need nodes before Karpenter can add any; name a pool without taints that repel them",
      })
      .describe("Nodes that are there from the beginning, by the pool's name."),
    access: z
      .record(label("access entry's name", 40), accessEntry)
      .default({})
      .describe("Who may use this cluster, beside those in aws.access."),
    logRetention: z
      .union(
        RETENTION_DAYS.map((days) => z.literal(days)),
        {
          error: `CloudWatch keeps logs for ${RETENTION_DAYS.join(", ")} days`,
        },
      )
      .optional()
      .describe(
        "Days that logs of the control plane and the network are kept. Default: 30 (development), 365 (production).",
      ),
    replicaRegion: anyAwsRegion
      .optional()
      .describe("Region that the cluster's buckets are replicated to. Default: aws.replicaRegion."),
    adopt: z
      .strictObject({
        dataKey: keyId.describe("Id of the key that the buckets are encrypted with."),
        replicaKey: keyId.optional().describe("That of their replicas; required where there are any."),
      })
      .optional()
      .describe(
        "Take over the buckets, and their keys, that a cluster of this name left when it was removed; remove it after that `up`. " +
          "Default: they are made.",
      ),
    protect: z
      .boolean()
      .optional()
      .describe(
        "Whether cluster, buckets and keys refuse to be destroyed. Default: no (development), yes (production).",
      ),
    addons: z
      .strictObject({
        podIdentityAgent: z.string().min(1).optional(),
        coredns: z.string().min(1).optional(),
      })
      .prefault({})
      .describe("Versions of EKS' own add-ons. Default: those that AWS recommends for the Kubernetes version."),
  })
  .superRefine((cluster, context) => {
    const complain = (path: (string | number)[], message: string) =>
      context.addIssue({ code: "custom", path, message });
    for (const [name, { kubernetes }] of Object.entries(cluster.nodePools)) {
      const problem = kubernetes === undefined ? undefined : skewProblem(kubernetes, cluster.kubernetes);
      if (problem !== undefined) complain(["nodePools", name, "kubernetes"], problem);
    }
    const problem = zoneProblem(cluster.zones, cluster.region);
    if (problem !== undefined) complain(["zones"], problem);
  });
export type EksSettings = z.output<typeof eks>;

function zoneProblem(zones: readonly string[] | undefined, region: string): string | undefined {
  if (zones === undefined) return undefined;
  const known = zonesOf(region);
  const foreign = zones.filter((zone) => !known.includes(zone));
  if (foreign.length > 0) return `no zone for EKS in ${region}: ${foreign.join(", ")}; it has ${known.join(", ")}`;
  if (new Set(zones).size === ZONE_COUNT && zones.length === ZONE_COUNT) return undefined;
  return `a cluster is spread over ${ZONE_COUNT} different zones; ${region} has ${known.join(", ")}`;
}
