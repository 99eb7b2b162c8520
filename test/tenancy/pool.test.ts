import assert from "node:assert/strict";
import { runPool, type Worker } from "../../tenancy/pool";
import { exitCode, summaryText } from "../../tenancy/summary";
import type { Result, Task } from "../../tenancy/task";

const taskOf = (stack: string): Task => ({ stack, operation: "up", project: "/p", root: "/p", log: `/p/${stack}.log` });
const TASKS = ["a", "b", "c", "d"].map(taskOf);

/** Workers that take a turn for each task, and fail for the stacks that are named. */
function workers(failing: readonly string[] = []) {
  const running = { now: 0, most: 0 };
  const said: string[] = [];
  let stopped = 0;
  const start = (): Worker => ({
    run: async ({ stack }, progress) => {
      running.now += 1;
      running.most = Math.max(running.most, running.now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      progress(3);
      running.now -= 1;
      return resultOf(stack, failing.includes(stack) ? ["it broke"] : []);
    },
    stop: () => {
      stopped += 1;
    },
  });
  const listener = {
    started: ({ stack }: Task) => said.push(`${stack} starts`),
    progress: ({ stack }: Task, resources: number) => said.push(`${stack} has ${resources}`),
    ended: ({ stack }: Task, { errors }: Result) => said.push(`${stack} ends${errors.length > 0 ? " badly" : ""}`),
  };
  return { running, said, start, listener, stopped: () => stopped };
}

function resultOf(stack: string, errors: readonly string[] = []): Result {
  return { stack, created: 2, updated: 1, deleted: 0, same: 4, seconds: 1.25, errors };
}

describe("the pool of shards", () => {
  it("runs as many at once as it may, all of them, and stops its workers", async () => {
    const { start, listener, running, stopped } = workers();
    const { results, left } = await runPool(TASKS, { parallel: 2, continueOnError: false, listener, start });
    assert.deepEqual([running.most, stopped(), left], [2, 2, []]);
    assert.deepEqual(
      results.map(({ stack }) => stack),
      ["a", "b", "c", "d"],
    );
  });

  it("starts no more workers than there are tasks", async () => {
    const { start, listener, stopped } = workers();
    await runPool(TASKS, { parallel: 50, continueOnError: false, listener, start });
    assert.equal(stopped(), 4);
  });

  it("says what begins, how far it is, and what ends", async () => {
    const { start, listener, said } = workers();
    await runPool(TASKS.slice(0, 2), { parallel: 1, continueOnError: false, listener, start });
    assert.deepEqual(said, ["a starts", "a has 3", "a ends", "b starts", "b has 3", "b ends"]);
  });

  it("starts no other one after a failure, and lets those end that run", async () => {
    const { start, listener, said } = workers(["a"]);
    const { results, left } = await runPool(TASKS, { parallel: 2, continueOnError: false, listener, start });
    assert.deepEqual(left, ["c", "d"]);
    assert.equal(results.length, 2);
    assert.ok(said.includes("b ends"));
  });

  it("goes on after a failure where it is told to", async () => {
    const { start, listener } = workers(["a", "c"]);
    const { results, left } = await runPool(TASKS, { parallel: 1, continueOnError: true, listener, start });
    assert.deepEqual(left, []);
    assert.deepEqual(
      results.map(({ errors }) => errors.length),
      [1, 0, 1, 0],
    );
  });

  it("starts nothing more when it is interrupted", async () => {
    const { start, listener } = workers();
    const interrupted = new AbortController();
    const ended = () => {
      interrupted.abort();
    };
    const { signal } = interrupted;
    const args = { parallel: 1, continueOnError: true, listener: { ...listener, ended }, start, signal };
    assert.deepEqual((await runPool(TASKS, args)).left, ["b", "c", "d"]);
  });
});

describe("the summary of a run over shards", () => {
  const shards = ["a", "b", "c"].map((stack, index) => ({ index, stack, tenants: ["x", "y"].slice(0, index) }));
  const summary = (results: readonly Result[], left: readonly string[] = []) =>
    ({ operation: "up", shards, results, left, seconds: 3.5 }) as const;

  it("has a line for each shard, and their sum", () => {
    const text = summaryText(summary([resultOf("a"), resultOf("b"), resultOf("c")]));
    assert.deepEqual(text.split("\n"), [
      "stack  tenants  created  updated  deleted  same  seconds",
      "a            0        2        1        0     4      1.3  done",
      "b            1        2        1        0     4      1.3  done",
      "c            2        2        1        0     4      1.3  done",
      "all          3        6        3        0    12      3.5",
      "",
      "up of 3 shards in 3.5 s: all of them are done",
    ]);
  });

  it("says what failed and why, and what was not started", () => {
    const text = summaryText(summary([resultOf("a", ["web: no such host\nmore of it"])], ["b", "c"]));
    assert.match(text, /^a +0 +2 +1 +0 +4 +1\.3 +failed$/m);
    assert.match(text, /^b +1 +not started$/m);
    assert.match(text, /\na failed:\n {2}web: no such host\n {2}more of it\n/);
    assert.match(text, /\nnot started: b, c; --continue-on-error goes on with the others\n/);
    assert.match(text, /up of 3 shards: 1 failed, 2 not started$/);
  });

  const codes: readonly (readonly [
    title: string,
    code: number,
    results: readonly Result[],
    left: readonly string[],
  ])[] = [
    ["0 where everything is done", 0, [resultOf("a")], []],
    ["1 where something failed", 1, [resultOf("a"), resultOf("b", ["no"])], []],
    ["1 where something was not started", 1, [resultOf("a")], ["b"]],
  ];
  for (const [title, code, results, left] of codes) {
    it(`ends with ${title}`, () => assert.equal(exitCode(summary(results, left)), code));
  }
});
