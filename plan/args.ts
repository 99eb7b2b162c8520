import { existsSync, statSync } from "node:fs";
import { readArgs, stackIn, UsageError } from "../cli/args";
import { type Override, parseOverride } from "../rehearsal/args";

/** Forms of the report. */
export const FORMATS = ["text", "markdown", "html", "json"] as const;
export type Format = (typeof FORMATS)[number];

/** One form of the report, and where it goes. */
export interface Output {
  readonly format: Format;
  readonly file?: string;
}

/** What `npm run plan` was asked for. */
export interface PlanArgs {
  readonly stack: string;
  /** Forms of the report, and their files; without a file it goes to standard output. */
  readonly outputs: readonly Output[];
  /** A JSON plan, or a Git ref, to compare with. */
  readonly against?: string;
  /** A cluster or a region that is taken to be lost. */
  readonly lose?: string;
  /** Directory of packaged charts: differences are those of rendered objects. */
  readonly charts?: string;
  readonly set: readonly Override[];
}

export const USAGE = `Usage: npm run plan [-- <stack>] [options]

Plans a stack on this machine: which resources, what policy says, and what changes for whom. Needs no credentials, opens
no kubeconfig and decrypts nothing. Default stack: dev.

  --format text|markdown|html|json   default: text, or what the ending of --out says
  --against <file|git ref>           what changes since a JSON plan, or since a commit, branch or tag
  --out <file>                       writes the report there; may be repeated, as plan.md, plan.html and plan.json
  --lose <cluster|region>            what is lost with it, and what takes over
  --charts <directory>               with packaged charts (<chart>-<version>.tgz): differences of rendered objects
  --set <key>=<value>                change a setting, such as --set platform.cilium.hubble.ui=false; may be repeated
  --help                             this text

Exit codes: 0 fine, 1 an error of this program, 2 the call or the settings are wrong, 3 a mandatory policy is violated.`;

const OPTIONS = {
  format: { type: "string" },
  against: { type: "string" },
  out: { type: "string", multiple: true },
  lose: { type: "string" },
  charts: { type: "string" },
  set: { type: "string", multiple: true },
  help: { type: "boolean", short: "h" },
} as const;

/** @throws UsageError */
export function parsePlanArgs(argv: readonly string[]): PlanArgs | "help" {
  const { values, positionals } = readArgs(argv, OPTIONS);
  if (values.help) return "help";
  const stack = stackIn(positionals, "dev");
  if (values.charts !== undefined && !isDirectory(values.charts)) {
    throw new UsageError(`--charts ${values.charts}: there is no such directory`);
  }
  return {
    stack,
    outputs: outputsOf(values.format, values.out ?? []),
    against: values.against,
    lose: values.lose,
    charts: values.charts,
    set: (values.set ?? []).map(parseOverride),
  };
}

const ENDINGS: Readonly<Record<string, Format>> = { md: "markdown", html: "html", json: "json", txt: "text" };

function outputsOf(format: string | undefined, files: readonly string[]): Output[] {
  const wanted = format === undefined ? undefined : known(format);
  if (files.length === 0) return [{ format: wanted ?? "text" }];
  if (files.length > 1 && wanted !== undefined) {
    throw new UsageError("--format does not go with several --out: their endings say the forms");
  }
  return files.map((file) => ({ format: wanted ?? ENDINGS[file.split(".").at(-1) ?? ""] ?? "text", file }));
}

function known(format: string): Format {
  const found = FORMATS.find((one) => one === format);
  if (found === undefined) throw new UsageError(`--format ${format}: one of ${FORMATS.join(", ")}`);
  return found;
}

function isDirectory(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}
