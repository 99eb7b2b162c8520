import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  accessSync,
  constants,
  createWriteStream,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";

/** A failure that the user can do something about: printed without a stack trace. */
export class RehearsalError extends Error {}

/** What a command printed and how it ended. */
export interface Finished {
  /** `null` for a command that was ended. */
  readonly code: number | null;
  readonly output: string;
}

/** Options of {@link run}. */
export interface RunOptions {
  readonly cwd?: string;
  /** The whole environment; nothing is inherited. */
  readonly env: NodeJS.ProcessEnv;
  /** File that the output is appended to. */
  readonly log?: string;
  readonly timeoutMs?: number;
  /** Ends the command, and what it started, when it goes on for so long after having said this. */
  readonly enough?: { readonly said: RegExp; readonly ms: number };
}

/** Commands that run now; none of them outlives this process. */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill();
});

/** Runs a command to its end and returns what it printed; a code other than 0 is no error here. */
export function run(command: string, args: readonly string[], options: RunOptions): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: options.timeoutMs,
    });
    running.add(child);
    child.once("exit", () => running.delete(child));
    if (options.log !== undefined) mkdirSync(dirname(options.log), { recursive: true });
    const file = options.log === undefined ? undefined : createWriteStream(options.log, { flags: "a" });
    let output = "";
    let timer: NodeJS.Timeout | undefined;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        output += chunk.toString();
        file?.write(chunk);
        if (timer === undefined && options.enough?.said.test(output)) {
          timer = setTimeout(() => killTree(child), options.enough.ms);
        }
      });
    }
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(timer);
      file?.end();
      resolve({ code, output });
    });
  });
}

/** Ends a process that no longer listens, and its children, which would not notice. */
function killTree({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  const { stdout } = spawnSync("pgrep", ["-P", String(pid)], { encoding: "utf8" });
  const children = (stdout ?? "").split("\n").map(Number);
  for (const one of [pid, ...children.filter((child) => child > 0)]) {
    try {
      process.kill(one, "SIGKILL");
    } catch {
      // It is gone already.
    }
  }
}

/** The executable `name` in `path` (a PATH), or `undefined`. */
export function which(name: string, path: string): string | undefined {
  return path
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Whether a process with this id runs. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/**
 * Takes a lock file, or says who holds it. A lock whose process is gone is taken over.
 * @returns The holder's process id when someone else has it, else `undefined`.
 */
export function takeLock(file: string): number | undefined {
  mkdirSync(dirname(file), { recursive: true });
  // The lock appears with its holder in it: one that is empty for a moment would look as if nobody held it.
  const own = `${file}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    for (;;) {
      if (linked(own, file)) return undefined;
      const holder = holderOf(file);
      if (holder === process.pid) return undefined;
      if (typeof holder === "number" && alive(holder)) return holder;
      if (holder !== "nobody") dropStale(own, file);
    }
  } finally {
    rmSync(own, { force: true });
  }
}

/** Makes `file` another name of `own`, unless there is such a file. */
function linked(own: string, file: string): boolean {
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** Whose a lock is by one reading of it: `nobody` where there is none, `garbage` where it names no process. */
function holderOf(file: string): number | "nobody" | "garbage" {
  try {
    return pidIn(readFileSync(file, "utf8")) ?? "garbage";
  } catch {
    return "nobody";
  }
}

/**
 * Removes the lock of a process that is gone. Only who holds the lock beside it may do so, and looks once more: the lock
 * that was stale a moment ago may be someone's by now, and a lock of somebody alive is removed by nobody but them.
 */
function dropStale(own: string, file: string): void {
  const beside = `${file}.stale`;
  if (!linked(own, beside)) {
    const breaker = holderOf(beside);
    if (typeof breaker === "number" && !alive(breaker)) rmSync(beside, { force: true });
    return;
  }
  const holder = holderOf(file);
  if (holder === "garbage" || (typeof holder === "number" && !alive(holder))) rmSync(file, { force: true });
  rmSync(beside, { force: true });
}

/** Gives a lock back that this process holds. */
export function releaseLock(file: string): void {
  if (readPid(file) === process.pid) rmSync(file, { force: true });
}

/** The process id in a file, or `undefined`. */
export function readPid(file: string): number | undefined {
  const holder = holderOf(file);
  return typeof holder === "number" ? holder : undefined;
}

function pidIn(text: string): number | undefined {
  const pid = Number(text);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}
