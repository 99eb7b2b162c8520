import { type Option, type Resource, type Rule, stackRule } from "./rule";
import { entries, isFields, isMissing, text } from "./values";

/** What one resource is excused from, for how long, and why. */
export interface Exemption {
  readonly rule: string;
  /** URN or name of the resource; `*` stands for any text. */
  readonly resource: string;
  readonly reason: string;
  /** Last day on which it holds, as YYYY-MM-DD. */
  readonly expires: string;
}

/** An exemption that may be used, and a problem where one may not. */
export interface ReadExemptions {
  readonly valid: readonly Exemption[];
  readonly problems: readonly string[];
}

const KEYS = ["rule", "resource", "reason", "expires"] as const;
const SHORTEST_REASON = 10;

/** Reads a list of exemptions; what is malformed or expired exempts nothing. */
export function readExemptions(value: unknown, rules: ReadonlySet<string>, today: string): ReadExemptions {
  if (value === undefined) return { valid: [], problems: [] };
  if (!Array.isArray(value)) return { valid: [], problems: ["exemptions: must be a list"] };
  const read = value.map((item, index) => readOne(item, { place: `exemptions[${index}]`, rules, today }));
  return {
    valid: read.flatMap((one) => ("exemption" in one ? [one.exemption] : [])),
    problems: read.flatMap((one) => ("problem" in one ? [one.problem] : [])),
  };
}

/** Whether a text is a day of the calendar, as YYYY-MM-DD. */
function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(day.valueOf()) && day.toISOString().startsWith(text);
}

interface Surroundings {
  readonly place: string;
  readonly rules: ReadonlySet<string>;
  readonly today: string;
}

function readOne(
  item: unknown,
  { place, rules, today }: Surroundings,
): { readonly exemption: Exemption } | { readonly problem: string } {
  if (!isFields(item)) return { problem: `${place}: must have ${KEYS.join(", ")}` };
  const unknown = entries(item).find(([key]) => !KEYS.some((known) => known === key));
  if (unknown !== undefined) return { problem: `${place}.${unknown[0]}: unknown key` };
  const lacking = KEYS.find((key) => isMissing(item[key]) || typeof item[key] !== "string");
  if (lacking !== undefined) return { problem: `${place}.${lacking}: required, as text` };
  const [rule = "", resource = "", reason = "", expires = ""] = KEYS.map((key) => text(item[key]));
  if (!rules.has(rule) || rule === EXEMPTIONS_RULE) return { problem: `${place}.rule: there is no rule "${rule}"` };
  if (/^[*:]*$/.test(resource)) return { problem: `${place}.resource: name the resource; "${resource}" is every one` };
  if (reason.trim().length < SHORTEST_REASON) return { problem: `${place}.reason: say why, in a sentence` };
  if (!isDay(expires)) return { problem: `${place}.expires: not a day, as in 2027-01-31` };
  if (expires < today) return { problem: `${place}: expired on ${expires}: keep ${rule}, or decide on it again` };
  return { exemption: { rule, resource, reason, expires } };
}

/** The exemption that excuses a resource from a rule. */
export function exemptionOf(
  rule: Pick<Rule, "name">,
  resource: Pick<Resource, "urn" | "name">,
  exemptions: readonly Exemption[],
): Exemption | undefined {
  return exemptions.find(
    (one) => one.rule === rule.name && (fits(one.resource, resource.urn) || fits(one.resource, resource.name)),
  );
}

function fits(pattern: string, value: string): boolean {
  const escaped = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${escaped.join(".*")}$`, "s").test(value);
}

/** Name of the rule whose configuration holds the exemptions. */
export const EXEMPTIONS_RULE = "exemptions-current";

const list: Option<unknown> = {
  description: `Objects with rule, resource (URN or name, * for any text), reason, and expires (last day, YYYY-MM-DD).`,
  byDefault: [],
  // Whatever it is: the rule says what is wrong with it.
  read: (value) => value,
  schema: { type: "array", items: { type: "object" } },
};

/** The rule about exemptions themselves; `rules` are the names of all the others. */
export function exemptionsRule(rules: () => ReadonlySet<string>): Rule {
  return stackRule<{ exemptions: unknown }>({
    name: EXEMPTIONS_RULE,
    description: "Every exemption is well-formed, has a reason, and has not expired.",
    severity: "high",
    reason: "an exemption that nobody looks at any more is a rule that nobody knows is off",
    fix: "Mend the exemption, renew it with a later day after a review, or remove it and keep the rule.",
    options: { exemptions: list },
    checkStack: ({ today }, report, { exemptions }) => {
      for (const problem of readExemptions(exemptions, rules(), today).problems) report(problem);
    },
  });
}
