import { ENFORCEMENTS, isEnforcement, type PackConfig } from "./evaluate";
import { nearest } from "./lib/nearest";
import type { Rule } from "./lib/rule";
import { entries, isFields } from "./lib/values";
import { RULES } from "./rules";

const LEVEL = "enforcementLevel";
const EVERY = "all";

/** What is wrong with a configuration of the pack, each with its path; the engine and the evaluation would pass over it. */
export function configProblems(config: PackConfig): string[] {
  const rules = new Map(RULES.map((rule) => [rule.name, rule]));
  return entries(config).flatMap(([name, value]) => {
    const rule = rules.get(name);
    if (rule !== undefined || name === EVERY) return problemsOf(name, value, rule);
    return [`${name}: there is no such rule; did you mean ${nearest(name, [EVERY, ...rules.keys()])}?`];
  });
}

function problemsOf(name: string, value: unknown, rule: Rule | undefined): string[] {
  if (!isFields(value)) return levelProblems(name, value);
  const options = rule?.options ?? {};
  return entries(value).flatMap(([key, given]) => {
    const path = `${name}.${key}`;
    if (key === LEVEL) return levelProblems(path, given);
    const option = options[key];
    if (option === undefined) {
      return [`${path}: there is no such option; did you mean ${nearest(key, [LEVEL, ...Object.keys(options)])}?`];
    }
    return option.read(given) === undefined ? [`${path}: must be ${formOf(option.schema)}`] : [];
  });
}

function levelProblems(path: string, value: unknown): string[] {
  if (isEnforcement(value)) return [];
  const hint = typeof value === "string" ? `; did you mean ${nearestLevel(value)}?` : "";
  return [`${path}: there is no such enforcement: one of ${ENFORCEMENTS.join(", ")}${hint}`];
}

/** What other tools call the same. */
const CALLED: Readonly<Record<string, string>> = {
  off: "disabled",
  none: "disabled",
  warn: "advisory",
  error: "mandatory",
};

function nearestLevel(value: string): string | undefined {
  return CALLED[value.toLowerCase()] ?? nearest(value, ENFORCEMENTS);
}

function formOf({ type, minimum }: Rule["options"][string]["schema"]): string {
  if (type === "array") return "a list of texts";
  return type === "integer" ? `a whole number${minimum === undefined ? "" : ` from ${minimum}`}` : `a ${type}`;
}
