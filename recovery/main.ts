import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { UsageError } from "../cli/args";
import { parseRecoverArgs, type RecoverCall, USAGE } from "./args";
import { damageText, mend } from "./damage";
import { RecoveryError } from "./errors";
import { providersLeft, thisMachine } from "./machine";
import { interruptedIn } from "./plan";
import { carryOut, damaged, LockedError, type Prepared, prepare, type RecoverArgs } from "./recover";
import { planText, situationText } from "./show";
import { stackIn } from "./stack";
import { nameOf } from "./state";

/** See the usage. */
const EXIT = { ok: 0, failed: 1, refused: 2, planned: 3, locked: 4, undecided: 5, interrupted: 130 } as const;

const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(argv: readonly string[]): Promise<number> {
  const call = parseRecoverArgs(argv);
  if (call === "help") {
    say(USAGE);
    return EXIT.ok;
  }
  const args = argsOf(call, process.cwd());
  const state = await wholeState(call, args);
  if (state === "damaged") return EXIT.planned;
  const prepared = await prepare(args);
  const { situation, plan } = prepared;
  for (const line of [...situationText(call.stack, situation), ...planText(plan)]) say(line);
  const unknown = [...call.fate.keys()].filter((name) => !isInterrupted(name, prepared));
  if (unknown.length > 0) throw new UsageError(`nothing of the name ${unknown.join(", ")} was interrupted`);
  if (plan.held.length > 0) {
    say("Wait for it, or end it; if it is gone, run this again with --force-unlock.");
    return EXIT.locked;
  }
  if (plan.undecided.length > 0) return EXIT.undecided;
  if (plan.steps.length === 0) {
    say(state === "whole" ? `There is nothing to do: ${call.stack} was not interrupted.` : "Nothing else is to do.");
    // The engine looks at the lock when it changes something, and there is nothing to change.
    if (!prepared.locksSeen) say(`Where the next up says that it is locked: pulumi cancel --stack ${call.stack}`);
    return EXIT.ok;
  }
  if (!(await agreed(call))) return EXIT.planned;
  await carryOut(prepared, args);
  say(`Recovered. Go on with: pulumi up --stack ${call.stack}`);
  return EXIT.ok;
}

/** Makes a state readable that is not, where that is agreed to: nothing else can be seen before. */
async function wholeState(call: RecoverCall, args: RecoverArgs): Promise<"whole" | "damaged" | "mended"> {
  const damage = await damaged(args);
  if (damage === undefined) return "whole";
  for (const line of damageText(damage)) say(line);
  if (!(await agreed(call))) return "damaged";
  const kept = mend(damage, args.backups);
  if (kept !== undefined) say(`the file as it was is kept in ${kept}`);
  return "mended";
}

function isInterrupted(name: string, { situation }: Prepared): boolean {
  return interruptedIn(situation).some(({ resource }) => nameOf(resource.urn) === name);
}

function argsOf({ stack, forceUnlock, fate, waitMs }: RecoverCall, cwd: string): RecoverArgs {
  const { project, pulumi, kubeconfigs } = stackIn(cwd, stack);
  return {
    stack,
    project,
    pulumi,
    wanted: () => pulumi.creates(),
    kubeconfigs,
    machine: thisMachine(),
    backups: join(cwd, ".recovery"),
    decisions: { forceUnlock, fate },
    workersLeft: () => providersLeft(cwd),
    waitMs,
    say,
  };
}

/** Asks where there is somebody to ask. */
async function agreed({ yes }: RecoverCall): Promise<boolean> {
  if (yes) return true;
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    say("Nothing was done: there is no terminal to ask at. Run this again with --yes.");
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await terminal.question("Do this? (yes or no) ");
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

function explain(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n\n${USAGE}\n`);
    return EXIT.refused;
  }
  if (error instanceof LockedError) {
    process.stderr.write(
      `${error.message}\nWait for it, or end it; if it is gone, run this again with --force-unlock.\n`,
    );
    return EXIT.locked;
  }
  process.stderr.write(
    `${error instanceof RecoveryError ? error.message : error instanceof Error ? error.stack : error}\n`,
  );
  return EXIT.failed;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(EXIT.interrupted));

main(process.argv.slice(2))
  .catch(explain)
  .then((code) => process.exit(code));
