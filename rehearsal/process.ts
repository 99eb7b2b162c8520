import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  accessSync,
  constants,
  createWriteStream,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
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
      const holder = readPid(file);
      if (holder === process.pid) return undefined;
      if (holder !== undefined && alive(holder)) return holder;
      if (holder !== undefined || existsSync(file)) dropStale(file, holder);
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

/** Removes the lock of a process that is gone, but not one that somebody took in the meantime. */
function dropStale(file: string, gone: number | undefined): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (readPid(aside) !== gone) linked(aside, file);
  rmSync(aside, { force: true });
}

/** Gives a lock back that this process holds. */
export function releaseLock(file: string): void {
  if (readPid(file) === process.pid) rmSync(file, { force: true });
}

/** The process id in a file, or `undefined`. */
export function readPid(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}
