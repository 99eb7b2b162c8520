import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CATALOG } from "../catalog";
import { readResult } from "../results";
import { type ReportFile, reportFiles } from "./page";

/** The report as the results of a checkout make it. */
export function currentReport(root: string): ReportFile[] {
  return reportFiles(CATALOG.map((description) => ({ description, result: readResult(root, description.name) })));
}

/** Writes the report; pictures that it has no more are removed. Returns the exit code. */
export function writeReport(root: string, say: (line: string) => void): number {
  const files = currentReport(root);
  for (const stale of staleFiles(root, files)) rmSync(join(root, "docs", stale));
  for (const { path, text } of files) {
    const file = join(root, "docs", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    say(`written: docs/${path}`);
  }
  return 0;
}

/** Says what differs from what the results say. Returns the exit code. */
export function checkReport(root: string, say: (line: string) => void): number {
  const files = currentReport(root);
  const different = files.filter(({ path, text }) => {
    const file = join(root, "docs", path);
    return !existsSync(file) || readFileSync(file, "utf8") !== text;
  });
  const wrong = [...different.map(({ path }) => path), ...staleFiles(root, files)];
  for (const path of wrong) say(`docs/${path} is not what bench/results says; run: npm run bench -- report`);
  return wrong.length === 0 ? 0 : 1;
}

function staleFiles(root: string, files: readonly ReportFile[]): string[] {
  const folder = join(root, "docs/performance");
  const there = existsSync(folder) ? readdirSync(folder).map((name) => `performance/${name}`) : [];
  return there.filter((path) => files.every((file) => file.path !== path));
}
