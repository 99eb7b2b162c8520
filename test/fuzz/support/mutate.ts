import fc from "fast-check";

/** Changes that a hurried hand, a bad merge or an attacker makes to a file: of its values, and of its text. */

/** Names that every object has a property of, and others that programs trip over. */
const NAMES = [
  "constructor",
  "__proto__",
  "toString",
  "hasOwnProperty",
  "from",
  "",
  " ",
  "a.b",
  "a\nb",
  "default",
  "-",
];

/** Values that stand where something else should. */
const ODD: readonly unknown[] = [
  ...NAMES,
  ...[null, true, false, 0, -1, 1.5, 127, 128, 65536, 1e21, Number.NaN, Number.POSITIVE_INFINITY],
  ...[
    "10.0.0.0/33",
    "10.0.0.1/16",
    "0.0.0.0/0",
    "::1/64",
    "256.1.1.1",
    "1e3",
    "0",
    "99999999999999999999Gi",
    "é.example",
  ],
  ...[
    "* * * * *",
    "0 0 31 2 *",
    "@daily",
    "stack://a/b/c/d",
    "a/b/c/d",
    "../../etc",
    "\u001b[31mred",
    "x".repeat(5000),
  ],
  ...[[], [[]], [null], {}, { secure: "v1:abc" }, { kind: "existing" }, { enabled: false }, { from: "nowhere" }],
];

/** One change of a value; `at` and `from` choose places of the tree, whatever its size. */
export interface Mutation {
  readonly kind: "put" | "copy" | "swap" | "remove" | "rename" | "double" | "edit" | "nest";
  readonly at: number;
  readonly from: number;
  readonly name: string;
  readonly value: unknown;
}

/** @param values What may stand anywhere, beside what is odd. */
export function mutations(values: fc.Arbitrary<unknown>): fc.Arbitrary<Mutation[]> {
  const mutation = fc.record<Mutation>({
    kind: fc.constantFrom("put", "put", "copy", "swap", "remove", "rename", "double", "edit", "nest"),
    at: fc.nat(),
    from: fc.nat(),
    name: fc.oneof(fc.constantFrom(...NAMES), fc.string({ maxLength: 12 })),
    value: fc.oneof(fc.constantFrom(...ODD), values),
  });
  return fc.array(mutation, { minLength: 1, maxLength: 4 });
}

/** A place in a tree. */
interface Place {
  readonly holder: object;
  readonly key: string;
}

/** Places deeper than this are not changed any more. */
const DEEPEST = 30;

function placesOf(value: unknown, depth = DEEPEST): Place[] {
  if (typeof value !== "object" || value === null || depth === 0) return [];
  return Object.keys(value).flatMap((key) => [{ holder: value, key }, ...placesOf(Reflect.get(value, key), depth - 1)]);
}

/** A copy of `tree` after the changes. */
export function mutate<T extends object>(tree: T, changes: readonly Mutation[]): T {
  const copy = structuredClone(tree);
  for (const change of changes) apply(copy, change);
  return copy;
}

function apply(tree: object, change: Mutation): void {
  const places = placesOf(tree);
  const place = places[change.at % places.length];
  const other = places[change.from % places.length];
  if (place === undefined || other === undefined) return;
  const [here, there] = [read(place), read(other)];
  const { holder } = place;
  if (change.kind === "remove" || change.kind === "rename") remove(place);
  if (change.kind === "put") write(place, change.value);
  if (change.kind === "copy" || change.kind === "swap") write(place, structuredClone(there));
  if (change.kind === "swap") write(other, structuredClone(here));
  if (change.kind === "rename") write({ holder, key: change.name }, here);
  const added = Array.isArray(holder) ? String(holder.length) : change.name;
  if (change.kind === "double") write({ holder, key: added }, structuredClone(here));
  if (change.kind === "edit") write(place, edited(here, change));
  if (change.kind === "nest") write(place, nested(here, change.from % 3 === 0 ? 400 : 1));
}

function remove({ holder, key }: Place): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else Reflect.deleteProperty(holder, key);
}

function read({ holder, key }: Place): unknown {
  return Reflect.get(holder, key);
}

/** As an own property, also where its name is that of one that every object has. */
function write({ holder, key }: Place, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

/** A value that is nearly the one that was there. */
function edited(value: unknown, { from, name }: Mutation): unknown {
  if (typeof value === "number") return [value + 1, value - 1, -value, value * 1000, String(value)][from % 5];
  if (typeof value === "boolean") return !value;
  if (typeof value !== "string") return typeof value === "object" && value !== null ? Object.values(value) : {};
  const at = from % (value.length + 1);
  const changed = [value.slice(0, at), value.slice(0, at) + name + value.slice(at), value.toUpperCase()];
  return [...changed, value.slice(at) + value.slice(0, at)][from % 4];
}

function nested(value: unknown, depth: number): unknown {
  let inner = value;
  for (let level = 0; level < depth; level += 1) inner = level % 2 === 0 ? [inner] : { a: inner };
  return inner;
}

/** What YAML has beside plain values, and what is none. */
const SNIPPETS = [
  "\t",
  "&a [*a]",
  "*nowhere",
  "<<: *a",
  "---\n",
  "- ",
  ": ",
  "{",
  "[",
  '"',
  "!!binary x",
  "\u0000",
  "? ",
];
const BLOCKS = [
  "a: &a\n  b: *a\n",
  `${"[".repeat(20_000)}`,
  `bomb: ${bomb()}\n`,
  "%YAML 9\n",
  "\uFEFF",
  "__proto__: 1\n",
];

/** Aliases of aliases: a few lines that stand for millions of values. */
function bomb(): string {
  const lines = Array.from(
    { length: 9 },
    (_, at) =>
      `&b${at} [${Array(9)
        .fill(at === 0 ? "x" : `*b${at - 1}`)
        .join()}]`,
  );
  return `[${lines.join(", ")}]`;
}

/** One change of a file's text; `at` chooses the place, whatever its length. */
export interface TextMutation {
  readonly kind: "insert" | "cut" | "line" | "repeat" | "indent";
  readonly at: number;
  readonly size: number;
  readonly what: string;
}

export const textMutations: fc.Arbitrary<TextMutation[]> = fc.array(
  fc.record<TextMutation>({
    kind: fc.constantFrom("insert", "cut", "line", "repeat", "indent"),
    at: fc.nat(),
    size: fc.integer({ min: 1, max: 12 }),
    what: fc.oneof(fc.constantFrom(...SNIPPETS, ...BLOCKS), fc.string({ maxLength: 8, unit: "binary" })),
  }),
  { minLength: 1, maxLength: 3 },
);

/** A text after the changes. */
export function mutateText(text: string, changes: readonly TextMutation[]): string {
  return changes.reduce(changed, text);
}

function changed(text: string, { kind, at, size, what }: TextMutation): string {
  const place = at % (text.length + 1);
  if (kind === "insert") return text.slice(0, place) + what + text.slice(place);
  if (kind === "cut") return text.slice(0, place) + text.slice(place + size);
  const lines = text.split("\n");
  const row = at % lines.length;
  const line = lines[row] ?? "";
  const instead = { line: [what], repeat: [line, line], indent: [`${" ".repeat(size)}${line}`] }[kind];
  return lines.toSpliced(row, 1, ...instead).join("\n");
}
