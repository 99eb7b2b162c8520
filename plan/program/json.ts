/** A JSON object whose fields nobody has looked at yet. */
export type Json = Record<string, unknown>;

/** Whether `value` is an object, and no list. */
export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object at a path, or an empty one: for reading what a resource may not have. */
export function objectAt(value: unknown, ...path: readonly string[]): Json {
  const found = path.reduce<unknown>((holder, key) => (isObject(holder) ? holder[key] : undefined), value);
  return isObject(found) ? found : {};
}

/** The text below a key, or nothing. */
export function textAt(value: unknown, key: string): string | undefined {
  const found = isObject(value) ? value[key] : undefined;
  return typeof found === "string" ? found : undefined;
}

/** The list below a key, or an empty one. */
export function listAt(value: unknown, key: string): readonly unknown[] {
  const found = isObject(value) ? value[key] : undefined;
  return Array.isArray(found) ? found : [];
}
