import { readArgs, UsageError } from "../../cli/args";
import { isVersion } from "./versions";

export const USAGE = `Usage: npm run keep-state -- <version> [options]

Keeps the states that a version writes, and the settings that they are of, in test/compatibility/<version>. Later versions
are held to them: nothing in them that is protected may be replaced or go.

  --stack <stack>        may be repeated. Default: dev and prod
  --from <file>          the state of one stack, from pulumi stack export; of another version too. Default: what the
                         program itself registers, which is its own version
  --settings <folder>    where Pulumi.<stack>.yaml and its tenants are. Default: this folder
  --again                also where the version is kept already: before it is released
  --help                 this text`;

/** What `npm run keep-state` was asked for. */
export interface KeepArgs {
  readonly version: string;
  readonly stacks: readonly string[];
  /** File of an export. */
  readonly from?: string;
  readonly settings: string;
  readonly again: boolean;
}

const OPTIONS = {
  stack: { type: "string", multiple: true },
  from: { type: "string" },
  settings: { type: "string" },
  again: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** @param own The program's own version. @throws UsageError */
export function parseKeepArgs(argv: readonly string[], own: string): KeepArgs | "help" {
  const { values, positionals } = readArgs(argv, OPTIONS);
  if (values.help) return "help";
  const [version, ...others] = positionals;
  if (version === undefined || others.length > 0) throw new UsageError("name one version");
  if (!isVersion(version)) throw new UsageError(`"${version}" is no version such as 1.2.3`);
  const { from, stack: stacks = ["dev", "prod"], settings = ".", again = false } = values;
  if (from === undefined && version !== own) {
    throw new UsageError(`this program is ${own}; the state of ${version} comes from an export (--from)`);
  }
  if (from !== undefined && stacks.length !== 1) throw new UsageError("--from is of one stack: name it with --stack");
  return { version, stacks, from, settings, again };
}
