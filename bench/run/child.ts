import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { TSX } from "../../cli/tsx";

/** A process that has ended well. */
export interface Finished {
  readonly seconds: number;
  /** Most memory that it had at a time, in MiB; 0 where the machine does not show it. */
  readonly memory: number;
  readonly output: string;
}

export interface ChildOptions {
  readonly cwd: string;
  /** Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
  /** Largest heap of the process, in MiB. Default: Node's. */
  readonly heap?: number;
  /** Exit codes that are no failure. Default: 0. */
  readonly fine?: readonly number[];
}

const LOOK_MS = 50;

/** Runs a TypeScript file as a process of its own, from its start to its end. @throws Error where it fails. */
export function runNode(file: string, args: readonly string[], options: ChildOptions): Promise<Finished> {
  const heap = options.heap === undefined ? [] : [`--max-old-space-size=${options.heap}`];
  return runChild(process.execPath, [...heap, "--import", TSX, file, ...args], options);
}

/** The same with any command. */
export function runChild(command: string, args: readonly string[], options: ChildOptions): Promise<Finished> {
  const { cwd, env = process.env, fine = [0] } = options;
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let [output, complaints, memory] = ["", "", 0];
    const look = () => {
      memory = Math.max(memory, peakOf(child.pid));
    };
    const timer = setInterval(look, LOOK_MS);
    const exits = () => child.kill();
    process.once("exit", exits);
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk;
      look();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      complaints += chunk;
    });
    child.once("error", reject);
    child.once("close", (code, signal) => {
      const seconds = (performance.now() - begun) / 1000;
      clearInterval(timer);
      process.removeListener("exit", exits);
      if (code !== null && fine.includes(code)) resolve({ seconds, memory, output });
      else
        reject(new Error(`${[command, ...args].join(" ")} ended with ${signal ?? code}:\n${complaints.slice(-2000)}`));
    });
  });
}

/** The kernel keeps the peak itself, so that looking now and then loses only what is after the last look. */
function peakOf(pid: number | undefined): number {
  try {
    return peakIn(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return 0;
  }
}

/** The peak in a process's `status` of Linux, in MiB. */
export function peakIn(status: string): number {
  return Math.round(Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024);
}

/** Mocks are asked for everything that a bare program registers, components and the stack itself among it. */
export function assertRegistered(output: string, expected: number): void {
  const { registered } = JSON.parse(output) as { registered: number };
  if (registered !== expected + 1) throw new Error(`the bare program registered ${registered - 1} of ${expected}`);
}
