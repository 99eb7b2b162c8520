import { z } from "zod";
import { type Profile, words } from "../../settings";

/** A time as Karpenter reads it. */
const time = z.string().regex(/^[0-9]+(s|m|h)$/, { error: 'not a time such as "30s", "5m" or "336h"' });

const nodePool = (profile: Profile) =>
  z.strictObject({
    categories: z
      .array(z.string().regex(/^[a-z]+$/, { error: 'a category of instances such as "m"' }))
      .min(1, { error: "name at least one category of instances" })
      .default(["c", "m", "r"])
      .describe("Categories of EC2 instances."),
    minGeneration: z.int().min(1).default(6).describe("Oldest generation of instances: 6 is m6i, c6g and newer."),
    architectures: z
      .array(z.enum(["amd64", "arm64"]))
      .min(1, { error: "name at least one architecture" })
      .default(["amd64"]),
    capacity: z
      .array(z.enum(["on-demand", "spot"]))
      .min(1, { error: "name at least one kind of capacity" })
      .default(profile === "production" ? ["on-demand"] : ["spot", "on-demand"])
      .describe("The cheapest that is to be had of these; `spot` may be taken away at any time."),
    disk: z
      .string()
      .regex(/^[1-9][0-9]{0,3}Gi$/, { error: 'not a size in Gi such as "50Gi"' })
      .default("50Gi")
      .describe("Encrypted root volume of each node."),
    limits: z
      .strictObject({
        cpu: words.quantity.default("200").describe("CPUs of all nodes of the pool together."),
        memory: words.quantity.default("800Gi").describe("Memory of all nodes of the pool together."),
      })
      .prefault({})
      .describe("Where the pool stops growing, whatever is asked for."),
    consolidateAfter: time
      .default("5m")
      .describe("How long a node's pods stay unchanged before they are moved to fewer or smaller nodes."),
    consolidate: z
      .enum(["WhenEmpty", "WhenEmptyOrUnderutilized"])
      .default("WhenEmptyOrUnderutilized")
      .describe("`WhenEmpty` never moves a running pod."),
    expireAfter: time
      .default("336h")
      .describe("Age at which a node is replaced, so that every image and kubelet is renewed in time."),
    disruption: z
      .string()
      .regex(/^((100|[0-9]{1,2})%|[0-9]+)$/, { error: 'a share or number of nodes such as "10%" or "1"' })
      .default("10%")
      .describe("How many nodes of the pool may be replaced at one time."),
    labels: z.record(z.string(), z.string()).default({}).describe("Labels of the nodes."),
    taints: z
      .array(
        z.strictObject({
          key: z.string().min(1),
          value: z.string().optional(),
          effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]),
        }),
      )
      .default([])
      .describe("Taints of the nodes."),
    weight: z.int().min(1).max(100).default(10).describe("Pools of greater weight are tried first."),
  });

/** Settings of Karpenter and its kinds, which are set together. */
export const karpenterSettings = (profile: Profile) =>
  z
    .strictObject({
      enabled: z.boolean().default(true),
      replicas: z
        .int()
        .min(1)
        .max(3)
        .default(profile === "production" ? 2 : 1),
      image: z
        .string()
        .regex(/^(al2023|bottlerocket)@(latest|v[0-9A-Za-z.]+)$/, {
          error: 'an alias of an image such as "al2023@latest" or "bottlerocket@v1.42.0"',
        })
        .default("al2023@latest")
        .describe("Image of the nodes. `latest` replaces nodes whenever AWS has a new one; pin it to say when."),
      nodePools: z
        .record(words.label("node pool name", 32), nodePool(profile))
        .default({ general: nodePool(profile).parse({}) })
        .describe("Pools that nodes are added to as pods need them, on every cluster on EKS."),
    })
    .describe("Karpenter: nodes for pods that find no room, and fewer of them when there is too much.");
export type KarpenterConfig = z.output<ReturnType<typeof karpenterSettings>>;
export type KarpenterPool = KarpenterConfig["nodePools"][string];
