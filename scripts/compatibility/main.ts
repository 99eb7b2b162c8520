import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { UsageError } from "../../cli/args";
import { Refusal } from "../../components/settings";
import { objectAt, textAt } from "../../plan/program/json";
import { type KeepArgs, parseKeepArgs, USAGE } from "./args";
import { ownContract } from "./contract";
import { exportedResources } from "./export";
import { findingsIn, findingText } from "./findings";
import { type KeptState, writeKept } from "./kept";
import { registeredBy } from "./program";
import { FOLDER, ownVersion } from "./versions";

async function main(argv: readonly string[]): Promise<number> {
  const args = parseKeepArgs(argv, ownVersion());
  if (args === "help") return print(USAGE);
  const folder = join(FOLDER, args.version);
  for (const stack of args.stacks) {
    const file = join(folder, `${stack}.json`);
    if (existsSync(file) && !args.again) {
      throw new UsageError(
        `${args.version} of ${stack} is kept already, and what is released does not change (--again)`,
      );
    }
    copySettings(stack, { from: resolve(args.settings), to: folder });
    const program = await registeredBy(folder, stack);
    const state = keptState(stack, args, program);
    writeFileSync(file, writeKept(state));
    print(`${file}: ${state.resources.length} resources`);
    for (const finding of findingsIn(state, program)) print(`  ${finding.worth}: ${findingText(finding)}`);
  }
  // What another version's contract is, this program does not know.
  if (args.version !== ownVersion()) return 0;
  writeFileSync(join(folder, "contract.json"), `${JSON.stringify(ownContract(), undefined, 1)}\n`);
  return 0;
}

function keptState(stack: string, { version, from }: KeepArgs, program: KeptState["resources"]): KeptState {
  if (from === undefined) return { version, stack, from: "program", resources: program };
  try {
    return { version, stack, from: "export", resources: exportedResources(readFileSync(from, "utf8")) };
  } catch (error) {
    throw new UsageError(`--from ${from}: ${error instanceof Error ? error.message : error}`);
  }
}

/** Copies a stack's file, and the folder of its tenants. */
function copySettings(stack: string, { from, to }: { readonly from: string; readonly to: string }): void {
  const name = `Pulumi.${stack}.yaml`;
  if (!existsSync(join(from, name))) throw new UsageError(`there is no ${join(from, name)}`);
  const tenants = textAt(
    objectAt(parse(readFileSync(join(from, name), "utf8")), "config", "openchoreo:tenants"),
    "from",
  );
  for (const file of tenants === undefined ? [name] : [name, tenants]) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    cpSync(join(from, file), join(to, file), { recursive: true });
  }
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

function explain(error: unknown): number {
  const own = error instanceof UsageError || error instanceof Refusal;
  const said = error instanceof Error && !own ? error.stack : (error as Error).message;
  process.stderr.write(`${said}${error instanceof UsageError ? `\n\n${USAGE}` : ""}\n`);
  return own ? 2 : 1;
}

main(process.argv.slice(2))
  .catch(explain)
  // Timers of the SDK would keep the process after its work is done.
  .then((code) => process.exit(code));
