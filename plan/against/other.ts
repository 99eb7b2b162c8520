import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { isObject } from "../program/json";
import { type Before, nothing, readPlan, refusal } from "./read";

const run = promisify(execFile);

/** What a comparison asks for. */
export interface OtherCall {
  /** The project's folder. */
  readonly root: string;
  readonly stack: string;
  /** A JSON plan, or a Git ref. */
  readonly against: string;
}

/** Another plan of the stack, and what to call it. */
export interface OtherPlan {
  readonly plan: Before;
  readonly name: string;
}

/**
 * Reads or makes the plan to compare with. A Git ref is planned by its own program and its own settings, in a work tree of
 * its own.
 * @throws Refusal where there is no such file or ref, or it cannot be planned.
 */
export async function otherPlan(call: OtherCall): Promise<OtherPlan> {
  const file = resolve(call.root, call.against);
  if (existsSync(file) && statSync(file).isFile()) {
    return { plan: readPlan(readFileSync(file, "utf8"), call), name: call.against };
  }
  const commit = await commitOf(call);
  const name = call.against.startsWith(commit) ? commit : `${call.against} (${commit.slice(0, 12)})`;
  return { plan: await planAt(commit, call), name };
}

async function commitOf({ root, against }: OtherCall): Promise<string> {
  try {
    // Without the dash nothing that begins with one would be taken for an option of Git.
    const { stdout } = await git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", `${against}^{commit}`);
    return stdout.trim();
  } catch {
    throw refusal(against, "is neither a file nor a commit, branch or tag of this repository; was it fetched?");
  }
}

function git(root: string, ...args: readonly string[]) {
  return run("git", ["-C", root, ...args], { encoding: "utf8" });
}

/** Plans a commit in a work tree that is gone afterwards. */
async function planAt(commit: string, { root, stack, against }: OtherCall): Promise<Before> {
  const folder = mkdtempSync(join(tmpdir(), "plan-against-"));
  const tree = join(folder, "tree");
  try {
    await git(root, "worktree", "add", "--detach", "--quiet", tree, commit);
    if (!existsSync(join(tree, "plan/main.ts"))) {
      throw refusal(against, "has no plan/: that commit is older than this command; compare with a later one");
    }
    if (!existsSync(join(tree, `Pulumi.${stack}.yaml`))) return nothing(stack);
    symlinkSync(join(root, "node_modules"), join(tree, "node_modules"), "junction");
    const out = join(folder, "plan.json");
    await planIn(tree, stack, out, against);
    return readPlan(readFileSync(out, "utf8"), { stack, against });
  } finally {
    await git(root, "worktree", "remove", "--force", tree).catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A plan that violates a policy is a plan; one whose settings are wrong is none. */
async function planIn(tree: string, stack: string, out: string, against: string): Promise<void> {
  const args = ["--import", "tsx", "plan/main.ts", stack, "--format", "json", "--out", out];
  try {
    await run(process.execPath, args, { cwd: tree, encoding: "utf8" });
  } catch (error) {
    if (existsSync(out)) return;
    const said = isObject(error) && typeof error.stderr === "string" ? error.stderr.trim() : String(error);
    throw refusal(against, `cannot be planned: ${said}`);
  }
}
