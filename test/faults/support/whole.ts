import assert from "node:assert/strict";
import { assertCode, type Run } from "../../engine/support/cli";
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

/** Lines that the engine writes when it begins and ends something. */
const STEP = / (creating|created|deleting|deleted|updating|updated)\b.*$/gm;

/** What the engine has begun and ended so far. */
export function stepsOf(printed: string): string[] {
  return [...printed.matchAll(STEP)].map(([line]) => line);
}

/** Waits until the engine has written so many steps, or has ended; says at which one it was. */
export async function atStep(run: Run, count: number): Promise<string> {
  while (!run.over && stepsOf(run.printed).length < count) await new Promise((resolve) => setTimeout(resolve, 20));
  const lines = run.printed.split("\n").filter((line) => line.search(STEP) >= 0);
  return (lines.at(-1) ?? "the start").trim().replace(/\s+/g, " ");
}
