import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** A process of this machine. */
export interface Process {
  readonly pid: number;
  readonly command: string;
}

/** Every process that has to do with a folder: by its command line, its environment or its working directory. */
export function processesOf(folder: string): Process[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => pid !== process.pid)
    .flatMap((pid) => {
      const command = part(pid, "cmdline").trim();
      const mine = [command, part(pid, "environ"), directory(pid)].some((text) => text.includes(folder));
      // A process that has ended and was not asked for its end yet has no command line.
      return mine && command !== "" ? [{ pid, command }] : [];
    });
}

function part(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

function directory(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return "";
  }
}

/** Ends every process of a folder at once. */
export function killProcessesOf(folder: string): void {
  for (const { pid } of processesOf(folder)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It is gone already.
    }
  }
}
