import { UsageError } from "../cli/args";
import { type BenchArgs, parseBenchArgs, USAGE } from "./args";
import { CATALOG } from "./catalog";
import { load, thisMachine } from "./machine";
import type { Benchmark, Description, Result } from "./model";
import { casesTable, ratiosTable } from "./report/table";
import { resultFile, writeResult } from "./results";

/** Exit codes: 0 it ran, or the report is up to date, 1 it failed, or is not, 2 the call is wrong, 130 interrupted. */
const EXIT = { ok: 0, failed: 1, refused: 2, interrupted: 130 } as const;

/** What each benchmark loads is no other one's business: engines and SDKs are large. */
const BENCHMARKS: Readonly<Record<string, () => Promise<Benchmark>>> = {
  plan: async () => (await import("./run/plan.js")).benchPlan,
  components: async () => (await import("./run/growth.js")).benchComponents,
  clusters: async () => (await import("./run/growth.js")).benchClusters,
  start: async () => (await import("./run/start.js")).benchStart,
  engine: async () => (await import("./run/engine.js")).benchEngine,
  helm: async () => (await import("./run/helm.js")).benchHelm,
  policy: async () => (await import("./run/policy.js")).benchPolicy,
  shards: async () => (await import("./run/shards.js")).benchShards,
  build: async () => (await import("./run/build.js")).benchBuild,
};

/** Load from which on figures say more of the machine than of the program. */
const BUSY = 1;

const print = (text: string) => process.stdout.write(`${text}\n`);
const say = (line: string) => process.stderr.write(`${line}\n`);

async function main(argv: readonly string[]): Promise<number> {
  const args = parseBenchArgs(argv);
  const root = process.cwd();
  if (args === "help") {
    print(USAGE);
    return EXIT.ok;
  }
  if (args.command === "report") {
    const { checkReport, writeReport } = await import("./report/write.js");
    return args.check ? checkReport(root, say) : writeReport(root, say);
  }
  if (argv.length === 0) print(CATALOG.map(listed).join("\n"));
  for (const name of args.names) await runOne(name, args, root);
  return EXIT.ok;
}

function listed({ name, summary, engine }: Description): string {
  return `${name.padEnd(12)} ${summary}${engine ? " (needs the engine: only when named)" : ""}`;
}

type RunArgs = Extract<BenchArgs, { command: "run" }>;

async function runOne(name: string, args: RunArgs, root: string): Promise<void> {
  const description = CATALOG.find((one) => one.name === name);
  const benchmark = await BENCHMARKS[name]?.();
  if (description === undefined || benchmark === undefined) throw new Error(`nothing runs ${name}`);
  print(`\n${name}: ${description.summary}\n`);
  const before = load();
  if (before >= BUSY) say(`the machine is busy (load ${before}): these figures are for nobody`);
  const { rounds = description.rounds, charts, helm, sizes } = args;
  const measured = await benchmark({ root, rounds, charts, helm, sizes, say: (line) => say(`  ${line}`) });
  const date = new Date().toISOString().slice(0, 10);
  const result: Result = { name, date, machine: thisMachine(), load: before, rounds, ...measured };
  print(resultText(result, description));
  if (!args.write) return;
  writeResult(root, result);
  print(`\nwritten: ${resultFile(".", name)}; docs/performance.md is made by: npm run bench -- report`);
}

function resultText({ name, cases, ratios }: Result, { columns }: Description): string {
  const wholes = cases.filter(({ partOf }) => partOf === undefined);
  const parts = cases.filter(({ partOf }) => partOf !== undefined);
  return [
    casesTable(name, wholes, columns),
    ...(parts.length === 0 ? [] : ["", casesTable(`of ${parts[0]?.partOf}`, parts, columns)]),
    ...(ratios.length === 0 ? [] : ["", ratiosTable(ratios)]),
  ].join("\n");
}

function explain(error: unknown): number {
  if (error instanceof UsageError) {
    say(`${error.message}\n\n${USAGE}`);
    return EXIT.refused;
  }
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return EXIT.failed;
}

// What is removed when this process ends is removed then as well; clusters have a guard of their own.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.once(signal, () => process.exit(EXIT.interrupted));

main(process.argv.slice(2))
  .catch(explain)
  .then((code) => process.exit(code));
