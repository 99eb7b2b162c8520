import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { runStackOffline } from "../../plan/program/stack";
import { specOf } from "../bare/spec";
import { clustersConfig, componentsConfig, GROWN, type StackConfig } from "../grow/settings";
import type { BenchCall, Benchmark, Measured } from "../model";
import { interleave, type Subject } from "../statistics";
import { assertRegistered, type Finished, runNode } from "./child";
import { inFolder } from "./folder";
import { bareCase, bareRatio, clusterRatios, componentRatios, grownCase, nearestSize } from "./growth-figures";

/** The largest stacks take gigabytes. */
const HEAP_MIB = 12_288;

/** Components whose plan is compared with a bare program. */
const BARE_SIZE = 1_000;

/** What the issue asks for: 100, 1,000 and 10,000 components; and nearest to 1,000 and to 10,000 resources. */
const COMPONENTS = [100, 135, 1_000, 1_420, 10_000];

const CLUSTERS = [3, 10, 30];

/** Plans ever more components, and registers as much as one of those plans by a program that does nothing else. */
export function benchComponents({ root, rounds, say, sizes = COMPONENTS }: BenchCall): Promise<Measured> {
  return inFolder(async (folder) => {
    const subjects = sizes.map((size) => planned(folder, size, componentsConfig(size), root));
    const size = nearestSize(sizes, BARE_SIZE);
    const { resources, subject } = await bareProgram(folder, size, root);
    const results = await interleave([...subjects, subject], rounds, say);
    const of = (name: string) => results.get(name) ?? [];
    const bare = of(subject.name);
    for (const { output } of bare) assertRegistered(output, resources);
    const cases = sizes.map((one) => grownCase("components", one, of(String(one))));
    return {
      cases: [...cases, bareCase(size, resources, bare)],
      ratios: [...componentRatios(cases), bareRatio(size, of(String(size)), bare)],
    };
  });
}

export const benchClusters: Benchmark = ({ root, rounds, say, sizes = CLUSTERS }) =>
  inFolder(async (folder) => {
    const { config } = parse(readFileSync(join(root, "Pulumi.prod.yaml"), "utf8"));
    const subjects = sizes.map((size) => planned(folder, size, clustersConfig(config, size), root));
    const results = await interleave(subjects, rounds, say);
    const cases = sizes.map((size) => grownCase("clusters", size, results.get(String(size)) ?? []));
    return { cases, ratios: clusterRatios(cases) };
  });

/** A process that plans a stack. */
function planned(folder: string, size: number, config: StackConfig, root: string): Subject<Finished> {
  const project = writeProject(join(folder, String(size)), config, root);
  const once = () => runNode(join(root, "bench/grow/child.ts"), [project], { cwd: root, heap: HEAP_MIB });
  return { name: String(size), once };
}

/** A process that registers what the stack of a size registers. */
async function bareProgram(folder: string, size: number, root: string) {
  const { run } = await runStackOffline({ root: join(folder, String(size)), stack: GROWN });
  const spec = specOf(run.graph.resources);
  const file = join(folder, "spec.json");
  writeFileSync(file, JSON.stringify(spec));
  const once = () => runNode(join(root, "bench/bare/mock.ts"), [file], { cwd: root, heap: HEAP_MIB });
  return { resources: spec.length, subject: { name: `bare program of ${size}`, once } };
}

/** A folder with the stack's file and tenants, as `npm run plan` would find them. */
function writeProject(folder: string, config: StackConfig, root: string): string {
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, "tenants"), join(folder, "tenants"), { recursive: true });
  writeFileSync(join(folder, `Pulumi.${GROWN}.yaml`), stringify({ config }));
  return folder;
}
