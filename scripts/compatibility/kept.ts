import type { Json } from "../../plan/program/json";

/**
 * What is kept of the state that a released version writes: enough to say what a later version's `up` would do to it,
 * and no secret.
 */
export interface KeptState {
  readonly version: string;
  readonly stack: string;
  /** What it was made from: the program's own graph, or an export of a real stack. */
  readonly from: "program" | "export";
  readonly resources: readonly KeptResource[];
}

/** A resource of a kept state. */
export interface KeptResource {
  /** Its URN without stack and project: the types of its ancestors and its own, and its name. */
  readonly id: string;
  readonly type: string;
  readonly name: string;
  /** Id of the parent; absent for what stands below the stack. */
  readonly parent?: string;
  /** Id of its provider; absent for components. */
  readonly provider?: string;
  readonly protect: boolean;
  readonly retain: boolean;
  /** Inputs whose change makes it anew, by path; of what may be made anew at no loss, none. */
  readonly fixed: Json;
  /** Ids of what such inputs come from, by path. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
}

/** Place of an input's value that was not known yet. */
export const LATE = "(late)";
/** Place of an input's value that is a secret. */
export const SECRET = "(secret)";

/** A URN without stack and project. */
export function idOf(urn: string): string {
  return urn.split("::").slice(2).join("::");
}

/** The types of the ancestors and of the resource itself, joined by `$`. */
export function qualifiedType(id: string): string {
  return id.split("::")[0] ?? "";
}

/** The name of a resource. */
export function nameIn(id: string): string {
  return id.split("::").slice(1).join("::");
}

/** The id of a resource below `parent`; below the stack without one. */
export function childId(parent: string | undefined, type: string, name: string): string {
  return `${parent === undefined ? "" : `${qualifiedType(parent)}$`}${type}::${name}`;
}

/** A resource as it stands in the file: types and other resources are positions in their lists. */
interface Line {
  readonly t: number;
  readonly n: string;
  readonly in?: number;
  readonly by?: number;
  /** `p`: protected, `r`: retained. */
  readonly keep?: string;
  readonly fixed?: Json;
  readonly from?: Readonly<Record<string, readonly number[]>>;
}

/** The file's text: one resource a line, so that a difference can be read. */
export function writeKept({ version, stack, from, resources }: KeptState): string {
  const types = [...new Set(resources.map(({ type }) => type))].sort();
  const places = new Map(resources.map(({ id }, index) => [id, index]));
  const lines = resources.map((one) => JSON.stringify(lineOf(one, types, places)));
  const head = JSON.stringify({ version, stack, from }).slice(1, -1);
  return `{${head},"types":[\n${types.map((type) => JSON.stringify(type)).join(",\n")}\n],"resources":[\n${lines.join(",\n")}\n]}\n`;
}

function lineOf(one: KeptResource, types: readonly string[], places: ReadonlyMap<string, number>): Line {
  const keep = `${one.protect ? "p" : ""}${one.retain ? "r" : ""}`;
  const sources = Object.entries(one.sources).map(([path, ids]) => [path, ids.flatMap((id) => places.get(id) ?? [])]);
  return {
    t: types.indexOf(one.type),
    n: one.name,
    ...(one.parent !== undefined && { in: places.get(one.parent) }),
    ...(one.provider !== undefined && { by: places.get(one.provider) }),
    ...(keep !== "" && { keep }),
    ...(Object.keys(one.fixed).length > 0 && { fixed: one.fixed }),
    ...(sources.length > 0 && { from: Object.fromEntries(sources) }),
  };
}

/** Reads what {@link writeKept} has written. */
export function readKept(text: string): KeptState {
  const { types, resources, ...head } = JSON.parse(text) as Pick<KeptState, "version" | "stack" | "from"> & {
    readonly types: readonly string[];
    readonly resources: readonly Line[];
  };
  const ids: string[] = [];
  const typeOf = (line: Line) => types[line.t] ?? "";
  // A parent stands before its children.
  for (const line of resources)
    ids.push(childId(line.in === undefined ? undefined : ids[line.in], typeOf(line), line.n));
  const idAt = (place: number | undefined) => (place === undefined ? undefined : ids[place]);
  return {
    ...head,
    resources: resources.map((line, index) => ({
      id: ids[index] ?? "",
      type: typeOf(line),
      name: line.n,
      parent: idAt(line.in),
      provider: idAt(line.by),
      protect: line.keep?.includes("p") ?? false,
      retain: line.keep?.includes("r") ?? false,
      fixed: line.fixed ?? {},
      sources: Object.fromEntries(
        Object.entries(line.from ?? {}).map(([path, places]) => [path, places.flatMap((place) => ids[place] ?? [])]),
      ),
    })),
  };
}
