import assert from "node:assert/strict";
import { cpus } from "node:os";
import type { Report } from "../../../rehearsal/report";

const LOOK_MS = 3_000;

/** How much of the machine's processors is busy, from 0 to 1, while nothing of this process is. */
export async function busyShare(): Promise<number> {
  const before = times();
  await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  const after = times();
  return 1 - (after.idle - before.idle) / (after.all - before.all);
}

function times(): { readonly idle: number; readonly all: number } {
  const each = cpus().map((cpu) => cpu.times);
  const sum = (pick: (one: (typeof each)[number]) => number) => each.reduce((total, one) => total + pick(one), 0);
  return {
    idle: sum(({ idle }) => idle),
    all: sum(({ user, nice, sys, idle, irq }) => user + nice + sys + idle + irq),
  };
}

/** Why a time that was measured says nothing of the program; `undefined` where it does. @param busy See {@link busyShare}. */
function timeIsVoid(busy: number): string | undefined {
  if (process.env.CI !== undefined) return "CI's machine is nobody's to know";
  return busy > 0.2 ? `${(busy * 100).toFixed(0)} % of the processors were busy with other work before` : undefined;
}

/** Holds the time of a rehearsal's `up`, or skips the test of `context` where it says nothing of the program. */
export function holdTime(context: Mocha.Context, { phases }: Report, busy: number, limit: number): void {
  for (const { name, seconds } of phases) console.log(`      ${name}: ${seconds.toFixed(1)} s`);
  const seconds = phases.find(({ name }) => name === "up")?.seconds ?? assert.fail("it did not go up");
  const skipped = timeIsVoid(busy);
  if (skipped !== undefined) {
    console.log(`      not held: ${skipped}`);
    context.skip();
  }
  assert.ok(seconds <= limit, `${seconds} s`);
}

/** Holds the memory of a rehearsal, where the machine shows it. @param limit In MiB. */
export function holdMemory(context: Mocha.Context, { memory }: Report, limit: number): Record<string, number> {
  if (process.platform !== "linux") context.skip();
  const { peak, parts } = memory ?? assert.fail("the report says nothing of memory");
  console.log(`      ${peak} MiB: ${JSON.stringify(parts)}`);
  assert.ok(peak <= limit, `${peak} MiB`);
  return { ...parts };
}
