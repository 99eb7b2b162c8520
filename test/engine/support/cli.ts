import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Longest time that a command may take; what hangs is killed, and the test shows what it said last. */
const LIMIT_MS = 1_500_000;

export interface RunOptions {
  /** Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
  /** Command that runs Node, such as a tracer with its options. */
  readonly through?: readonly string[];
  /** Longest time that it may take. Default: five minutes. */
  readonly limitMs?: number;
  /** What is run. Default: Node. */
  readonly command?: string;
}

/** A command with arguments, running in a process group of its own as a terminal's foreground command does. */
export class Run {
  readonly ended: Promise<Ended>;
  /** Resolves when the command itself is gone; what it started may still hold its output open. */
  readonly gone: Promise<void>;
  private readonly child: ChildProcess;
  private stdout = "";
  private stderr = "";

  constructor(
    args: readonly string[],
    cwd: string,
    { env = process.env, through = [], command = process.execPath, limitMs = LIMIT_MS }: RunOptions = {},
  ) {
    const [first = command, ...rest] = [...through, command, ...args];
    this.child = spawn(first, rest, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    this.child.stdout?.on("data", (chunk: Buffer) => {
      this.stdout += chunk;
    });
    this.child.stderr?.on("data", (chunk: Buffer) => {
      this.stderr += chunk;
    });
    const timer = setTimeout(() => this.killGroup("SIGKILL"), limitMs);
    this.ended = new Promise((resolve, reject) => {
      this.child.once("error", reject);
      this.child.once("close", (code, signal) => {
        clearTimeout(timer);
        resolve({ code, signal, stdout: this.stdout, stderr: this.stderr });
      });
    });
    this.ended.catch(() => undefined);
    this.gone = new Promise((resolve) => this.child.once("exit", () => resolve()));
  }

  get pid(): number {
    assert.ok(this.child.pid, "the command did not start");
    return this.child.pid;
  }

  /** What the command wrote to standard output so far. */
  get printed(): string {
    return this.stdout;
  }

  /** Whether the command has ended. */
  get over(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Resolves when the command has written `pattern` to standard error; fails when it ends without. */
  async says(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.stderr)) {
      if (this.over) {
        assert.fail(`ended without ${pattern}:\n${this.stderr}\n${this.stdout}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Sends a signal to the command alone. */
  kill(signal: NodeJS.Signals): void {
    process.kill(this.pid, signal);
  }

  /** Sends a signal to the command and everything that it started in the foreground, as Ctrl-C in a terminal does. */
  killGroup(signal: NodeJS.Signals): void {
    process.kill(-this.pid, signal);
  }
}

/** Asserts an exit code, and shows what was printed where it is another. */
export function assertCode({ code, signal, stdout, stderr }: Ended, expected: number): void {
  assert.equal(code, expected, `ended with ${signal ?? code}:\n${stderr.slice(-4000)}\n${stdout.slice(-4000)}`);
}
