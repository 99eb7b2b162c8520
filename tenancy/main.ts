import { createInterface } from "node:readline/promises";
import { UsageError } from "../cli/args";
import { Refusal } from "../components/settings";
import { parseTenancyArgs, type TenancyArgs, USAGE } from "./args";
import type { Base } from "./base";
import { isSettled, listShards, listText } from "./list";
import { type MovedTenants, moveTenant, reshard } from "./movement";
import { startWorker } from "./pool";
import { openBase, type Place, runShards, taskOf } from "./run";
import { StateError } from "./state/state";
import { exitCode, summaryText } from "./summary";

/** Exit codes: 0 everything is as it should be, 1 something failed, 2 the call or the settings are wrong, 130 interrupted. */
const EXIT = { ok: 0, failed: 1, refused: 2, interrupted: 130 } as const;

const print = (text: string) => process.stdout.write(`${text}\n`);
const complain = (text: string) => process.stderr.write(`${text}\n`);

async function main(argv: readonly string[]): Promise<number> {
  const args = parseTenancyArgs(argv);
  if (args === "help") {
    print(USAGE);
    return EXIT.ok;
  }
  const place: Place = { root: process.cwd(), say: complain };
  const { stack: name, shards } = args;
  const base = await openBase(place, { name, shards, reshard: args.command === "reshard" });
  switch (args.command) {
    case "list": {
      const listed = await listShards(place, base);
      print(listText(listed, base));
      return isSettled(listed, base) ? EXIT.ok : EXIT.failed;
    }
    case "move":
      return settle(place, await moveTenant(place, base, args));
    case "reshard":
      return settle(place, await reshard(place, base, args.shards));
    default:
      return operate(place, base, args);
  }
}

type OperationArgs = Extract<TenancyArgs, { continueOnError: boolean }>;

async function operate(place: Place, base: Base, args: OperationArgs): Promise<number> {
  const { command: operation, parallel, continueOnError, yes } = args;
  if (operation !== "preview" && !yes) await confirm(`${operation} of ${base.sharding.count} shards of ${base.name}?`);
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (!interrupted.signal.aborted)
        complain("Interrupted: what runs is ended by the engine, and nothing more starts.");
      interrupted.abort();
    });
  }
  const { signal } = interrupted;
  const summary = await runShards({
    ...place,
    base,
    operation,
    continueOnError,
    signal,
    ...(parallel && { parallel }),
  });
  print(summaryText(summary));
  return signal.aborted ? EXIT.interrupted : exitCode(summary);
}

/** After a move a preview must show no change: what it would change was not moved as it is. */
async function settle(place: Place, { base, resources, changed, backups }: MovedTenants): Promise<number> {
  print(`${resources} resources moved${backups === undefined ? "" : `; the states as they were: ${backups}`}`);
  print(`Pulumi.${base.name}.yaml says where tenants are now; commit it.`);
  if (changed.length === 0) return EXIT.ok;
  const worker = startWorker();
  let left = 0;
  try {
    for (const stack of changed) {
      const result = await worker.run(taskOf(stack, "preview", { ...place, base }), () => undefined);
      const { created, updated, deleted, errors } = result;
      const clean = created + updated + deleted === 0 && errors.length === 0;
      if (!clean) left += 1;
      const changes = `would create ${created}, update ${updated} and delete ${deleted} resources`;
      print(
        `${stack}: a preview ${errors.length > 0 ? `fails: ${errors.join("; ")}` : clean ? "shows no change" : changes}`,
      );
    }
  } finally {
    worker.stop();
  }
  return left === 0 ? EXIT.ok : EXIT.failed;
}

async function confirm(question: string): Promise<void> {
  if (!process.stdin.isTTY) throw new UsageError("nobody can be asked here; say --yes");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} (yes/no) `);
  terminal.close();
  if (answer.trim().toLowerCase() !== "yes") throw new UsageError("nothing is done without a yes");
}

function explain(error: unknown): number {
  if (error instanceof UsageError) {
    complain(`${error.message}\n\n${USAGE}`);
    return EXIT.refused;
  }
  if (error instanceof Refusal) {
    complain(error.message);
    return EXIT.refused;
  }
  complain(
    error instanceof StateError
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error),
  );
  return EXIT.failed;
}

main(process.argv.slice(2))
  .catch(explain)
  .then((code) => process.exit(code));
