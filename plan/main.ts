import { UsageError } from "../cli/args";
import { Refusal } from "../components/settings";
import { type PlanArgs, parsePlanArgs, USAGE } from "./args";
import { makePlan } from "./make";
import type { Plan } from "./model";
import { checkOutput, writeOutput } from "./outputs";
import { report } from "./report";

/** Exit codes: 0 fine, 1 an error of this program, 2 the call or the settings are wrong, 3 a mandatory policy is violated. */
const EXIT = { fine: 0, failed: 1, refused: 2, violated: 3 } as const;

async function main(argv: readonly string[]): Promise<number> {
  const args = parsePlanArgs(argv);
  if (args === "help") {
    await write(`${USAGE}\n`);
    return EXIT.fine;
  }
  for (const { file } of args.outputs) if (file !== undefined) checkOutput(file);
  const plan = await planFor(args, process.cwd());
  for (const { format, file } of args.outputs) {
    const text = report(plan, format);
    if (file === undefined) await write(text);
    else writeOutput(file, text);
  }
  return plan.policy.violations.some(({ enforcement }) => enforcement === "mandatory") ? EXIT.violated : EXIT.fine;
}

/** The plan with all that was asked for; what is not asked for is not even loaded. */
async function planFor(args: PlanArgs, root: string): Promise<Plan> {
  const { stack, set, against, charts, lose } = args;
  const begun = performance.now();
  const made = makePlan({ root, stack, set });
  const plan =
    against === undefined
      ? await made
      : await (await import("./against/index.js")).withDifferences(made, { root, stack, against, charts });
  const drilled = lose === undefined ? plan : { ...plan, drill: (await import("./drill/lose.js")).drill(plan, lose) };
  return { ...drilled, seconds: Math.round(performance.now() - begun) / 1000 };
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
