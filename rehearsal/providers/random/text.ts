import { randomInt } from "node:crypto";
import { z } from "zod";

const DIGITS = "0123456789";
const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

const isIn = z.boolean().default(true);
const atLeast = z.int().min(0).default(0);

/** Arbitrary values; what is made of random is made anew when one changes. */
export const keepers = z.record(z.string(), z.string()).optional();

/** Inputs of a random text. `number` is the former name of `numeric`. */
export const textInputs = z
  .object({
    keepers,
    length: z.int().min(1),
    upper: isIn,
    lower: isIn,
    numeric: isIn,
    number: isIn,
    special: isIn,
    minUpper: atLeast,
    minLower: atLeast,
    minNumeric: atLeast,
    minSpecial: atLeast,
    overrideSpecial: z.string().optional(),
  })
  .refine((spec) => spec.length >= spec.minUpper + spec.minLower + spec.minNumeric + spec.minSpecial, {
    path: ["length"],
    error: "must be at least the sum of minUpper, minLower, minNumeric and minSpecial",
  })
  .refine(({ upper, lower, numeric, special }) => upper || lower || numeric || special, {
    path: ["special"],
    error: "at least one of special, upper, lower and numeric must be true",
  });
type Text = z.output<typeof textInputs>;

/** A text as the real provider makes it: the least number of each class, the rest from all that are allowed, shuffled. */
export function randomText(spec: Text): string {
  const special = spec.overrideSpecial || SPECIAL;
  const all = [spec.upper && UPPER, spec.lower && LOWER, spec.numeric && DIGITS, spec.special && special];
  const least = [
    ...pick(DIGITS, spec.minNumeric),
    ...pick(LOWER, spec.minLower),
    ...pick(UPPER, spec.minUpper),
    ...pick(special, spec.minSpecial),
  ];
  const characters = all.filter((characters) => characters !== false).join("");
  return shuffled([...least, ...pick(characters, spec.length - least.length)]).join("");
}

function pick(characters: string, count: number): string[] {
  const set = [...characters];
  return Array.from({ length: count }, () => set[randomInt(set.length)] ?? "");
}

/** Fisher and Yates's shuffle, with the operating system's randomness. */
function shuffled(characters: readonly string[]): string[] {
  const result = [...characters];
  for (let last = result.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [result[last], result[other]] = [result[other] ?? "", result[last] ?? ""];
  }
  return result;
}
