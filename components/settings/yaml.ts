import { readFileSync } from "node:fs";
import { type ParseOptions, parseDocument, type SchemaOptions, type YAMLParseError, type YAMLWarning } from "yaml";
import { legible, type Problem } from "./problems";

/** Keys are texts, as a list or an object in the place of one would be made into a text that nobody wrote. */
export const YAML_OPTIONS: ParseOptions & SchemaOptions = { stringKeys: true };

/** Parses one YAML file; duplicate keys and syntax errors become problems with their lines. */
export function parseYaml(file: string, shown: string): { value: unknown; problems: Problem[] } {
  try {
    const document = parseDocument(readFileSync(file, "utf8"), YAML_OPTIONS);
    const problems = yamlProblems([...document.errors, ...document.warnings], shown);
    if (problems.length > 0) return { value: undefined, problems };
    // Aliases are resolved only now. One within what it stands for has no end, and cannot be settings.
    const value: unknown = document.toJS();
    JSON.stringify(value);
    return { value, problems };
  } catch (error) {
    return { value: undefined, problems: [yamlFailure(error, shown)] };
  }
}

/** Complaints that each stand for themselves; any other one is followed by complaints that follow from it. */
const SINGLE: readonly string[] = ["DUPLICATE_KEY", "NON_STRING_KEY", "TAG_RESOLVE_FAILED", "BAD_ALIAS"];

/** What the parser complains about in a file, with its lines. */
export function yamlProblems(errors: readonly (YAMLParseError | YAMLWarning)[], shown: string): Problem[] {
  const first = errors.find(({ code }) => !SINGLE.includes(code));
  const telling = errors.filter((error) => error === first || SINGLE.includes(error.code));
  return legible(telling.map((error) => yamlProblem(error, shown)));
}

function yamlProblem({ code, message, linePos }: YAMLParseError | YAMLWarning, shown: string): Problem {
  const path = `${shown}${linePos === undefined ? "" : `:${linePos[0].line}`}`;
  if (code === "MULTIPLE_DOCS") return { path, message: "holds several documents; write one" };
  if (code === "NON_STRING_KEY") return { path, message: "a list or an object stands where a key should be" };
  return { path, message: wordingOf(message) };
}

/** What stopped the parser, as a problem of the file. */
export function yamlFailure(error: unknown, shown: string): Problem {
  return { path: shown, message: wordingOf(error instanceof Error ? error.message : String(error)) };
}

function wordingOf(message: string): string {
  if (/call stack/.test(message)) return "is nested too deeply to be read";
  if (/circular structure/.test(message)) return "an alias stands within what it is an alias of";
  return (message.split("\n")[0] ?? message).replace(/ at line \d+, column \d+:$/, "");
}
