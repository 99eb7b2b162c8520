import { type Fields, isFields, UNKNOWN } from "./values";

/** Which values of a resource are secrets, by the path that leads to them. */
export class SecretPaths {
  constructor(private readonly paths: ReadonlySet<string>) {}

  /** Whether the value at `path`, or one that it is in, is a secret. */
  cover(path: readonly string[]): boolean {
    return path.some((_, index) => this.paths.has(key(path.slice(0, index + 1)))) || this.paths.has("");
  }
}

/** Inputs, and which of them are secrets. */
export interface Inputs {
  readonly props: Fields;
  readonly secrets: SecretPaths;
}

/** Says what a value that travels is, where it is no plain one. */
export interface Marks {
  readonly isUnknown: (value: unknown) => boolean;
  /** The content of a secret; nothing where `value` is none. */
  readonly secret: (value: object) => { readonly content: unknown } | undefined;
}

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** What stands for unknown values of each type; @pulumi/pulumi, sdk/nodejs/runtime/rpc.ts. */
const UNKNOWNS: ReadonlySet<unknown> = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Pulumi's marks in what programs send to the engine. */
export const WIRE: Marks = {
  isUnknown: (value) =>
    UNKNOWNS.has(value) || (isFields(value) && value[SIGNATURE] === OUTPUT && value.value === undefined),
  secret: (value) => (isFields(value) && value[SIGNATURE] === SECRET ? { content: value.value } : undefined),
};

/** Reads inputs as they travel to the engine: plain values, and beside them which are secrets. */
export function readInputs(value: unknown, marks: Marks = WIRE): Inputs {
  const paths = new Set<string>();
  const read = (here: unknown, path: readonly string[]): unknown => {
    if (marks.isUnknown(here)) return UNKNOWN;
    if (typeof here !== "object" || here === null) return here;
    const secret = marks.secret(here);
    if (secret !== undefined) {
      paths.add(key(path));
      return read(secret.content, path);
    }
    if (Array.isArray(here)) return here.map((item, index) => read(item, [...path, String(index)]));
    return Object.fromEntries(Object.entries(here).map(([name, inner]) => [name, read(inner, [...path, name])]));
  };
  const props = read(value, []);
  return { props: isFields(props) ? props : {}, secrets: new SecretPaths(paths) };
}

function key(path: readonly string[]): string {
  return path.map((part) => part.replaceAll("~", "~0").replaceAll("/", "~1")).join("/");
}
