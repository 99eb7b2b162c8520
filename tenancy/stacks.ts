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
      envVars: {
        // Files of shards are written from the base's, on any machine: how secrets are encrypted stands in the state.
        PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
        // A checkpoint is garbage once it is written, and engines of shards fill all processors: they collect it less often.
        GOGC: process.env.GOGC ?? "400",
      },
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
