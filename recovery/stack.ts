import { projectName } from "../cli/project";
import { freshKubeconfigs } from "./kubeconfigs";
import { Pulumi } from "./pulumi";

/** The name of a stack without those of its organization and project. */
export function plainName(stack: string): string {
  return stack.split("/").at(-1) ?? stack;
}

/** A stack of the project in a folder, and what is known of its clusters. @throws UsageError where that is no project */
export function stackIn(folder: string, stack: string) {
  const project = projectName(folder);
  const pulumi = new Pulumi({ stack, cwd: folder, env: process.env });
  const own = plainName(stack);
  return { project, pulumi, kubeconfigs: () => freshKubeconfigs({ root: folder, stack: own, project, pulumi }) };
}
