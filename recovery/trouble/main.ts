import { readArgs, UsageError } from "../../cli/args";
import { freshKubeconfigs } from "../kubeconfigs";
import { projectName } from "../project";
import { Pulumi } from "../pulumi";
import { troubleIn } from "./ask";

const USAGE = `Usage: npm run trouble -- <stack>

Prints what the events of a stack's pods say of workloads that do not run, for each cluster that answers. It changes
nothing, and prints no secret.

Exit codes: 0 it was asked, whatever the answer; 2 the call is wrong.`;

const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(argv: readonly string[]): Promise<number> {
  const { values, positionals } = readArgs(argv, { help: { type: "boolean", short: "h" } });
  if (values.help === true) {
    say(USAGE);
    return 0;
  }
  const [stack, ...others] = positionals;
  if (stack === undefined) throw new UsageError("name the stack");
  if (others.length > 0) throw new UsageError(`one stack at a time, not ${positionals.join(" and ")}`);
  const cwd = process.cwd();
  const project = projectName(cwd);
  const pulumi = new Pulumi({ stack, cwd, env: process.env });
  const kubeconfigs = () => freshKubeconfigs({ root: cwd, stack: stack.split("/").at(-1) ?? stack, project, pulumi });
  try {
    for (const line of await troubleIn({ pulumi, kubeconfigs })) say(line);
  } catch {
    // What failed is not quoted: it may stand beside what the state holds. The `up` before has said what is wrong.
    say(`No cluster was asked: the state of ${stack} cannot be read (pulumi stack export --stack ${stack}).`);
  }
  return 0;
}

function refuse(error: unknown): number {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n\n${USAGE}\n`);
  return 2;
}

main(process.argv.slice(2))
  .catch(refuse)
  // Requests that are still waited for hold the process back.
  .then((code) => process.exit(code));
