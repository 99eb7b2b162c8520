import { writeFileSync } from "node:fs";
import { Refusal } from "../components/settings";
import { UsageError } from "../rehearsal/args";
import { parsePlanArgs, USAGE } from "./args";
import { makePlan } from "./make";
import { report } from "./report";

/** Exit codes: 0 fine, 1 an error of this program, 2 the call or the settings are wrong, 3 a mandatory policy is violated. */
const EXIT = { fine: 0, failed: 1, refused: 2, violated: 3 } as const;

async function main(argv: readonly string[]): Promise<number> {
  const args = parsePlanArgs(argv);
  if (args === "help") {
    await write(`${USAGE}\n`);
    return EXIT.fine;
  }
  const plan = await makePlan({ ...args, root: process.cwd() });
  const text = report(plan, args.format);
  if (args.out === undefined) await write(text);
  else writeFileSync(args.out, text);
  return plan.policy.violations.some(({ enforcement }) => enforcement === "mandatory") ? EXIT.violated : EXIT.fine;
}

/** Ends when all of it is written: a pipe takes no more than it has room for. */
function write(text: string): Promise<void> {
  return new Promise((done, fail) => process.stdout.write(text, (error) => (error ? fail(error) : done())));
}

function explain(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n\n${USAGE}\n`);
    return EXIT.refused;
  }
  if (error instanceof Refusal) {
    process.stderr.write(`${error.message}\n`);
    return EXIT.refused;
  }
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  return EXIT.failed;
}

main(process.argv.slice(2))
  .catch(explain)
  // Timers of the SDK would keep the process after its work is done.
  .then((code) => process.exit(code));
