/** Where faults strike: the same places for the same seed, which FAULTS_SEED sets. */
export const SEED = Number(process.env.FAULTS_SEED ?? 1);

/** Whether only as much is tried as there is time for in each change's checks (FAULTS=few). */
export const FEW = process.env.FAULTS === "few";

/** Numbers between 0 and 1. Source: mulberry32, a public-domain generator. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
