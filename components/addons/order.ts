/** Something with a name that comes after others. */
export interface Needy {
  readonly name: string;
  readonly needs: readonly string[];
}

/** The result of ordering: the order, or the cycle that makes one impossible. */
export type Ordered<T> = { readonly order: T[] } | { readonly cycle: string[] };

/**
 * Puts every entry after all that it needs; entries that need nothing of each other keep their order.
 * A need that is not among the entries is ignored: whether it may be absent is for the caller to say.
 */
export function orderByNeeds<T extends Needy>(entries: readonly T[]): Ordered<T> {
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const state = new Map<string, "open" | "done">();
  const order: T[] = [];
  const visit = (entry: T, path: readonly string[]): string[] | undefined => {
    if (state.get(entry.name) === "done") return undefined;
    if (state.get(entry.name) === "open") return [...path.slice(path.indexOf(entry.name)), entry.name];
    state.set(entry.name, "open");
    for (const need of entry.needs) {
      const needed = byName.get(need);
      const cycle = needed === undefined ? undefined : visit(needed, [...path, entry.name]);
      if (cycle !== undefined) return cycle;
    }
    state.set(entry.name, "done");
    order.push(entry);
    return undefined;
  };
  for (const entry of entries) {
    const cycle = visit(entry, []);
    if (cycle !== undefined) return { cycle };
  }
  return { order };
}
