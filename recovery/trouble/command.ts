import { readArgs, UsageError } from "../../cli/args";
import { type Sources, troubleIn } from "./ask";

const USAGE = `Usage: npm run trouble -- <stack>

Prints what the events of a stack's pods say of workloads that do not run, for each cluster that answers. It changes
nothing, and prints no secret.

Exit codes: 0 it was asked, whatever the answer; 2 the call is wrong.`;

/** What the command is given by the machine that it runs on. */
export interface Surroundings {
  readonly say: (line: string) => void;
  readonly complain: (line: string) => void;
  /** @throws UsageError where this is no folder of a project */
  readonly sourcesOf: (stack: string) => Sources;
}

/** Runs the command. @returns its exit code */
export async function trouble(argv: readonly string[], { say, complain, sourcesOf }: Surroundings): Promise<number> {
  try {
    const stack = stackOf(argv);
    if (stack === "help") say(USAGE);
    else for (const line of await linesFor(stack.name, sourcesOf(stack.name))) say(line);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    complain(`${error.message}\n\n${USAGE}`);
    return 2;
  }
}

function stackOf(argv: readonly string[]): { readonly name: string } | "help" {
  const { values, positionals } = readArgs(argv, { help: { type: "boolean", short: "h" } });
  if (values.help === true) return "help";
  const [name, ...others] = positionals;
  if (name === undefined) throw new UsageError("name the stack");
  if (others.length > 0) throw new UsageError(`one stack at a time, not ${positionals.join(" and ")}`);
  return { name };
}

async function linesFor(stack: string, sources: Sources): Promise<string[]> {
  try {
    return await troubleIn(sources);
  } catch {
    // What failed is not quoted: it may stand beside what the state holds. The `up` before has said what is wrong.
    return [`No cluster was asked: the state of ${stack} cannot be read (pulumi stack export --stack ${stack}).`];
  }
}
