import { declarationOf } from "./declarations";
import type { Model } from "./model";
import { isAbsent, isObject, isUnknown, type Props } from "./values";

/** Inputs and state of what is there, and the new inputs; all plain. */
export interface Versions {
  readonly inputs: Props;
  readonly state: Props;
  readonly news: Props;
}

/** Paths of the inputs that change, without positions in lists. */
export function changedPaths(model: Model, versions: Versions): string[] {
  const { inputs, state, news } = versions;
  const names = new Set([...Object.keys(inputs), ...Object.keys(news)].filter((name) => !name.startsWith("__")));
  const comparison = new Comparison(model.ordered ?? []);
  return [...names].flatMap((name) => {
    const [before, after] = [inputs[name], news[name]];
    // What the program did not say, AWS filled in: to say the same is no change.
    if (isAbsent(before) && !isAbsent(after)) return comparison.of(state[name], after, name, true);
    if (!isAbsent(before) && isAbsent(after)) {
      return isKept(model, name) ? [] : comparison.of(before, model.defaults?.[name] ?? emptyOf(before), name, true);
    }
    return comparison.of(before, after, name, false);
  });
}

/** Those of the changed paths that need a new resource. */
export function replacingPaths(model: Model, changed: readonly string[], { inputs, news }: Versions): string[] {
  const paths = [...model.replaceOn, ...(model.global ? [] : ["region"]), ...(model.replaceIf?.(inputs, news) ?? [])];
  return changed.filter((path) =>
    paths.some((one) => path === one || path.startsWith(`${one}.`) || one.startsWith(`${path}.`)),
  );
}

/** AWS goes on with the value of an output that it would have filled in by itself. */
function isKept({ token, defaults }: Model, name: string): boolean {
  return declarationOf(token).outputs.get(name)?.required === true && defaults?.[name] === undefined;
}

/** To give up an empty list or map is no change. */
function emptyOf(before: unknown): unknown {
  if (Array.isArray(before)) return [];
  if (before === false || before === "") return before;
  return undefined;
}

/**
 * Finds the paths at which two values differ; an added or removed object is one difference, at its own path. Where the
 * program says a part of what AWS filled in (`subset`), the rest is AWS's.
 */
class Comparison {
  /** @param ordered Paths of lists whose order says something. */
  constructor(private readonly ordered: readonly string[]) {}

  of(before: unknown, after: unknown, path: string, subset: boolean): string[] {
    if (isUnknown(after)) return [path];
    if (isObject(before) && isObject(after)) return this.ofObjects(before, after, path, subset);
    if (Array.isArray(before) && Array.isArray(after)) return this.ofLists(before, after, path);
    return isSame(before, after) ? [] : [path];
  }

  private ofObjects(before: Props, after: Props, path: string, subset: boolean): string[] {
    const names = new Set([...(subset ? [] : Object.keys(before)), ...Object.keys(after)]);
    return [...names].flatMap((name) => this.of(before[name], after[name], `${path}.${name}`, subset));
  }

  private ofLists(before: readonly unknown[], after: readonly unknown[], path: string): string[] {
    if (this.ordered.includes(path) ? isSame(before, after) : sameList(before, after)) return [];
    return isOneObject(before) && isOneObject(after) ? this.of(before[0], after[0], path, false) : [path];
  }
}

/** A list of one object is compared as that object. */
function isOneObject(list: readonly unknown[]): boolean {
  return list.length === 1 && isObject(list[0]);
}

/** Most lists of AWS are sets, so their order says nothing. */
function sameList(before: readonly unknown[], after: readonly unknown[]): boolean {
  const sorted = (list: readonly unknown[]) => list.map(canonical).sort();
  return sorted(before).join("\n") === sorted(after).join("\n");
}

function isSame(before: unknown, after: unknown): boolean {
  if (isAbsent(before) && isAbsent(after)) return true;
  return canonical(before) === canonical(after);
}

/** A text in which equal values are equal: JSON in any spelling, and numbers and flags written as text too. */
function canonical(value: unknown): string {
  return JSON.stringify(normal(value)) ?? "";
}

function normal(value: unknown): unknown {
  if (isUnknown(value)) return { unknown: true };
  if (Array.isArray(value)) return value.map(normal);
  if (isObject(value)) {
    const entries = Object.entries(value).filter(([, item]) => !isAbsent(item));
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, item]) => [name, normal(item)]));
  }
  if (typeof value === "string" && /^\s*[{[]/.test(value)) return parsed(value);
  return isAbsent(value) ? null : String(value);
}

function parsed(text: string): unknown {
  try {
    return normal(JSON.parse(text));
  } catch {
    return text;
  }
}
