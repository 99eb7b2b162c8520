import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { adopt } from "../../rehearsal/environment";
import { type BenchFleet, withFleet } from "../engine/fleet";
import { platformAlone, tenantsWith } from "../grow/settings";
import type { BenchCall, Case, Measured } from "../model";
import { interleave, median, ratioOfMedians, significant } from "../statistics";
import { runNode } from "./child";

const STACK = "shards";
const COUNTS = [4, 16] as const;
const WHOLE = "one stack";
const SHARD = "openchoreo:shard";
const TENANTS = "openchoreo:tenants";

/** Small tenants, as shards are divided by tenants: with few large ones some shards would be empty. */
const COMPONENTS = 275;
const OF_TENANT = 5;

/** Largest ratio of `up` in four shards to `up` in one stack. */
const LIMIT = 0.25;
const LIMITED = 4;

/** What bringing up all tenants came to. */
interface Up {
  readonly created: number;
  readonly seconds: number;
  readonly memory: number;
}

/** Brings the same tenants up in the platform's own stack and in ever more shards, with checkpoints, as a user has them. */
export function benchShards({ root, rounds, say, sizes = COUNTS }: BenchCall): Promise<Measured> {
  const config = {
    ...platformAlone(),
    [TENANTS]: tenantsWith(COMPONENTS, { ofTenant: OF_TENANT }),
    [SHARD]: { count: 1 },
  };
  return withFleet({ root, stack: STACK, config, charts: "stand-in", say }, async (fleet) => {
    await (await fleet.open()).up();
    const shards = sizes.map((count) => ({ name: String(count), once: () => upIn(count, fleet, root) }));
    const results = await interleave([{ name: WHOLE, once: () => upWhole(fleet) }, ...shards], rounds, say);
    const of = (name: string | number) => results.get(String(name)) ?? [];
    const seconds = (name: string | number) => of(name).map((one) => one.seconds);
    return {
      cases: [
        { name: "the platform's own stack", size: 1, figures: figuresOf(of(WHOLE)) },
        ...sizes.map((count) => ({ name: `${count} shards`, size: count, figures: figuresOf(of(count)) })),
      ],
      ratios: sizes.map((count) => ({
        name: `up in ${count} shards to up in one stack`,
        value: significant(ratioOfMedians(seconds(count), seconds(WHOLE))),
        ...(count === LIMITED && { limit: LIMIT }),
      })),
    };
  });
}

/** All tenants beside the platform, as they are without shards. */
async function upWhole(fleet: BenchFleet): Promise<Up> {
  const { [SHARD]: _, ...config } = fleet.config.plain;
  const { created, seconds, memory } = await withCheckpoints(async () => {
    const run = await fleet.open(undefined, config);
    return fleet.measure(() => run.up());
  });
  const { [TENANTS]: __, ...empty } = config;
  await (await fleet.open(undefined, empty)).up();
  // Without tenants its outputs may say that they are in shards.
  await (await fleet.open()).up();
  return { created, seconds, memory };
}

/** A rehearsal leaves checkpoints out; what is measured here is what they cost, and what shards save of it. */
async function withCheckpoints<T>(work: () => Promise<T>): Promise<T> {
  const environment = { ...process.env };
  delete process.env.PULUMI_EXPERIMENTAL;
  delete process.env.PULUMI_SKIP_CHECKPOINTS;
  try {
    return await work();
  } finally {
    adopt(environment);
  }
}

async function upIn(count: number, fleet: BenchFleet, root: string): Promise<Up> {
  const { project: cwd } = fleet.folders;
  const config = { ...fleet.config.plain, [SHARD]: { count } };
  writeFileSync(join(cwd, `Pulumi.${STACK}.yaml`), stringify({ config }));
  const run = (command: string) =>
    runNode(join(root, "tenancy/main.ts"), [command, "--stack", STACK, "--yes"], { cwd });
  const up = await withCheckpoints(() => fleet.measure(async () => summed((await run("up")).output)));
  await run("destroy");
  return up;
}

/** The last line of the driver's table: tenants, created, updated, deleted, same, seconds. */
export function summed(output: string): Pick<Up, "created" | "seconds"> {
  const [, created, seconds] = /^all +\d+ +(\d+) +\d+ +\d+ +\d+ +([0-9.]+)$/m.exec(output) ?? [];
  if (created === undefined) throw new Error(`the driver has no sum:\n${output.slice(-2000)}`);
  return { created: Number(created), seconds: Number(seconds) };
}

function figuresOf(ups: readonly Up[]): Case["figures"] {
  const resources = median(ups.map(({ created }) => created));
  const seconds = median(ups.map((one) => one.seconds));
  return {
    resources,
    seconds: significant(seconds),
    perResource: significant((seconds * 1000) / resources),
    memory: Math.round(median(ups.map(({ memory }) => memory))),
  };
}
