/**
 * Values of resources as rules read them. In a preview some are not known yet; a rule says nothing of those, so every
 * question here has three answers: yes, no, and not known.
 */

/** The place of a value that is not known yet. */
export const UNKNOWN: unique symbol = Symbol("not known yet");

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What stands at `path`; {@link UNKNOWN} where anything on the way to it is not known. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value;
  for (const key of path) {
    if (here === UNKNOWN) return UNKNOWN;
    here = isFields(here) ? here[key] : undefined;
  }
  return here ?? undefined;
}

/** The elements of a list; none where there is no list, or it is not known. */
export function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.filter((item) => item !== UNKNOWN) : [];
}

/** A list, or one value that stands for a list of it, as in IAM's documents. */
export function oneOrMore(value: unknown): readonly unknown[] {
  if (value === UNKNOWN || value === undefined) return [];
  return Array.isArray(value) ? items(value) : [value];
}

/** Whether a list is not known, or one of its elements. */
export function isOpen(value: unknown): boolean {
  return value === UNKNOWN || (Array.isArray(value) && value.includes(UNKNOWN));
}

/** Whether anything in a value is not known. */
export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasUnknown);
}

/** The keys and values of an object; none where there is no object, or it is not known. */
export function entries(value: unknown): readonly (readonly [string, unknown])[] {
  return isFields(value) ? Object.entries(value) : [];
}

export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Whether a value is known, and is not `expected`; what is missing is not. */
export function differs(value: unknown, expected: unknown): boolean {
  return value !== UNKNOWN && value !== expected;
}

/** Whether nothing is there: no value, an empty text, an empty list. */
export function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

/** Whether a switch is on. Providers made for Terraform have some as texts. */
export function isOn(value: unknown): boolean {
  return value === true || value === "true";
}

/** Whether a switch is known, and not on. */
export function isOff(value: unknown): boolean {
  return value !== UNKNOWN && !isOn(value);
}

/** A JSON document in a text; {@link UNKNOWN} where the text is not known, and nothing where it is no JSON. */
export function json(value: unknown): unknown {
  if (value === UNKNOWN || isFields(value)) return value;
  try {
    return JSON.parse(text(value) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

/** A value somewhere in a tree, with the keys that lead to it. */
export interface Leaf {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** Every value that is no object and no list. */
export function* leaves(value: unknown, path: readonly string[] = []): Generator<Leaf> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* leaves(item, [...path, String(index)]);
  } else if (isFields(value)) {
    for (const [key, inner] of Object.entries(value)) yield* leaves(inner, [...path, key]);
  } else if (value !== UNKNOWN) yield { path, value };
}
