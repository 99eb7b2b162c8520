import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

/** One thing that is wrong with the settings. */
export interface Problem {
  /** Where, as a dotted path from the config namespace, for example `platform.clusters.us-east.network.meshId`. */
  readonly path: string;
  /** What is wrong and what to do about it, as one sentence or two. */
  readonly message: string;
}

/**
 * An error that Pulumi prints as its message alone, without a stack trace. The message stays as it is: where an error
 * comes out of a late value, the runtime writes 'error serializing property "…"' before it, once for each level.
 */
export class Refusal extends pulumi.RunError {
  constructor(message: string) {
    super(message);
    Object.defineProperty(this, "message", { get: () => message, set: () => {} });
  }
}

/** Everything that is wrong with a stack's settings, in one error. */
export class SettingsError extends Refusal {
  constructor(
    readonly problems: readonly Problem[],
    readonly source = "settings",
  ) {
    super(formatProblems(problems, source));
    this.name = "SettingsError";
  }
}

/** Renders problems as one line each under a heading that counts them. */
export function formatProblems(problems: readonly Problem[], source = "settings"): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const lines = legible(problems).map(({ path, message }) => `  ${path}: ${message}`);
  return [`${count} in the ${source}; nothing was created:`, ...lines].join("\n");
}

/** Longest word of a problem; a longer one is a value or a key that is no use to a reader. */
const LONGEST_WORD = 120;

/**
 * The same problems, each on one line that a terminal shows as it is: keys and values of a file may hold line breaks and
 * control sequences, and be of any length. Each is said once.
 */
export function legible(problems: readonly Problem[]): Problem[] {
  const shown = problems.map(({ path, message }) => ({ path: legibleText(path), message: legibleText(message) }));
  return [...new Map(shown.map((problem) => [`${problem.path}: ${problem.message}`, problem])).values()];
}

function legibleText(text: string): string {
  const escaped = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, "0");
    return character === "\n" ? "\\n" : `\\u${code}`;
  });
  return escaped.replace(/\S+/g, (word) => (word.length > LONGEST_WORD ? `${word.slice(0, LONGEST_WORD - 1)}…` : word));
}

/** Files that tenants stand in, by tenant; relative to the project's root. */
export type TenantFiles = Readonly<Record<string, string>>;

/** The same problems; one of a tenant that stands in a file says the file first, and then the path within it. */
export function inFiles(problems: readonly Problem[], files: TenantFiles | undefined): Problem[] {
  // The longest name first: a file's name, and so that of its tenant, may have dots before it is refused.
  const known = Object.entries(files ?? {}).sort(([a], [b]) => b.length - a.length);
  return problems.map(({ path, message }) => {
    const [name, file] = known.find(([tenant]) => isBelow(path, `tenants.${tenant}`)) ?? [];
    if (name === undefined || file === undefined) return { path, message };
    const within = path.slice(`tenants.${name}.`.length);
    return { path: within === "" ? file : `${file}: ${within}`, message };
  });
}

function isBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}.`);
}

/** Throws one `SettingsError` with all the problems, or returns when there is none. */
export function refuse(problems: readonly Problem[], source?: string): void {
  if (problems.length > 0) throw new SettingsError(problems, source);
}

/** Joins path segments the way problems print them; list positions become `[2]`. */
export function pathOf(...segments: readonly PropertyKey[]): string {
  return segments.reduce<string>((path, segment) => {
    if (typeof segment === "number") return `${path}[${segment}]`;
    return path === "" ? String(segment) : `${path}.${String(segment)}`;
  }, "");
}

/** How the types of YAML are called in messages. */
const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  null: "empty",
};

/**
 * Words for what a schema refuses without a message of its own; for the `error` of a parse. They never repeat the
 * value, which may be a secret.
 */
export const wording: z.core.$ZodErrorMap = (issue) => {
  const absent = issue.input === undefined;
  switch (issue.code) {
    case "invalid_type":
      return typeWording(TYPES[issue.expected] ?? issue.expected, issue.input);
    case "invalid_value": {
      const choices = issue.values.map((value) => JSON.stringify(value)).join(", ");
      const one = issue.values.length === 1 ? choices : `one of ${choices}`;
      return absent ? one : `must be ${one}`;
    }
    case "too_small":
      return issue.origin === "number" || issue.origin === "int"
        ? `must be at least ${issue.minimum}`
        : "must not be empty";
    case "too_big":
      return `must be at most ${issue.maximum}`;
    default:
      return undefined;
  }
};

function typeWording(expected: string, input: unknown): string {
  if (input === undefined) return expected;
  const given = Array.isArray(input) ? "array" : input === null ? "null" : typeof input;
  if (expected === TYPES.int && given === "number") return `must be ${expected}`;
  return `must be ${expected}, but is ${TYPES[given] ?? given}`;
}

/** Turns zod's issues into problems below `root`; unknown keys become one problem each, at the key itself. */
export function problemsOf(error: z.ZodError, root: readonly PropertyKey[]): Problem[] {
  return error.issues.flatMap((issue) => issueProblems(issue, root));
}

function issueProblems(issue: z.core.$ZodIssue, root: readonly PropertyKey[]): Problem[] {
  const path = [...root, ...issue.path];
  // What says "not a host name …" of a wrong value says "required: a host name …" of an absent one.
  const message = missing(issue) ? `required: ${issue.message.replace(/^not /, "")}` : issue.message;
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        path: pathOf(...path, key),
        message: "unknown key; remove it, or check its spelling in docs/settings.schema.json",
      }));
    case "invalid_key":
      return issue.issues.map((inner) => ({ path: pathOf(...path), message: inner.message }));
    case "invalid_union":
      return unionProblems({ ...issue, message }, path);
    default:
      return [{ path: pathOf(...path), message }];
  }
}

/** Whether the value is not there at all. Checks across keys (`custom`) complain about keys that they do not look at. */
function missing(issue: z.core.$ZodIssue): boolean {
  return issue.input === undefined && issue.code !== "custom";
}

/** Of a union, the branch that came furthest is the one that the writer meant. */
function unionProblems(issue: z.core.$ZodIssueInvalidUnion, path: readonly PropertyKey[]): Problem[] {
  const depth = (issues: readonly z.core.$ZodIssue[]) => Math.max(0, ...issues.map((inner) => inner.path.length));
  const branches = issue.errors.filter((branch) => branch.length > 0);
  const deepest = branches.sort((a, b) => depth(b) - depth(a))[0];
  if (deepest === undefined || depth(deepest) === 0) return [{ path: pathOf(...path), message: issue.message }];
  return deepest.flatMap((inner) => issueProblems(inner, path));
}
