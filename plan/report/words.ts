/** `1 cluster`, `2 clusters`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** The name in a resource's URN; what has none is about the stack. */
export function nameOf(urn: string | undefined): string {
  return urn?.split("::").at(-1) ?? "the stack";
}

/** Rows as lines, each column as wide as its widest cell. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>((found, row) => {
    return row.map((cell, index) => Math.max(found[index] ?? 0, cell.length));
  }, []);
  return rows.map((row) => `  ${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join("  ")}`.trimEnd());
}

/** How many there are of each kind, the most frequent first. */
export function countBy<T>(items: readonly T[], kindOf: (item: T) => string): (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(kindOf(item), (counts.get(kindOf(item)) ?? 0) + 1);
  return [...counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
}

/** Items by kind, in the order in which kinds appear. */
export function groupBy<T>(items: readonly T[], kindOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const kind = kindOf(item);
    const group = groups.get(kind);
    if (group === undefined) groups.set(kind, [item]);
    else group.push(item);
  }
  return groups;
}
