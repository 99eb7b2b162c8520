import type { Addition } from "./rule";
import { type Fields, isFields } from "./values";

/** A copy of `props` with the additions; what is there already stays as it is. */
export function withAdditions(props: Fields, additions: readonly Addition[]): Fields {
  return additions.reduce((done, { path, value }) => put(done, path, value), props);
}

function put(here: Fields, [key, ...rest]: readonly string[], value: string): Fields {
  if (key === undefined) return here;
  const inner = here[key];
  if (rest.length === 0) return inner === undefined ? { ...here, [key]: value } : here;
  return { ...here, [key]: put(isFields(inner) ? inner : {}, rest, value) };
}
