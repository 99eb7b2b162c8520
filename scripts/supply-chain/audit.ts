import { spawnSync } from "node:child_process";
import { isObject, type Json, listAt, objectAt, textAt } from "../../plan/program/json";
import { ROOT } from "./lock";

/** From which severity on an advisory stops a change: what is below is shown. */
const SEVERITIES = ["info", "low", "moderate", "high", "critical"];
const STOPS_FROM = SEVERITIES.indexOf("high");

/** Advisories that are known and stop nothing, by their numbers (GHSA-…), each with a reason and its last day. */
export const KNOWN: Readonly<Record<string, { readonly reason: string; readonly until: string }>> = {};

/** What the registry says of the packages of the lock file. */
export interface Verdict {
  /** `skipped`: nobody answered, which is no reason to stop anything. */
  readonly outcome: "clean" | "found" | "skipped";
  readonly lines: readonly string[];
}

/**
 * Reads what `npm audit --json` prints.
 * @param day Today, as YYYY-MM-DD.
 */
export function verdictOf(printed: string, day: string, known = KNOWN): Verdict {
  const report = parsed(printed);
  if (report === undefined || !("vulnerabilities" in report)) {
    const why = textAt(report, "message") ?? textAt(objectAt(report, "error"), "summary") ?? "npm printed no report";
    // What it asked, and where, is nobody's business here.
    return { outcome: "skipped", lines: [`skipped: the registry does not answer audits (${why.split(" - ")[0]})`] };
  }
  const advisories = Object.values(objectAt(report, "vulnerabilities")).flatMap((one) =>
    listAt(one, "via")
      .filter(isObject)
      .map((via) => advisoryOf(via)),
  );
  const once = [...new Map(advisories.map((one) => [`${one.id} ${one.name}`, one])).values()];
  const stops = once.filter(({ id, severity }) => {
    const excused = known[id] !== undefined && known[id].until >= day;
    return SEVERITIES.indexOf(severity) >= STOPS_FROM && !excused;
  });
  const lines = once.map((one) => {
    const excuse = known[one.id];
    const why = excuse === undefined ? "" : ` (known until ${excuse.until}: ${excuse.reason})`;
    return `${one.severity}: ${one.name} ${one.range}: ${one.title}, ${one.id}${why}`;
  });
  return { outcome: stops.length > 0 ? "found" : "clean", lines };
}

function parsed(printed: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(printed);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function advisoryOf(via: Json) {
  return {
    id: textAt(via, "url")?.split("/").at(-1) ?? "no number",
    name: textAt(via, "name") ?? "",
    range: textAt(via, "range") ?? "",
    title: textAt(via, "title") ?? "",
    severity: textAt(via, "severity") ?? "critical",
  };
}

function main(): number {
  const args = ["audit", "--json", "--package-lock-only", "--fetch-retries=1", "--fetch-timeout=20000"];
  const { stdout } = spawnSync("npm", args, {
    cwd: ROOT,
    encoding: "utf8",
    timeout: 120_000,
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === "win32",
  });
  const { outcome, lines } = verdictOf(stdout ?? "", new Date().toISOString().slice(0, 10));
  for (const line of lines) process.stdout.write(`${line}\n`);
  if (outcome === "clean") process.stdout.write("no advisory of severity high or above\n");
  return outcome === "found" ? 1 : 0;
}

if (require.main === module) process.exitCode = main();
