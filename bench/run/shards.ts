import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { MemoryWatch } from "../../rehearsal/memory";
import { type BenchFleet, withFleet } from "../engine/fleet";
import { platformAlone, tenantsWith } from "../grow/settings";
import type { BenchCall, Case, Measured } from "../model";
import { interleave, median, ratioOfMedians, significant } from "../statistics";
import { runNode } from "./child";

const STACK = "shards";
const COUNTS = [1, 4, 16] as const;

/** Small tenants, as shards are divided by tenants: with few large ones some shards would be empty. */
const COMPONENTS = 200;
const OF_TENANT = 5;

/** What `npm run tenants -- up` of all shards came to. */
interface Up {
  readonly created: number;
  readonly seconds: number;
  readonly memory: number;
}

/** Brings the same tenants up in ever more stacks, with checkpoints, as a user has them. */
export function benchShards({ root, rounds, say, sizes = COUNTS }: BenchCall): Promise<Measured> {
  const config = {
    ...platformAlone(),
    "openchoreo:tenants": tenantsWith(COMPONENTS, { ofTenant: OF_TENANT }),
    "openchoreo:shard": { count: 1 },
  };
  return withFleet({ root, stack: STACK, config, charts: "stand-in", say }, async (fleet) => {
    await (await fleet.open()).up();
    const subjects = sizes.map((count) => ({ name: String(count), once: () => upIn(count, fleet, root) }));
    const results = await interleave(subjects, rounds, say);
    const of = (count: number) => results.get(String(count)) ?? [];
    const [first = 1] = sizes;
    const seconds = (count: number) => of(count).map((one) => one.seconds);
    return {
      cases: sizes.map((count) => caseOf(count, of(count))),
      ratios: sizes.slice(1).map((count) => ({
        name: `up in ${count} shards to up in ${first}`,
        value: significant(ratioOfMedians(seconds(count), seconds(first))),
      })),
    };
  });
}

async function upIn(count: number, fleet: BenchFleet, root: string): Promise<Up> {
  const { project: cwd } = fleet.folders;
  const file = join(cwd, `Pulumi.${STACK}.yaml`);
  const content = parse(readFileSync(file, "utf8"));
  content.config["openchoreo:shard"] = { count };
  writeFileSync(file, stringify(content));
  // A rehearsal leaves checkpoints out; what is measured here is what they cost, and what shards save of it.
  const { PULUMI_EXPERIMENTAL: _, PULUMI_SKIP_CHECKPOINTS: __, ...env } = process.env;
  const run = (command: string) =>
    runNode(join(root, "tenancy/main.ts"), [command, "--stack", STACK, "--yes"], { cwd, env });
  const watch = new MemoryWatch(fleet.folders);
  const { output } = await run("up");
  const { engine = 0, providers = 0 } = watch.peak()?.parts ?? {};
  watch.end();
  await run("destroy");
  return { ...summed(output), memory: engine + providers };
}

/** The last line of the driver's table: tenants, created, updated, deleted, same, seconds. */
export function summed(output: string): Pick<Up, "created" | "seconds"> {
  const [, created, seconds] = /^all +\d+ +(\d+) +\d+ +\d+ +\d+ +([0-9.]+)$/m.exec(output) ?? [];
  if (created === undefined) throw new Error(`the driver has no sum:\n${output.slice(-2000)}`);
  return { created: Number(created), seconds: Number(seconds) };
}

function caseOf(count: number, ups: readonly Up[]): Case {
  const resources = median(ups.map(({ created }) => created));
  const seconds = median(ups.map((one) => one.seconds));
  return {
    name: count === 1 ? "1 shard" : `${count} shards`,
    size: count,
    figures: {
      resources,
      seconds: significant(seconds),
      perResource: significant((seconds * 1000) / resources),
      memory: Math.round(median(ups.map(({ memory }) => memory))),
    },
  };
}
