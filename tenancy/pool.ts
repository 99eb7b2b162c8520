import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { TSX } from "../cli/tsx";
import type { Result, Said, Task } from "./task";

/** What the pool tells while it works. */
export interface PoolListener {
  readonly started: (task: Task) => void;
  readonly progress: (task: Task, resources: number) => void;
  readonly ended: (task: Task, result: Result) => void;
}

/** How a pool works. */
export interface PoolArgs {
  /** How many tasks run at once; each of them in a process of its own. */
  readonly parallel: number;
  /** Whether to go on with the others when one has failed. */
  readonly continueOnError: boolean;
  readonly listener: PoolListener;
  /** Starts a worker. Default: {@link startWorker}. */
  readonly start?: () => Worker;
  /** Aborted when the user interrupts: what runs ends, and nothing more starts. */
  readonly signal?: AbortSignal;
}

/** Runs one task after the other. */
export interface Worker {
  readonly run: (task: Task, progress: (resources: number) => void) => Promise<Result>;
  readonly stop: () => void;
}

/** What a pool came to. */
export interface Ran {
  readonly results: readonly Result[];
  /** Stacks that were not started, as another one had failed. */
  readonly left: readonly string[];
}

/** Runs tasks in the order given. After a failure those that run end, and no other one starts, unless it goes on. */
export async function runPool(tasks: readonly Task[], args: PoolArgs): Promise<Ran> {
  const { parallel, continueOnError, listener, start = startWorker, signal } = args;
  const waiting = [...tasks];
  const results: Result[] = [];
  let failed = false;
  const goesOn = () => signal?.aborted !== true && (continueOnError || !failed);
  const slot = async () => {
    const worker = start();
    try {
      for (let task = goesOn() ? waiting.shift() : undefined; task !== undefined; ) {
        const own = task;
        listener.started(own);
        const result = await worker.run(own, (resources) => listener.progress(own, resources));
        results.push(result);
        if (result.errors.length > 0) failed = true;
        listener.ended(own, result);
        task = goesOn() ? waiting.shift() : undefined;
      }
    } finally {
      worker.stop();
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, tasks.length) }, slot));
  const order = new Map(tasks.map(({ stack }, index) => [stack, index]));
  results.sort((a, b) => (order.get(a.stack) ?? 0) - (order.get(b.stack) ?? 0));
  return { results, left: waiting.map(({ stack }) => stack) };
}

/** Starts a process that runs the program, see worker.ts. */
export function startWorker(): Worker {
  const child = fork(join(__dirname, "worker.ts"), [], {
    execArgv: ["--import", TSX],
    stdio: ["ignore", 2, 2, "ipc"],
  });
  return { run: (task, progress) => ask(child, task, progress), stop: () => child.connected && child.disconnect() };
}

function ask(child: ChildProcess, task: Task, progress: (resources: number) => void): Promise<Result> {
  return new Promise((resolve) => {
    const started = Date.now();
    const done = (result: Result) => {
      child.off("message", hear).off("exit", lost);
      resolve(result);
    };
    const hear = (said: Said) => (said.kind === "progress" ? progress(said.resources) : done(said.result));
    const lost = (code: number | null, signal: NodeJS.Signals | null) => {
      const errors = [`its process ended with ${signal ?? code}; see ${task.log}`];
      const seconds = (Date.now() - started) / 1000;
      done({ stack: task.stack, created: 0, updated: 0, deleted: 0, same: 0, seconds, errors });
    };
    child.on("message", hear).on("exit", lost);
    if (child.connected) child.send(task);
    else lost(child.exitCode, child.signalCode);
  });
}
