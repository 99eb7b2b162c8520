import assert from "node:assert/strict";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Problem } from "../../../components/settings";
import type { Case, Outcome } from "./case";

/** Number of cases of each property. `npm run fuzz` runs many. */
export const CASES = Number(process.env.FUZZ_CASES ?? 200);

/** Options of fast-check: the same cases each time, unless a seed is given; a nightly run gives one. */
export const RUNS = { numRuns: CASES, seed: Number(process.env.FUZZ_SEED ?? 8) };

/** A case that takes longer hangs. Most take milliseconds, but a machine may have other work. */
const LIMIT_MS = 60_000;

/** The program is loaded in this time, also where a machine has much else to do. */
const START_MS = 300_000;

/** Judges cases in a thread, one after the other. */
export class Court {
  private worker: Promise<Worker> | undefined;
  /** How many cases were accepted, and how many refused. */
  readonly count = { planned: 0, refused: 0 };

  /** What becomes of a case; an outcome that must not be fails the test. */
  async judge(one: Case): Promise<void> {
    const outcome = await this.ask(one);
    assertOutcome(outcome);
    this.count[outcome.planned ? "planned" : "refused"] += 1;
  }

  async close(): Promise<void> {
    const worker = this.worker;
    this.worker = undefined;
    await (await worker?.catch(() => undefined))?.terminate();
  }

  private async ask(one: Case): Promise<Outcome> {
    this.worker ??= start();
    const worker = await this.worker;
    worker.postMessage(one);
    const answer = await next(worker, LIMIT_MS);
    if (answer !== undefined) return answer as Outcome;
    await this.close();
    return assert.fail(`no outcome within ${LIMIT_MS / 1000} s`);
  }
}

async function start(): Promise<Worker> {
  const file = JSON.stringify(join(__dirname, "judge.ts"));
  const worker = new Worker(`require("tsx/cjs"); require(${file});`, { eval: true });
  const ready = await next(worker, START_MS);
  if (ready === "ready") return worker;
  await worker.terminate();
  return assert.fail(`the thread did not start within ${START_MS / 1000} s`);
}

/** The next message of a thread; `undefined` where none comes in time. */
function next(worker: Worker, ms: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const done = (action: () => void) => {
      clearTimeout(timer);
      worker.removeAllListeners("message").removeAllListeners("error");
      action();
    };
    const timer = setTimeout(() => done(() => resolve(undefined)), ms);
    worker.once("message", (message) => done(() => resolve(message)));
    worker.once("error", (error) => done(() => reject(error)));
  });
}

/** Where a problem may be: below a key of the configuration, or in a file, with its line. */
const PATH = /^(platform|tenants|bootstrap|pulumi:[a-z-]+|Pulumi\.fuzz\.yaml|(tenants|examples)\/[^:]+)([.[:/].*)?$/;

/** What comes out of an engine or a library, and means nothing to the writer of a file. */
const FOREIGN =
  /\p{Cc}|undefined|\[object|\bNaN\b|Cannot |is not (a function|iterable|defined)|call stack|Invalid input|received|^\s*$/u;

function assertOutcome({ planned, problems, error }: Outcome): void {
  assert.equal(error, undefined, error);
  assert.equal(
    planned,
    problems.length === 0,
    planned ? "planned in spite of problems" : "neither a plan nor a problem",
  );
  for (const problem of problems) assertProblem(problem);
  const lines = problems.map(({ path, message }) => `${path}: ${message}`);
  assert.equal(new Set(lines).size, lines.length, `said twice:\n${lines.join("\n")}`);
}

function assertProblem({ path, message }: Problem): void {
  const shown = JSON.stringify({ path, message }).slice(0, 600);
  if (!message.startsWith("unknown key; settings are under platform")) assert.match(path, PATH, shown);
  assert.doesNotMatch(path, /\p{Cc}/u, shown);
  assert.doesNotMatch(message, FOREIGN, shown);
  assert.ok(path.length + message.length < 2_000, `too long to read: ${shown}`);
}
