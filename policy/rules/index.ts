import { exemptionsRule } from "../lib/exemptions";
import type { Rule } from "../lib/rule";
import * as workloads from "./workloads";

/** This day, as YYYY-MM-DD in UTC. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

let names: ReadonlySet<string> | undefined;

/** Names of all rules. */
export function ruleNames(): ReadonlySet<string> {
  names ??= new Set(RULES.map(({ name }) => name));
  return names;
}

/** Rules by topic, in the order of their files. */
const BY_TOPIC: readonly Readonly<Record<string, unknown>>[] = [workloads];

function isRule(value: unknown): value is Rule {
  return typeof value === "object" && value !== null && "kind" in value && "severity" in value;
}

/** Every rule of the pack. That about exemptions is first, as it tells the others of them. */
export const RULES: readonly Rule[] = [
  exemptionsRule(ruleNames, today),
  ...BY_TOPIC.flatMap((topic) => Object.values(topic).filter(isRule)),
];
