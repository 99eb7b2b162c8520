/** A part of the report. */
export interface Section {
  /** Markdown, and within it no HTML. */
  readonly title: string;
  /** Whether it is folded away. Default: false. */
  readonly folded?: boolean;
  readonly lines: readonly string[];
  /** Whether a part of it is worth nothing. Default: false. */
  readonly whole?: boolean;
}

/** Text as code: nothing in it is markup, a link or a mention. */
export function code(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  if (line === "") return "";
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const space = longest > 0 ? " " : "";
  return `${fence}${space}${line}${space}${fence}`;
}

/** Prose that may hold anything: no markup, no mention, no link. */
export function prose(text: string): string {
  return text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[\\`*_{}[\]<>#|~]/g, (sign) => `\\${sign}`)
    .replaceAll("@", "@\u200b")
    .replaceAll("://", ":\u200b//");
}

/** A table; cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll(/(?<!\\)\|/g, "\\|")).join(" | ")} |`;
  return [line(head), `|${head.map(() => " --- |").join("")}`, ...rows.map(line)];
}
