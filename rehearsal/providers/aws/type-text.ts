/** A type as the stand-in checks values against it. */
export type Shape =
  | { readonly kind: "string" | "number" | "boolean" | "any" }
  | { readonly kind: "list" | "map"; readonly item: Shape }
  /** Fields are looked up by the type's name when they are needed. */
  | { readonly kind: "object"; readonly type: string }
  | { readonly kind: "either"; readonly shapes: readonly Shape[] };

/** One member of an interface or a class. */
export interface Member {
  readonly shape: Shape;
  /** Neither `?` nor `undefined`. */
  readonly required: boolean;
}

export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "");
}

/** The members of the body of an interface or a class; methods are left out. */
export function membersOf(body: string): ReadonlyMap<string, Member> {
  const members = statements(body).flatMap((statement) => {
    const [, name, mark, type] = /^\s*(?:readonly )?(\w+)(\??):([\s\S]*)$/.exec(statement) ?? [];
    if (name === undefined || type === undefined) return [];
    const { shape, optional } = parse(type);
    return [[name, { shape, required: mark === "" && !optional }] as const];
  });
  return new Map(members);
}

/** Splits at semicolons that are in no braces. */
function statements(body: string): string[] {
  const found: string[] = [];
  let [depth, start] = [0, 0];
  for (let at = 0; at < body.length; at++) {
    if (body[at] === "{") depth += 1;
    if (body[at] === "}") depth -= 1;
    if (body[at] === ";" && depth === 0) {
      found.push(body.slice(start, at));
      start = at + 1;
    }
  }
  return found;
}

interface Parsed {
  readonly shape: Shape;
  readonly optional: boolean;
}

const ANY: Shape = { kind: "any" };

/** Parses what the SDK's generator writes; anything else is any. */
function parse(type: string): Parsed {
  const text = new Reader(type.replace(/\s+/g, ""));
  return union(text);
}

class Reader {
  private at = 0;
  constructor(private readonly text: string) {}

  take(token: string): boolean {
    if (!this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }

  match(pattern: RegExp): string | undefined {
    const found = pattern.exec(this.text.slice(this.at))?.[0];
    this.at += found?.length ?? 0;
    return found;
  }
}

function union(text: Reader): Parsed {
  const parts: Parsed[] = [];
  do parts.push(postfix(text));
  while (text.take("|"));
  const optional = parts.some((part) => part.optional);
  const shapes = parts.filter((part) => part.shape !== UNDEFINED).map((part) => part.shape);
  const kinds = new Set(shapes.map((shape) => JSON.stringify(shape)));
  const [first = ANY] = shapes;
  return { shape: kinds.size > 1 ? { kind: "either", shapes } : first, optional };
}

/** Marks `undefined` among the parts of a union. */
const UNDEFINED: Shape = { kind: "any" };

function postfix(text: Reader): Parsed {
  let parsed = primary(text);
  while (text.take("[]")) parsed = { shape: { kind: "list", item: parsed.shape }, optional: false };
  return parsed;
}

function primary(text: Reader): Parsed {
  for (const [open, close] of [
    ["pulumi.Input<", ">"],
    ["pulumi.Output<", ">"],
    ["(", ")"],
  ] as const) {
    if (!text.take(open)) continue;
    const inner = union(text);
    text.take(close);
    return inner;
  }
  if (text.take("{[key:string]:")) {
    const { shape } = union(text);
    text.take(";");
    text.take("}");
    return { shape: { kind: "map", item: shape }, optional: false };
  }
  const name = text.match(/^[\w.]+|^"[^"]*"/) ?? "";
  return { shape: named(name), optional: name === "undefined" };
}

function named(name: string): Shape {
  if (name === "string" || name === "number" || name === "boolean") return { kind: name };
  if (name === "undefined") return UNDEFINED;
  if (/^(enums\..*|ARN|"[^"]*")$/.test(name)) return { kind: "string" };
  const [, type] = /^(?:inputs|outputs)\.(.+)$/.exec(name) ?? [];
  return type === undefined ? ANY : { kind: "object", type };
}
