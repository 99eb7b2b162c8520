import { appendFileSync, mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type * as automation from "@pulumi/pulumi/automation";
import { withoutTraces, withoutWalks } from "../cli/lean";
import openchoreo from "../index";
import { type Changes, countChanges, NO_CHANGES } from "./changes";
import { openStack } from "./stacks";
import type { Result, Said, Task } from "./task";

// One process of the driver's: it runs the program for one stack after the other. Programs share no process at the same
// time, as an error that nobody handles would be every program's.

const REPORT_MS = 5_000;
const SHOWN_ERRORS = 8;

async function perform(task: Task, say: (said: Said) => void): Promise<Result> {
  const started = Date.now();
  const watch = new Watch();
  const timer = setInterval(() => say({ kind: "progress", resources: watch.done }), REPORT_MS);
  try {
    const changes = await operate(task, watch);
    return { stack: task.stack, ...changes, seconds: since(started), errors: [] };
  } catch (error) {
    return {
      stack: task.stack,
      ...NO_CHANGES,
      ...watch.counted(),
      seconds: since(started),
      errors: watch.errors(error),
    };
  } finally {
    clearInterval(timer);
  }
}

async function operate(task: Task, watch: Watch): Promise<Changes> {
  const stack = await openStack(task, () => withoutWalks(() => openchoreo({ root: task.root })));
  mkdirSync(dirname(task.log), { recursive: true });
  rmSync(task.log, { force: true });
  const write = (text: string) => appendFileSync(task.log, text, { mode: 0o600 });
  const options = {
    color: "never" as const,
    onOutput: write,
    onError: write,
    onEvent: (event: automation.EngineEvent) => watch.see(event),
  };
  switch (task.operation) {
    case "up":
      return countChanges((await stack.up(options)).summary.resourceChanges ?? {});
    case "preview":
      return countChanges((await stack.preview(options)).changeSummary);
    case "destroy":
      return countChanges((await stack.destroy(options)).summary.resourceChanges ?? {});
  }
}

function since(started: number): number {
  return (Date.now() - started) / 1000;
}

/** Follows the engine's events: how far it is, and what went wrong. */
class Watch {
  done = 0;
  private readonly said: string[] = [];
  private readonly operations: Record<string, number> = {};

  see({ resOutputsEvent, diagnosticEvent }: automation.EngineEvent): void {
    if (resOutputsEvent !== undefined) {
      this.done += 1;
      const { op } = resOutputsEvent.metadata;
      this.operations[op] = (this.operations[op] ?? 0) + 1;
    }
    if (diagnosticEvent?.severity !== "error") return;
    const name = diagnosticEvent.urn?.split("::").at(-1);
    // The engine repeats the whole URN in the message; the name says which resource it is.
    const message = diagnosticEvent.message.trim().replace(/ ?"?urn:pulumi:\S+"?/g, "");
    this.said.push(`${name === undefined || name === "" ? "" : `${name}: `}${message}`);
  }

  /** What was done before it failed. */
  counted(): Changes {
    return countChanges(this.operations);
  }

  errors(error: unknown): string[] {
    const own = error instanceof Error ? error.message : String(error);
    const said = [...new Set(this.said)].filter((text) => !/^(update|preview|destroy) failed$/.test(text));
    return (said.length > 0 ? said : [own]).slice(0, SHOWN_ERRORS).map(withFix);
  }
}

/** A stack that another one refers to and that never came up; the engine says only that it does not know it. */
function withFix(message: string): string {
  return /unknown stack "[^"]+"$/.test(message) ? `${message}; bring it up first` : message;
}

const say = (said: Said) => process.send?.(said);

if (process.send !== undefined) {
  withoutTraces();
  // Ctrl-C reaches the engine too, which ends what it has begun; this process waits for that.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);
  process.on("message", (task: Task) => {
    void perform(task, say).then((result) => say({ kind: "result", result }));
  });
  process.on("disconnect", () => process.exit());
}
