import assert from "node:assert/strict";
import { assertCode, type Ended, type Run } from "../../engine/support/cli";
import type { LiveStack } from "../../engine/support/live-stack";
import { note, timed } from "./log";

/** What a stack is and what its cluster has. */
export interface Whole {
  readonly resources: readonly unknown[];
  readonly objects: readonly string[];
}

export async function wholeOf(stack: LiveStack): Promise<Whole> {
  return { resources: (await stack.state()).resources, objects: await stack.objects() };
}

/** Recovers, and says what was done; nothing may be left to do. */
export async function recovered(stack: LiveStack): Promise<void> {
  const ended = await timed("    recovered", () => stack.recover("--yes"));
  assertCode(ended, 0);
  const lines = ended.stdout.split("\n");
  for (const line of lines.slice(lines.indexOf("To do:") + 1).filter((one) => /^ {2}\S/.test(one)))
    note(`    ${line.trim()}`);
  assert.deepEqual((await stack.state()).pending, []);
}

/** A command that has to succeed. */
export async function succeeds(what: string, run: () => Run): Promise<void> {
  assertCode(await timed(`    ${what}`, () => run().ended), 0);
}

/** The end of an `up` that was disturbed: well, or with an error that says what was missing. The next one is as if nothing was. */
export async function mended(stack: LiveStack, up: Whole, ended: Ended, says: RegExp): Promise<void> {
  const { code, stdout, stderr } = ended;
  if (code !== 0) assert.match(stdout + stderr, says);
  note(`    up ${code === 0 ? "went through" : "failed"}`);
  await recovered(stack);
  await succeeds("up", () => stack.up());
  assert.deepEqual(await wholeOf(stack), up);
}

/** A line that the engine writes when it begins or ends something; while that takes time it repeats it. */
const STEP = /^ *[-+~]+ +(\S+ \S+ (?:creating|created|deleting|deleted|updating|updated))\b/gm;

/** What the engine has begun and ended so far, each once. */
export function stepsOf(printed: string): string[] {
  return [...new Set([...printed.matchAll(STEP)].map(([, step = ""]) => step))];
}

/** Waits until the engine has written so many steps, or has ended; says at which one it was. */
export async function atStep(run: Run, count: number): Promise<string> {
  while (!run.over && stepsOf(run.printed).length < count) await new Promise((resolve) => setTimeout(resolve, 20));
  const step = stepsOf(run.printed).at(-1) ?? "the start";
  return run.over ? `${step} (it had ended)` : step;
}
