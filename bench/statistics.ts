/** The middle value, or the mean of the two in the middle. @throws RangeError where there is none. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("no values, no median");
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** How many times as large the median of `values` is as that of `than`. */
export function ratioOfMedians(values: readonly number[], than: readonly number[]): number {
  return median(values) / median(than);
}

/** Rounded to so many significant digits: more than a machine repeats says nothing. */
export function significant(value: number, digits = 3): number {
  return Number(value.toPrecision(digits));
}

/** One thing to measure, and how it is run once. */
export interface Subject<T> {
  readonly name: string;
  readonly once: () => Promise<T>;
}

/**
 * Runs subjects in turn, round by round: what slows the machine for a while slows all of them. The order turns round
 * every time, so that none always comes after the same one.
 * @returns What each of them came to, by name, in order.
 */
export async function interleave<T>(
  subjects: readonly Subject<T>[],
  rounds: number,
  say: (line: string) => void = () => undefined,
): Promise<ReadonlyMap<string, readonly T[]>> {
  const results = new Map<string, T[]>(subjects.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? subjects : [...subjects].reverse();
    for (const { name, once } of order) {
      say(`round ${round + 1} of ${rounds}: ${name} …`);
      results.get(name)?.push(await once());
    }
  }
  return results;
}
