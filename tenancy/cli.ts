import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type * as automation from "@pulumi/pulumi/automation";

const execute = promisify(execFile);

/** More than any state that is worth sharding. */
const MOST_OUTPUT = 1024 * 1024 * 1024;

/**
 * Runs the CLI for what the Automation API does not do, or does in another way.
 * @returns What it printed. @throws Error with what it said.
 */
export async function pulumi(workspace: automation.Workspace, ...args: readonly string[]): Promise<string> {
  const { command } = workspace.pulumiCommand;
  const env = { ...process.env, ...workspace.envVars };
  const options = { cwd: workspace.workDir, env, maxBuffer: MOST_OUTPUT };
  try {
    return (await execute(command, [...args, "--non-interactive", "--color", "never"], options)).stdout;
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : String(error);
    throw new Error(`pulumi ${args.slice(0, 2).join(" ")}: ${said}`);
  }
}
