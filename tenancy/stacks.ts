import * as automation from "@pulumi/pulumi/automation";
import { projectName } from "../cli/project";
import { pulumi } from "./cli";
import type { Task } from "./task";

/** Selects a stack, or makes it; its file has to be there already. */
export function openStack(
  { stack, project, secretsProvider }: Pick<Task, "stack" | "project" | "secretsProvider">,
  program: automation.PulumiFn,
): Promise<automation.Stack> {
  return automation.LocalWorkspace.createOrSelectStack(
    { stackName: stack, projectName: projectName(project), program },
    {
      workDir: project,
      // Files of shards are written from the base's, on any machine: how secrets are encrypted stands in the state.
      envVars: { PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true" },
      ...(secretsProvider === undefined ? {} : { secretsProvider }),
    },
  );
}

/** The organization of stacks that are named without one. Backends that are no service know one only. */
export async function organization(project: string): Promise<string> {
  const workspace = await automation.LocalWorkspace.create({ workDir: project });
  const { url } = await workspace.whoAmI();
  if (url === undefined || !/^https?:/.test(url)) return "organization";
  return (await pulumi(workspace, "org", "get-default")).trim();
}
