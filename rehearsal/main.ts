import { UsageError } from "../cli/args";
import { SettingsError } from "../components/settings";
import { parseRehearseArgs, USAGE } from "./args";
import { RehearsalError } from "./process";
import { consoleProgress } from "./progress";
import { rehearse, takeDown } from "./rehearse";

/** Exit codes: 0 everything held, 1 something did not, 2 the call or the settings are wrong, 130 interrupted. */
const EXIT = { ok: 0, failed: 1, refused: 2, interrupted: 130 } as const;

class Interrupted extends Error {}

/** A terminal's Ctrl-C reaches this process directly and through the one that started it: within this time it is one. */
const SAME_SIGNAL_MS = 1_000;

/** Rejects at the first Ctrl-C or termination; a second one ends at once, and the guard cleans up. */
function interruption(): Promise<never> {
  return new Promise((_, reject) => {
    let first = 0;
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        if (first > 0 && Date.now() - first > SAME_SIGNAL_MS) process.exit(EXIT.interrupted);
        first ||= Date.now();
        reject(new Interrupted());
      });
    }
  });
}

async function main(argv: readonly string[]): Promise<number> {
  const args = parseRehearseArgs(argv);
  if (args === "help") {
    process.stdout.write(`${USAGE}\n`);
    return EXIT.ok;
  }
  const root = process.cwd();
  if (args.destroy) {
    const was = await takeDown(root, args.stack);
    process.stdout.write(
      was ? `The rehearsal of ${args.stack} is taken down.\n` : `No rehearsal of ${args.stack} was running.\n`,
    );
    return EXIT.ok;
  }
  const interrupted = interruption();
  interrupted.catch(() => undefined);
  const { report, text } = await rehearse({ args, root, progress: consoleProgress(), interrupted });
  process.stdout.write(`${text}\n`);
  return report.problems.length === 0 ? EXIT.ok : EXIT.failed;
}

function explain(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n\n${USAGE}\n`);
    return EXIT.refused;
  }
  if (error instanceof Interrupted) {
    const kept = "the clusters are kept, and the next rehearsal of the stack goes on from here";
    const left = process.argv.includes("--keep") ? kept : "everything that was started is stopped and removed";
    process.stderr.write(`Interrupted; ${left}.\n`);
    return EXIT.interrupted;
  }
  if (error instanceof SettingsError) {
    process.stderr.write(`${error.message}\n`);
    return EXIT.refused;
  }
  process.stderr.write(
    `${error instanceof RehearsalError ? error.message : error instanceof Error ? error.stack : error}\n`,
  );
  return EXIT.failed;
}

main(process.argv.slice(2))
  .catch(explain)
  // Watches and the engine's connections would keep the process for seconds after its work is done.
  .then((code) => process.exit(code));
