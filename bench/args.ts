import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { readArgs, UsageError } from "../cli/args";
import { CATALOG } from "./catalog";

/** What `npm run bench` was asked for. */
export type BenchArgs =
  | { readonly command: "report"; readonly check: boolean }
  | {
      readonly command: "run";
      /** In the order of the catalog. */
      readonly names: readonly string[];
      readonly rounds: number;
      /** Folder of packaged charts. */
      readonly charts?: string;
      readonly helm?: string;
      /** Sizes other than the usual ones. */
      readonly sizes?: readonly number[];
      /** Whether the results are written down. */
      readonly write: boolean;
    };

const ROUNDS = 5;

const LISTED = CATALOG.map(({ name, summary, engine }) => `  ${name.padEnd(12)} ${summary}${engine ? " *" : ""}`);

export const USAGE = `Usage: npm run bench [-- <benchmark> …] [options]
       npm run bench -- report [--check]

Measures, prints a table and writes bench/results/<benchmark>.json; report makes docs/performance.md of these files.
Without a name all run that need no engine. Nothing else should run meanwhile.

${LISTED.join("\n")}
  * needs the engine of a rehearsal (npm run engine), and runs only when it is named

  --rounds <n>          how often each case is run; figures are medians. Default: ${ROUNDS}
  --sizes <n,n,…>       for what grows: sizes other than the usual ones; such results are not written
  --charts <directory>  helm: the real charts, packaged as <chart>-<version>.tgz
  --helm <file>         helm: the helm CLI. Default: found on PATH
  --dry                 write no result
  --check               report: only say whether docs/performance.md is what the results say
  --help                this text`;

const OPTIONS = {
  rounds: { type: "string" },
  sizes: { type: "string" },
  charts: { type: "string" },
  helm: { type: "string" },
  dry: { type: "boolean" },
  check: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** @throws UsageError */
export function parseBenchArgs(argv: readonly string[]): BenchArgs | "help" {
  const { values, positionals } = readArgs(argv, OPTIONS);
  if (values.help) return "help";
  if (positionals[0] === "report") {
    if (positionals.length > 1) throw new UsageError("report goes with no other name");
    return { command: "report", check: values.check ?? false };
  }
  if (values.check) throw new UsageError("--check goes with report");
  const names = namesOf(positionals);
  const sizes = values.sizes?.split(",").map((text) => whole("sizes", text));
  if (values.charts !== undefined) mustBe("charts", values.charts, "directory");
  if (values.helm !== undefined) mustBe("helm", values.helm, "file");
  if (names.includes("helm") && values.charts === undefined) {
    throw new UsageError("helm installs real charts: say where they are by --charts <directory>");
  }
  return {
    command: "run",
    names,
    rounds: values.rounds === undefined ? ROUNDS : whole("rounds", values.rounds),
    write: !values.dry && sizes === undefined,
    ...(values.charts !== undefined && { charts: resolve(values.charts) }),
    ...(values.helm !== undefined && { helm: resolve(values.helm) }),
    ...(sizes !== undefined && { sizes }),
  };
}

function namesOf(wanted: readonly string[]): string[] {
  const unknown = wanted.filter((name) => CATALOG.every((one) => one.name !== name));
  if (unknown.length > 0) {
    throw new UsageError(`no benchmark ${unknown.join(", ")}; there are ${CATALOG.map(({ name }) => name).join(", ")}`);
  }
  const chosen = CATALOG.filter(({ name, engine }) => (wanted.length === 0 ? !engine : wanted.includes(name)));
  return chosen.map(({ name }) => name);
}

function whole(option: string, text: string): number {
  if (!/^[1-9][0-9]{0,5}$/.test(text)) throw new UsageError(`--${option} ${text}: not a whole number from 1`);
  return Number(text);
}

function mustBe(option: string, path: string, kind: "directory" | "file"): void {
  const found = existsSync(path) && (kind === "directory") === statSync(path).isDirectory();
  if (!found) throw new UsageError(`--${option} ${path}: there is no such ${kind}`);
}
