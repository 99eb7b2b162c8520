import { spawnSync } from "node:child_process";
import { readlinkSync } from "node:fs";
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

/**
 * Whether a Kubernetes provider runs whose engine is gone: it goes on with the release that it was told to make.
 * @param folder The project's: an engine starts its providers there. Where that cannot be seen, every one counts.
 */
export function providersLeft(folder: string): boolean {
  const columns = ["-o", "pid=", "-o", "ppid=", "-o", "args="];
  const { stdout } = spawnSync("ps", ["-u", userInfo().username, ...columns], { encoding: "utf8" });
  const lines = (stdout ?? "").split("\n").map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line));
  return lines.some((found) => {
    const [, pid = "", parent = "", command = ""] = found ?? [];
    if (!/(^|\/)pulumi-resource-kubernetes( |$)/.test(command)) return false;
    return (folderOf(pid) ?? folder) === folder && !/pulumi/.test(commandOf(Number(parent)) ?? "");
  });
}

/** The folder that a process works in, where the system shows it. */
function folderOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}
