import { spawnSync } from "node:child_process";
import { hostname, userInfo } from "node:os";
import type { Machine } from "./lock";

/** This machine. */
export function thisMachine(): Machine {
  return { host: hostname(), commandOf };
}

function commandOf(pid: number): string | undefined {
  const { status, stdout, error } = spawnSync("ps", ["-p", String(pid), "-o", "args="], { encoding: "utf8" });
  if (error !== undefined) return exists(pid) ? "" : undefined;
  // A process that has ended and that nobody asked about its end yet does nothing any more.
  return status === 0 && !/<defunct>/.test(stdout) ? stdout.trim() : undefined;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Whether a Kubernetes provider runs whose engine is gone: it goes on with the release that it was told to make. */
export function providersLeft(): boolean {
  const { stdout } = spawnSync("ps", ["-u", userInfo().username, "-o", "ppid=,args="], { encoding: "utf8" });
  const processes = (stdout ?? "").split("\n").map((line) => /^\s*(\d+)\s+(.*)$/.exec(line));
  return processes.some((found) => {
    const [, parent = "", command = ""] = found ?? [];
    if (!/(^|\/)pulumi-resource-kubernetes( |$)/.test(command)) return false;
    return !/pulumi/.test(commandOf(Number(parent)) ?? "");
  });
}
