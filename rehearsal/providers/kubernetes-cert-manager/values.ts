import { type Input, type Inputs, type Output, output } from "@pulumi/pulumi";
import { inputArgs, plainArgs, type Shape } from "./inputs";
import { flattened, isObject, plainDeep, plainHere, wire, withoutNulls } from "./wire";

export interface HelmValues {
  readonly values: Readonly<Record<string, unknown>>;
  /** Keys of `helmOptions.values` that the component drops. */
  readonly dropped: readonly string[];
}

/**
 * The chart's values as the real component puts them together: every argument that the component
 * knows is written over `helmOptions.values` at the first level, also where the program does not
 * give the argument; what is unset then disappears. Nothing is merged below the first level.
 */
export async function helmValues(args: Inputs, given: unknown): Promise<HelmValues> {
  const weak = await weakValues(given);
  const typed = await typedValues(args);
  const known = new Set([...Object.keys(plainArgs), ...Object.keys(inputArgs), "helmOptions"]);
  const entries = Object.entries(weak);
  return {
    values: {
      ...Object.fromEntries(entries.filter(([key]) => !known.has(key))),
      ...typed,
    },
    dropped: entries.map(([key]) => key).filter((key) => known.has(key)),
  };
}

async function weakValues(given: unknown): Promise<Readonly<Record<string, unknown>>> {
  const path = "helmOptions.values";
  const values = plainHere(await wire(given), path);
  if (!isObject(values)) return {};
  const read = Object.entries(values).map(([key, value]) => {
    return [key, withoutNulls(flattened(plainHere(value, `${path}.${key}`)))] as const;
  });
  return Object.fromEntries(read.filter(([, value]) => value !== null && value !== undefined));
}

async function typedValues(args: Inputs): Promise<Readonly<Record<string, unknown>>> {
  const plain = await Promise.all(
    Object.entries(plainArgs).map(async ([key, shape]) => {
      const value = plainDeep(await wire(args[key]), key);
      return [key, withoutNulls(isGiven(value) ? filled(shaped(value, shape), shape) : value)] as const;
    }),
  );
  const outputs = Object.entries(inputArgs).map(([key, shape]) => {
    return [key, isGiven(args[key]) ? shapedOutput(args[key], shape) : undefined] as const;
  });
  return Object.fromEntries([...plain, ...outputs].filter(([, value]) => isGiven(value)));
}

function shapedOutput(value: Input<object>, shape: Shape): Output<unknown> {
  return output(value).apply((known) => withoutNulls(shaped(known, shape)));
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Without what the component's types do not know. */
function shaped(value: unknown, shape: Shape): unknown {
  if (isListShape(shape)) return Array.isArray(value) ? value.map((item) => shaped(item, shape[0])) : value;
  if (typeof shape !== "object" || !isObject(value)) return value;
  const entries = Object.entries(value).flatMap(([key, item]) => {
    const inner = shape[key];
    return inner === undefined ? [] : [[key, shaped(item, inner)] as const];
  });
  return Object.fromEntries(entries);
}

/** With an empty list or map for each that is not given, at every level that is given. */
function filled(value: unknown, shape: Shape): unknown {
  if (isListShape(shape)) return Array.isArray(value) ? value.map((item) => filled(item, shape[0])) : [];
  if (shape === "map") return isGiven(value) ? value : {};
  if (typeof shape !== "object" || !isObject(value)) return value;
  return Object.fromEntries(Object.entries(shape).map(([key, inner]) => [key, filled(value[key], inner)]));
}

function isListShape(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}
