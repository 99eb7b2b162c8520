import { z } from "zod";
import { type Profile, words } from "../../../settings";
import { BACKUP_TIERS, type BackupTier } from "./tiers";

const TIER_NAMES = Object.keys(BACKUP_TIERS) as [BackupTier, ...BackupTier[]];

export const veleroSettings = (profile: Profile) => {
  const production = profile === "production";
  return z
    .strictObject({
      enabled: z.boolean().default(true),
      keepKinds: z
        .boolean()
        .default(production)
        .describe(
          "Keep the kinds, and with them the list of backups, when Velero is removed. Buckets are never emptied.",
        ),
      platform: z
        .enum(TIER_NAMES)
        .default(production ? "gold" : "bronze")
        .describe("Tier of the backup of every object of a cluster (without volumes)."),
      drill: z
        .strictObject({
          enabled: z.boolean().default(true),
          schedule: words.cron.default("0 4 * * 0").describe("When backups are tried: five cron fields, UTC."),
          namespace: words
            .label("namespace")
            .default("cert-manager")
            .describe("Namespace that is restored, as drill-<namespace>: its data, and nothing that runs."),
        })
        .prefault({})
        .describe("The restore drill, where workflows run: the newest backup of each cluster that is seen there."),
      copy: z
        .strictObject({
          endpoint: words.httpUrl.optional().describe("URL of an S3-compatible server. Default: S3 of the region."),
          region: z.string().min(1),
          bucket: words.bucket.describe("Bucket that is there already, in another region than the first one."),
          credentials: z
            .string()
            .min(1)
            .describe('Key of a secret of this stack: {"accessKeyId": "…", "secretAccessKey": "…"}.'),
        })
        .optional()
        .describe(
          "A second place that backups of tier gold are made to as well. Buckets on AWS are replicated without it.",
        ),
    })
    .describe("Velero: backups of objects and volumes, by tier.");
};
export type VeleroSettings = z.output<ReturnType<typeof veleroSettings>>;
