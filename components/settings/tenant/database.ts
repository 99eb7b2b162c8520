import { z } from "zod";
import { cron, duration, quantity, size } from "../words";
import { formerName, sharedWith } from "./sharing";

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
  replica: z
    .string()
    .optional()
    .describe(
      "Another cluster, with a copy that can take over; of PostgreSQL only. Default: the next cluster of a production " +
        "environment, where both keep their backups in a store that each of them reaches.",
    ),
  resources: z
    .strictObject({
      cpu: quantity.default("250m").describe("CPU that a member asks for."),
      memory: quantity.default("512Mi").describe("Memory that a member asks for, and may not exceed."),
    })
    .prefault({})
    .describe("What one member gets."),
  backup: z
    .strictObject({
      schedule: cron.default("0 2 * * *").describe("When, in UTC."),
      retention: duration.default("30d").describe("How long backups are kept."),
    })
    .prefault({})
    .describe("Scheduled backups to the object store of the cluster."),
  sharedWith,
  renamedFrom: formerName,
});
export type DatabaseSettings = z.output<typeof database>;
