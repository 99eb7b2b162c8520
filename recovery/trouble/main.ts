import { freshKubeconfigs } from "../kubeconfigs";
import { projectName } from "../project";
import { Pulumi } from "../pulumi";
import type { Sources } from "./ask";
import { trouble } from "./command";

function sourcesOf(stack: string): Sources {
  const cwd = process.cwd();
  const project = projectName(cwd);
  const pulumi = new Pulumi({ stack, cwd, env: process.env });
  const own = stack.split("/").at(-1) ?? stack;
  return { pulumi, kubeconfigs: () => freshKubeconfigs({ root: cwd, stack: own, project, pulumi }) };
}

trouble(process.argv.slice(2), {
  say: (line) => process.stdout.write(`${line}\n`),
  complain: (line) => process.stderr.write(`${line}\n`),
  sourcesOf,
})
  // Requests that are still waited for hold the process back.
  .then((code) => process.exit(code));
