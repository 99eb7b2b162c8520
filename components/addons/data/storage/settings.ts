import { z } from "zod";
import { type Problem, type Profile, pathOf, words } from "../../../settings";
import type { PlatformCluster } from "../../contract";

/** Storage tiers: the names of the classes, the same on every cluster. */
export const TIERS = ["standard", "fast", "archive", "shared"] as const;
export type Tier = (typeof TIERS)[number];

const text = z.string().min(1);

const tier = z.union(
  [
    z.literal("present").describe("The cluster has a class of this name; it is left alone."),
    z.strictObject({
      provisioner: text.describe("The CSI driver, or another provisioner, such as `rancher.io/local-path`."),
      parameters: z.record(text, z.string()).default({}).describe("The provisioner's own parameters."),
      annotations: z.record(text, z.string()).default({}).describe("Annotations that the provisioner reads."),
      expandable: z.boolean().default(true).describe("Whether volumes may grow."),
      binding: z
        .enum(["WaitForFirstConsumer", "Immediate"])
        .default("WaitForFirstConsumer")
        .describe("Wait for the pod, so that the volume is in its zone, or not, where volumes have no zone."),
    }),
  ],
  { error: 'a tier is "present" or an object with a provisioner' },
);
export type TierSettings = z.output<typeof tier>;

const tiers = z.partialRecord(z.enum(TIERS), tier);
export type Tiers = z.output<typeof tiers>;

/**
 * What kind, k3d and other clusters on one machine come with. Velero does not back up volumes of type hostPath, which are
 * this provisioner's default.
 */
const LOCAL: TierSettings = {
  provisioner: "rancher.io/local-path",
  parameters: {},
  annotations: { defaultVolumeType: "local" },
  expandable: false,
  binding: "WaitForFirstConsumer",
};

export const storageSettings = (profile: Profile) => {
  const development = profile === "development";
  return z
    .strictObject({
      enabled: z.boolean().default(true).describe("Off where someone else makes the classes."),
      retain: z
        .boolean()
        .default(!development)
        .describe("Keep volumes, and what is in them, when their claims are deleted."),
      aws: z
        .strictObject({
          iopsPerGB: z.int().min(3).max(500).default(50).describe("Operations a second and GiB of `fast` (io2)."),
          archive: z
            .enum(["sc1", "st1"])
            .default("sc1")
            .describe("Disk of `archive`; its volumes are of 125Gi at least."),
        })
        .prefault({}),
      tiers: tiers
        .default(development ? { standard: LOCAL, fast: LOCAL, archive: LOCAL } : {})
        .describe(
          "Provisioners of existing clusters by tier; `standard` is the default class. On AWS they are EBS and EFS.",
        ),
      clusters: z
        .record(words.clusterName, tiers)
        .default({})
        .describe("Tiers of single existing clusters; they replace `tiers` there as a whole."),
      snapshots: z
        .strictObject({ driver: text, parameters: z.record(text, z.string()).default({}) })
        .optional()
        .describe("The CSI driver that takes snapshots on existing clusters. Default: none does."),
    })
    .describe("Storage classes by tier, and the class of snapshots.");
};
export type StorageSettings = z.output<ReturnType<typeof storageSettings>>;

/** The tiers of a cluster that is not made in AWS. */
export function tiersOf(cluster: string, { tiers, clusters }: StorageSettings): Tiers {
  return clusters[cluster] ?? tiers;
}

/** What is wrong with the tiers in view of the clusters. */
export function storageProblems(
  settings: StorageSettings,
  clusters: Readonly<Record<string, PlatformCluster>>,
): Problem[] {
  if (!settings.enabled) return [];
  const isMadeInAws = (name: string) => clusters[name]?.settings.provider.kind === "eks";
  const strange = Object.keys(settings.clusters).flatMap((name): Problem[] => {
    const path = pathOf("platform", "storage", "clusters", name);
    if (clusters[name] === undefined) return [{ path, message: "no such cluster" }];
    const message = "is made in AWS, where the tiers are EBS and EFS; remove this key";
    return isMadeInAws(name) ? [{ path, message }] : [];
  });
  const lacking = Object.keys(clusters).filter(
    (name) => !isMadeInAws(name) && tiersOf(name, settings).standard === undefined,
  );
  if (lacking.length === 0) return strange;
  const message =
    `say which provisioner serves \`standard\` on ${lacking.join(", ")}, such as { standard: { provisioner: ` +
    'csi.example.com } }, or "present" where the cluster has a class of that name';
  return [...strange, { path: "platform.storage.tiers", message }];
}
