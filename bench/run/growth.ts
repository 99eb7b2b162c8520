import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { Grown } from "../grow/child";
import { clustersConfig, componentsConfig, type StackConfig } from "../grow/settings";
import type { BenchCall, Benchmark, Case, Measured } from "../model";
import { interleave, median, significant } from "../statistics";
import { type Finished, runNode } from "./child";
import { inFolder } from "./folder";

/** What grows, and how a stack of a size is written. */
interface Growth {
  readonly of: string;
  readonly sizes: readonly number[];
  readonly config: (size: number, root: string) => StackConfig;
  readonly ratios: (cases: readonly Case[]) => Measured["ratios"];
}

/** The largest stacks take gigabytes. */
const HEAP_MIB = 12_288;

/** Largest ratio of the time a resource at 10,000 resources to that at 1,000 (design). */
const LIMIT = 1.2;

/** Nearest to 1,000 and to 10,000 resources, and what the issue asks for: 100, 1,000 and 10,000 components. */
export const benchComponents: Benchmark = grown({
  of: "components",
  sizes: [100, 270, 1_000, 2_850, 10_000],
  config: componentsConfig,
  ratios: (cases) => {
    const small = nearest(cases, 1_000);
    const large = nearest(cases, 10_000);
    const largest = cases.reduce((one, other) => (resourcesOf(other) > resourcesOf(one) ? other : one), large);
    return [
      ratio(large, small, "perResource", "time", LIMIT),
      ratio(large, small, "memoryPerResource", "memory"),
      ...(largest === large ? [] : [ratio(largest, small, "perResource", "time")]),
    ];
  },
});

export const benchClusters: Benchmark = grown({
  of: "clusters",
  sizes: [3, 10, 30],
  config: (size, root) => clustersConfig(parse(readFileSync(join(root, "Pulumi.prod.yaml"), "utf8")).config, size),
  ratios: (cases) => {
    const [first, last] = [cases[0], cases.at(-1)];
    return first === undefined || last === undefined || first === last
      ? []
      : [ratio(last, first, "perResource", "time"), ratio(last, first, "memoryPerResource", "memory")];
  },
});

function grown({ of, sizes, config, ratios }: Growth): Benchmark {
  return ({ root, rounds, say, sizes: wanted = sizes }: BenchCall) =>
    inFolder(async (folder) => {
      const subjects = wanted.map((size) => {
        const project = writeProject(join(folder, String(size)), config(size, root), root);
        const once = () => runNode(join(root, "bench/grow/child.ts"), [project], { cwd: root, heap: HEAP_MIB });
        return { name: String(size), once };
      });
      const results = await interleave(subjects, rounds, say);
      const cases = wanted.map((size) => caseOf(of, size, results.get(String(size)) ?? []));
      return { cases, ratios: ratios(cases) };
    });
}

/** A folder with the stack's file and tenants, as `npm run plan` would find them. */
function writeProject(folder: string, config: StackConfig, root: string): string {
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, "tenants"), join(folder, "tenants"), { recursive: true });
  writeFileSync(join(folder, "Pulumi.grown.yaml"), stringify({ config }));
  return folder;
}

function caseOf(of: string, size: number, runs: readonly Finished[]): Case {
  const grown = runs.map(({ output }): Grown => JSON.parse(output));
  const resources = grown[0]?.resources ?? 0;
  const seconds = median(grown.map((one) => one.seconds));
  const memory = median(runs.map((one) => one.memory));
  return {
    name: `${size} ${of}`,
    size,
    figures: {
      resources,
      seconds: significant(seconds),
      perResource: significant((seconds * 1000) / resources),
      program: significant(median(grown.map(({ program }) => program))),
      memory: Math.round(memory),
      memoryPerResource: significant((memory * 1024) / resources),
    },
  };
}

const resourcesOf = ({ figures }: Case) => figures.resources ?? 0;

function nearest(cases: readonly Case[], resources: number): Case {
  const [first, ...others] = cases;
  if (first === undefined) throw new RangeError("no sizes");
  const distance = (one: Case) => Math.abs(Math.log(resourcesOf(one) / resources));
  return others.reduce((best, one) => (distance(one) < distance(best) ? one : best), first);
}

function ratio(of: Case, to: Case, figure: string, what: string, limit?: number) {
  const value = significant((of.figures[figure] ?? 0) / (to.figures[figure] ?? 0));
  const shown = (one: Case) => resourcesOf(one).toLocaleString("en");
  return { name: `${what} a resource, ${shown(of)} resources to ${shown(to)}`, value, ...(limit && { limit }) };
}
