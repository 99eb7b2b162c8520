import type { Case, Column, Ratio } from "../model";

/** A table as Markdown has it, aligned, so that a terminal shows it as well. The first column is text. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => (row[column] ?? "").length)));
  const width = (column: number) => widths[column] ?? 0;
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(width(column)) : cell.padStart(width(column)))).join(" | ")} |`;
  const rule = head.map((_, column) =>
    column === 0 ? "-".repeat(width(column)) : `${"-".repeat(width(column) - 1)}:`,
  );
  return [line(head), `| ${rule.join(" | ")} |`, ...rows.map(line)].join("\n");
}

/** The cases of a result, with the columns that any of them has. */
export function casesTable(what: string, cases: readonly Case[], columns: readonly Column[]): string {
  const shown = columns.filter(({ key }) => cases.some(({ figures }) => figures[key] !== undefined));
  return markdownTable(
    [what, ...shown.map(({ label }) => label)],
    cases.map(({ name, figures }) => [name, ...shown.map(({ key }) => number(figures[key]))]),
  );
}

export function ratiosTable(ratios: readonly Ratio[]): string {
  return markdownTable(
    ["ratio", "measured", "limit", ""],
    ratios.map(({ name, value, limit }) => [
      name,
      value.toFixed(2),
      limit === undefined ? "" : limit.toFixed(2),
      verdict({ value, limit }),
    ]),
  );
}

/** Whether a ratio is what design allows. */
export function verdict({ value, limit }: Pick<Ratio, "value" | "limit">): string {
  if (limit === undefined) return "";
  return value <= limit ? "met" : "missed";
}

/** With thousands apart. */
export function number(value: number | undefined): string {
  return value === undefined ? "" : value.toLocaleString("en-US", { maximumFractionDigits: 3 });
}
