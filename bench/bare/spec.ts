import { isObject, type Json } from "../../plan/program/json";

/** A resource that a bare program registers, as plain data. */
export interface SpecResource {
  readonly type: string;
  readonly name: string;
  /** `component`: groups others; `remote`: its provider makes its children; `custom`: a provider manages it. */
  readonly form: "component" | "remote" | "custom";
  /** As `readable` has them: a secret is `{ secret: … }`. */
  readonly inputs: Json;
  /** Places in the list of what it waits for; all of them are before its own. */
  readonly after: readonly number[];
  /** Place of its provider; absent for components. */
  readonly provider?: number;
  /** Of what is there already and is taken over. */
  readonly importId?: string;
}

/** What a spec is made of: resources that a program registered. */
export interface SpecSource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly custom: boolean;
  readonly remote: boolean;
  readonly inputs: Json;
  readonly providerUrn?: string;
  /** Type and name of each. */
  readonly dependencies: readonly string[];
  readonly importId?: string;
}

/**
 * The resources as a flat list in which everything comes after what it needs.
 * @throws Error where resources wait for each other in a circle.
 */
export function specOf(resources: readonly SpecSource[]): SpecResource[] {
  const byLabel = new Map(resources.map((one) => [`${one.type} ${one.name}`, one]));
  const byUrn = new Map(resources.map((one) => [one.urn, one]));
  const needs = (one: SpecSource) => one.dependencies.flatMap((label) => byLabel.get(label) ?? []);
  const providerOf = ({ providerUrn }: SpecSource) => (providerUrn === undefined ? undefined : byUrn.get(providerUrn));
  const ordered = inOrder(resources, (one) => [...needs(one), ...[providerOf(one) ?? []].flat()]);
  const places = new Map(ordered.map((one, place) => [one, place]));
  const placeOf = (one: SpecSource) => places.get(one) ?? -1;
  return ordered.map((one) => {
    const provider = providerOf(one);
    return {
      type: one.type,
      name: one.name,
      form: one.remote ? "remote" : one.custom ? "custom" : "component",
      inputs: one.inputs,
      after: needs(one).map(placeOf),
      ...(provider !== undefined && { provider: placeOf(provider) }),
      ...(one.importId !== undefined && { importId: one.importId }),
    };
  });
}

/** Depth first, without recursion: chains of needs are long. */
function inOrder<T>(all: readonly T[], needs: (one: T) => readonly T[]): T[] {
  const done = new Set<T>();
  const open = new Set<T>();
  for (const root of all) {
    const stack = [root];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const missing = needs(top).filter((one) => !done.has(one));
      if (missing.length === 0 || done.has(top)) {
        done.add(top);
        open.delete(top);
        stack.pop();
        continue;
      }
      if (open.has(top) && missing.some((one) => open.has(one))) throw new Error("resources wait in a circle");
      open.add(top);
      stack.push(...missing);
    }
  }
  return [...done];
}

/** The value with every `{ secret: … }` in it replaced. */
export function withSecrets(value: unknown, secret: (inner: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => withSecrets(one, secret));
  if (!isObject(value)) return value;
  if (Object.keys(value).join() === "secret") return secret(withSecrets(value.secret, secret));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withSecrets(inner, secret)]));
}
