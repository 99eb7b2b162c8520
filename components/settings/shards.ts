import { createHash } from "node:crypto";
import { z } from "zod";
import type { Problem } from "./problems";
import { label } from "./words";

/** More stacks than this are more than one machine, or one operator, goes through. */
const MOST = 256;

const index = z.int().min(0, { error: "shards are numbered from 0" });

/** In which stacks the tenants are: beside the platform's settings how many there are, in one of them also which it is. */
export const shardSchema = z
  .strictObject({
    count: z
      .int()
      .min(1, { error: "at least one shard" })
      .max(MOST, { error: `at most ${MOST} shards` })
      .describe("Number of stacks that share the tenants."),
    index: index.optional().describe("Which of them this stack is, from 0. Absent beside `platform`."),
    pins: z
      .record(label("tenant name", 40), index)
      .default({})
      .describe("Tenants in another shard than the hash of their name says; `npm run tenants -- move` writes it."),
  })
  .superRefine(({ count, index: own, pins }, context) => {
    const complain = (path: readonly string[], value: number) =>
      context.addIssue({ code: "custom", path: [...path], message: `there is no shard ${value} among ${count}` });
    if (own !== undefined && own >= count) complain(["index"], own);
    for (const [tenant, pin] of Object.entries(pins)) if (pin >= count) complain(["pins", tenant], pin);
  })
  .describe("Tenants in stacks of their own, each with a part of them; see docs/tenancy.md.");
export type ShardSettings = z.output<typeof shardSchema>;

/** Which tenants are where. */
export type Sharding = Pick<ShardSettings, "count" | "pins">;

/**
 * The shard of a tenant, by its name alone: the one with the highest hash of both. So a tenant stays where it is, whoever
 * comes or goes, and one shard more takes its share of each of the others and moves nobody else.
 * Source: D. Thaler and C. Ravishankar, "Using name-based mappings to increase hit rates" (rendezvous hashing).
 */
export function shardOf(tenant: string, count: number): number {
  let best = { shard: 0, weight: "" };
  for (let shard = 0; shard < count; shard += 1) {
    const weight = createHash("sha256").update(`${tenant}/${shard}`).digest("hex");
    if (weight > best.weight) best = { shard, weight };
  }
  return best.shard;
}

/** The shard of a tenant that may have been moved by hand. */
export function placedIn(tenant: string, { count, pins }: Sharding): number {
  return (Object.hasOwn(pins, tenant) ? pins[tenant] : undefined) ?? shardOf(tenant, count);
}

/**
 * Those of all tenants that are this stack's to make: without shards all of them; beside the platform none, as the shards
 * have them.
 */
export function ownTenants<T>(
  tenants: Readonly<Record<string, T>>,
  shard: ShardSettings | undefined,
): Record<string, T> {
  const entries = Object.entries(tenants);
  if (shard === undefined) return Object.fromEntries(entries);
  if (shard.index === undefined) return {};
  return Object.fromEntries(entries.filter(([tenant]) => placedIn(tenant, shard) === shard.index));
}

/** Name of the stack of a shard. */
export function shardStack(base: string, shard: number): string {
  return `${base}-tenants-${shard}`;
}

/** A pin of a tenant that is not there is a misspelled one, or one that is left over. */
export function pinProblems(tenants: Readonly<Record<string, unknown>>, shard: ShardSettings | undefined): Problem[] {
  return Object.keys(shard?.pins ?? {})
    .filter((tenant) => !Object.hasOwn(tenants, tenant))
    .map((tenant) => ({ path: `shard.pins.${tenant}`, message: `there is no tenant "${tenant}"; remove the line` }));
}

/** What a shard's configuration is made of. */
export interface ShardConfigArgs {
  /** Fully qualified name of the platform's stack. */
  readonly platformStack: string;
  /** Tenants as settings have them: inline, or `{ from: <folder> }`. */
  readonly tenants: unknown;
  readonly sharding: Sharding;
}

/** The whole configuration of the stack of a shard, by full key; there is no secret in it. */
export function shardConfig({ platformStack, tenants, sharding }: ShardConfigArgs, shard: number) {
  const { count, pins } = sharding;
  return {
    "pulumi:disable-default-providers": ["kubernetes", "aws"],
    "openchoreo:platformStack": platformStack,
    "openchoreo:tenants": tenants,
    "openchoreo:shard": { count, index: shard, ...(Object.keys(pins).length > 0 ? { pins } : {}) },
  };
}
