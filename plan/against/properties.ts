import { isObject } from "../program/json";

/** A property that differs, with both values as they are; a side without the property is `undefined`. */
export interface Changed {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * Every property that differs, by its path. Items of lists that have names are told apart by them, so that an item that
 * is put in front is one difference and not one for each item behind it.
 */
export function changedProperties(before: unknown, after: unknown, path = ""): Changed[] {
  if (same(before, after)) return [];
  if (isObject(before) && isObject(after)) return changedKeys(before, after, path);
  if (Array.isArray(before) && Array.isArray(after)) return changedItems(before, after, path);
  return [{ path, before, after }];
}

function changedKeys(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
  path: string,
): Changed[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => changedProperties(before[key], after[key], joined(path, key)));
}

/** A key that would be read as a path of its own stands in brackets, as annotations' keys do. */
function joined(path: string, key: string): string {
  if (!/^[\w-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

function changedItems(before: readonly unknown[], after: readonly unknown[], path: string): Changed[] {
  const [old, now] = [byName(before), byName(after)];
  if (old !== undefined && now !== undefined) {
    const names = [...new Set([...old.keys(), ...now.keys()])];
    return names.flatMap((name) => changedProperties(old.get(name), now.get(name), `${path}[${name}]`));
  }
  const length = Math.max(before.length, after.length);
  return Array.from({ length }, (_, index) =>
    changedProperties(before[index], after[index], `${path}[${index}]`),
  ).flat();
}

function byName(items: readonly unknown[]): ReadonlyMap<string, unknown> | undefined {
  const names = items.map((item) => (isObject(item) && typeof item.name === "string" ? item.name : undefined));
  if (names.length === 0 || names.includes(undefined) || new Set(names).size !== names.length) return undefined;
  return new Map(items.map((item, index) => [String(names[index]), item]));
}

function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((each, index) => same(each, b[index]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && same(a[key], b[key]));
}

const LONGEST = 160;

/** A value as one short line. */
export function shortValue(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const line = text.replaceAll(/\s+/g, " ");
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1)}…`;
}
