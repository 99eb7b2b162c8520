/** The known name that is most like a wrong one, for a message. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const ranked = known.map((one) => ({ one, far: distance(name, one) }));
  return ranked.sort((a, b) => a.far - b.far)[0]?.one;
}

/** How many characters have to be added, removed or changed to make one text of the other (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1) {
      const change = (row[j] ?? 0) + (letter === b[j] ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
