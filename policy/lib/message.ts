import type { Rule } from "./rule";

/** What a violation says: what is wrong, what to change, and what happens otherwise. */
export function messageOf({ fix, reason }: Pick<Rule, "fix" | "reason">, what: string): string {
  return `${what.replace(/\.$/, "")}. ${fix} (${reason})`;
}
