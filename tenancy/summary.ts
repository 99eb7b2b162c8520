import type { Operation } from "./args";
import type { Shard } from "./base";
import { addChanges } from "./changes";
import type { Ran } from "./pool";

/** What running an operation over all shards came to. */
export interface Summary extends Ran {
  readonly operation: Operation;
  readonly shards: readonly Shard[];
  /** From the first start to the last end. */
  readonly seconds: number;
}

/** Exit code of a run: 0 everything is as it should be, 1 something failed or was not started. */
export function exitCode({ results, left }: Ran): number {
  return left.length === 0 && results.every(({ errors }) => errors.length === 0) ? 0 : 1;
}

/** The summary for people: one line a shard, the sums, and what failed with what was said. */
export function summaryText(summary: Summary): string {
  const { operation, shards, results, left, seconds } = summary;
  const rows = shards.map((shard) => rowOf(shard, summary));
  const total = addChanges(results);
  const sum = ["all", String(shards.reduce((count, { tenants }) => count + tenants.length, 0)), ...counts(total)];
  const failures = results.filter(({ errors }) => errors.length > 0);
  return [
    table([HEAD, ...rows, [...sum, seconds.toFixed(1), ""]]),
    ...failures.flatMap(({ stack, errors }) => ["", `${stack} failed:`, ...errors.map(indented)]),
    ...(left.length === 0 ? [] : ["", `not started: ${left.join(", ")}; --continue-on-error goes on with the others`]),
    "",
    failures.length + left.length === 0
      ? `${operation} of ${shards.length} shards in ${seconds.toFixed(1)} s: all of them are done`
      : `${operation} of ${shards.length} shards: ${failures.length} failed, ${left.length} not started`,
  ].join("\n");
}

const HEAD = ["stack", "tenants", "created", "updated", "deleted", "same", "seconds", ""];

function rowOf({ stack, tenants }: Shard, { results }: Summary): string[] {
  const result = results.find((one) => one.stack === stack);
  const known = [stack, String(tenants.length)];
  if (result === undefined) return [...known, "", "", "", "", "", "not started"];
  return [...known, ...counts(result), result.seconds.toFixed(1), result.errors.length > 0 ? "failed" : "done"];
}

function counts({ created, updated, deleted, same }: ReturnType<typeof addChanges>): string[] {
  return [created, updated, deleted, same].map(String);
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ");
  return rows.map((row) => line(row).trimEnd()).join("\n");
}

function indented(text: string): string {
  return `  ${text.replaceAll("\n", "\n  ")}`;
}
