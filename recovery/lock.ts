import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** Who has a stack's lock. Source: pulumi/pulumi, pkg/backend/diy/lock.go. */
export interface Lock {
  readonly pid: number;
  readonly user: string;
  readonly host: string;
  /** When it was taken, in ISO 8601. */
  readonly since: string;
}

/** What became of the process that took a lock: it is gone, it works, or it is on another machine, where nobody here can look. */
export type Holder = "gone" | "working" | "elsewhere";

/** A lock, and what became of its process. */
export interface HeldLock extends Lock {
  readonly holder: Holder;
}

/** This machine, as far as locks are about it. */
export interface Machine {
  readonly host: string;
  /** What a process was started as; `undefined` where there is none of that id, "" where that cannot be seen. */
  readonly commandOf: (pid: number) => string | undefined;
}

/** Looks who holds a lock. A process id is used again: one that is no Pulumi has only the number in common. */
export function heldBy(lock: Lock, machine: Machine): HeldLock {
  if (lock.host !== machine.host) return { ...lock, holder: "elsewhere" };
  const command = machine.commandOf(lock.pid);
  const gone = command === undefined || (command !== "" && !/pulumi/i.test(command));
  return { ...lock, holder: gone ? "gone" : "working" };
}

/** A lock in words. */
export function lockText({ user, host, pid, since }: Lock): string {
  return `${user} on ${host}, process ${pid}, since ${since}`;
}

const LOCK_LINE = /created by (\S+)@(\S+) \(pid (\d+)\) at (\S+)/g;

/** The locks that the engine names when it refuses to work; of a store that it alone can read, this is how they are seen. */
export function locksIn(message: string): Lock[] {
  return [...message.matchAll(LOCK_LINE)].map(([, user = "", host = "", pid = "", since = ""]) => ({
    user,
    host,
    pid: Number(pid),
    since,
  }));
}

/** Whether a message of the engine's says that the stack is locked, or that an update is under way. */
export function saysLocked(message: string): boolean {
  return /currently locked by|Another update is currently in progress|\[409\] Conflict/.test(message);
}

const lockFile = z.object({ pid: z.number(), username: z.string(), hostname: z.string(), timestamp: z.string() });

/** The locks of a stack in a folder of states (`file://…`). */
export function locksInFolder(url: string, project: string, stack: string): Lock[] {
  return lockFolders(url, project, stack)
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.endsWith(".json"))
        .map((name) => join(folder, name)),
    )
    .flatMap((file) => {
      const parsed = lockFile.safeParse(JSON.parse(readFileSync(file, "utf8") || "{}"));
      if (!parsed.success) return [];
      const { pid, username, hostname, timestamp } = parsed.data;
      return [{ pid, user: username, host: hostname, since: timestamp }];
    });
}

/** Where a folder of states has the locks of a stack; of before projects had folders of their own, one level higher. */
export function lockFolders(url: string, project: string, stack: string): string[] {
  const root = join(folderOf(url), ".pulumi", "locks");
  return [join(root, "organization", project, stack), join(root, stack)];
}

/** The folder of a `file://` backend. */
export function folderOf(url: string): string {
  const path = url.replace(/^file:\/\//, "").replace(/\?.*$/, "");
  if (path === "~" || path.startsWith("~/")) return join(homedir(), path.slice(1));
  return path.startsWith("/") ? fileURLToPath(`file://${path}`) : path;
}
