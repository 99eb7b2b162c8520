/** Backup tiers: how often, for how long, and whether also in a second place. Tenants choose one for each project. */
export const BACKUP_TIERS = {
  gold: { schedule: "15 * * * *", keepHours: 720, copies: true, lateAfterHours: 3 },
  silver: { schedule: "30 */6 * * *", keepHours: 336, copies: false, lateAfterHours: 14 },
  bronze: { schedule: "45 2 * * *", keepHours: 168, copies: false, lateAfterHours: 50 },
} as const satisfies Readonly<Record<string, BackupTierSettings>>;

export type BackupTier = keyof typeof BACKUP_TIERS;

interface BackupTierSettings {
  /** Cron, in UTC. */
  readonly schedule: string;
  /** After which a backup is deleted. */
  readonly keepHours: number;
  /** Whether each backup is also made to the second place, where settings name one. */
  readonly copies: boolean;
  /** Age of the newest backup that raises an alert: two that failed, and some time. */
  readonly lateAfterHours: number;
}
