import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** A way to prove that a command and everything that it starts connect to nothing outside this machine. */
export interface Isolation {
  readonly what: string;
  /** Command that the one to be watched is given to. */
  readonly through: readonly string[];
  /** Attempts to reach something outside, after the command has ended. */
  readonly outside: () => string[];
  /** Attempts to reach something on this machine: proof that the watch works. */
  readonly inside: () => number;
}

/**
 * Follows every process with strace, which sees each attempt to connect or to send.
 * @returns Why it cannot be had on this machine, where it cannot.
 */
export function traced(file: string): Isolation | string {
  const through = ["strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=connect,sendto,sendmsg", "-e", "signal=none"];
  const probe = spawnSync("strace", [...through.slice(1), "-o", "/dev/null", "true"], { encoding: "utf8" });
  if (probe.error !== undefined) return "strace is not installed (Debian: apt-get install strace)";
  if (probe.status !== 0) return `strace may not be used here: ${probe.stderr.trim()}`;
  const addresses = () => [...readFileSync(file, "utf8").matchAll(ADDRESS)];
  return {
    what: "strace",
    through: [...through, "-o", file],
    outside: () => addresses().flatMap(([line, v4, v6]) => (isLocal(v4 ?? v6 ?? "") ? [] : [line])),
    inside: () => addresses().length,
  };
}

/** A line of strace with an IPv4 or an IPv6 address: `sin_addr=inet_addr("…")` or `inet_pton(AF_INET6, "…", …)`. */
const ADDRESS = /^.*(?:inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)").*$/gm;

function isLocal(address: string): boolean {
  return /^(127\.|::1$|::ffff:127\.|0\.0\.0\.0$|::$)/.test(address);
}
