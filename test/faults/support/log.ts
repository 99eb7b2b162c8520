import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../../engine/support/project";
import { SEED } from "./seed";

/** What was broken, what was done about it and how long it took, point by point. */
const FILE = join(CHECKOUT, "faults.log");
let begun = false;

export function note(line: string): void {
  if (!begun) writeFileSync(FILE, `seed ${SEED}\n`);
  begun = true;
  appendFileSync(FILE, `${new Date().toISOString()}  ${line}\n`);
  console.log(`      ${line}`);
}

/** Notes what was done and its time. */
export async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const started = Date.now();
  try {
    return await work();
  } finally {
    note(`${what}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
  }
}

/** What failed stands beside what was done, and not only at the end of an hour. */
afterEach(function () {
  const { state, err } = this.currentTest ?? {};
  if (state === "failed") note(`failed: ${err?.message}`);
});
