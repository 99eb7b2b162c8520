import { z } from "zod";
import { cron, duration, size } from "../words";
import { sharedWith } from "./sharing";

export const ENGINES = ["postgresql", "mongodb", "redis"] as const;

export const database = z.strictObject({
  engine: z.enum(ENGINES).describe("What it is."),
  size: size.describe("Volume size, such as 20Gi."),
  class: z
    .enum(["single", "highly-available"])
    .optional()
    .describe("Default: single (development), highly-available (production): three members in different zones."),
  storage: z.enum(["standard", "fast"]).default("standard").describe("The platform's storage tier."),
  cluster: z
    .string()
    .optional()
    .describe("Where it is. Default: of the clusters of the environment, the one with the lowest mesh id."),
  replica: z.string().optional().describe("Another cluster, with a copy that can take over. Default: none."),
  backup: z
    .strictObject({
      schedule: cron.default("0 2 * * *").describe("When, in UTC."),
      retention: duration.default("30d").describe("How long backups are kept."),
    })
    .optional()
    .describe(
      "Scheduled backups to the object store of the cluster. Default: none (development), every night (production).",
    ),
  sharedWith,
});
export type DatabaseSettings = z.output<typeof database>;
