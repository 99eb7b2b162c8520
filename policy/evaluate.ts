import { withAdditions } from "./lib/additions";
import { EXEMPTIONS_RULE, type Exemption, exemptionOf, readExemptions } from "./lib/exemptions";
import { messageOf } from "./lib/message";
import { isRendered } from "./lib/rendered";
import type { AnyResourceRule, AnyStackRule, Enforcement, Resource, Rule, Severity } from "./lib/rule";
import { stackView } from "./lib/stack";
import { type Fields, isFields } from "./lib/values";
import { readInputs } from "./lib/wire";
import { RULES, ruleNames, today } from "./rules";

/** A resource as a program registers it. */
export interface RecordedResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Inputs as they travel to the engine, with Pulumi's marks of secrets and unknown values. */
  readonly wire: Fields;
  /** Default: false. */
  readonly protect?: boolean;
  /** URN of the provider that manages it. */
  readonly provider?: string;
  /** URNs of what it waits for. */
  readonly dependencies?: readonly string[];
}

/** What `--policy-pack-config` takes: by rule, an enforcement, or options with or without one. `all` is every rule. */
export type PackConfig = Readonly<Record<string, unknown>>;

export interface EvaluateArgs {
  readonly config?: PackConfig;
  /** Day that exemptions are held against, as YYYY-MM-DD. Default: this one. */
  readonly today?: string;
}

export interface Violation {
  readonly rule: string;
  readonly severity: Severity;
  readonly enforcement: "advisory" | "mandatory";
  /** Of the resource, or of nothing where something is missing from the stack. */
  readonly urn: string;
  readonly message: string;
}

/** What an exemption excused. */
export interface Exempted extends Violation {
  readonly reason: string;
  readonly expires: string;
}

export interface Evaluation {
  /** Every rule that was asked. */
  readonly rules: readonly { readonly name: string; readonly severity: Severity; readonly enforcement: Enforcement }[];
  readonly violations: readonly Violation[];
  readonly exempted: readonly Exempted[];
  /** What Pulumi would be given instead of the inputs: labels and tags that were lacking. */
  readonly remediated: readonly { readonly rule: string; readonly urn: string }[];
}

/** Asks the rules of the pack about recorded resources, without an engine: the same rules, and the same messages. */
export function evaluate(recorded: readonly RecordedResource[], args: EvaluateArgs = {}): Evaluation {
  const { config = {} } = args;
  const day = args.today ?? today();
  const options = optionsOf(config, EXEMPTIONS_RULE);
  const exemptions = readExemptions(options.exemptions, ruleNames(), day).valid;
  const asked = RULES.map((rule) => ({ rule, enforcement: enforcementOf(config, rule) })).filter(
    ({ enforcement }) => enforcement !== "disabled",
  );
  const book = new Book(exemptions);
  const resources = readResources(recorded).map((resource) => remedied(resource, asked, config, book));
  for (const resource of resources) for (const one of asked) askResource(one, resource, config, book);
  const stack = stackView(resources, day);
  for (const { rule, enforcement } of asked)
    if (rule.kind === "stack")
      rule.checkStack(
        stack,
        (what, resource) => book.note(rule, enforcement, messageOf(rule, what), resource),
        optionsOf(config, rule.name),
      );
  const rules = asked.map(({ rule: { name, severity }, enforcement }) => ({ name, severity, enforcement }));
  return { rules, ...book.pages };
}

interface Asked<R extends Rule = Rule> {
  readonly rule: R;
  readonly enforcement: Enforcement;
}

function askResource({ rule, enforcement }: Asked, resource: Resource, config: PackConfig, book: Book): void {
  if (rule.kind !== "resource" || !rule.appliesTo.matches(resource.type) || isRendered(resource)) return;
  rule.check(
    resource,
    (what) => book.note(rule, enforcement, messageOf(rule, what), resource),
    optionsOf(config, rule.name),
  );
}

/** A resource after every remedy, as the engine has them applied before rules are asked. */
function remedied(resource: Resource, asked: readonly Asked[], config: PackConfig, book: Book): Resource {
  let here = resource;
  for (const { rule, enforcement } of asked) {
    if (rule.kind !== "resource" || enforcement !== "remediate" || !rule.appliesTo.matches(here.type)) continue;
    if (isRendered(here)) continue;
    if (book.exemption(rule, here) !== undefined) continue;
    const additions = rule.remedy?.(here, optionsOf(config, rule.name)) ?? [];
    if (additions.length === 0) continue;
    book.pages.remediated.push({ rule: rule.name, urn: here.urn });
    here = { ...here, props: withAdditions(here.props, additions) };
  }
  return here;
}

/** What comes out of an evaluation. */
class Book {
  readonly pages = {
    violations: [] as Violation[],
    exempted: [] as Exempted[],
    remediated: [] as { rule: string; urn: string }[],
  };

  constructor(private readonly exemptions: readonly Exemption[]) {}

  exemption(rule: Rule, resource: Resource): Exemption | undefined {
    return exemptionOf(rule, resource, this.exemptions);
  }

  note(rule: AnyResourceRule | AnyStackRule, enforcement: Enforcement, message: string, resource?: Resource): void {
    const violation: Violation = {
      rule: rule.name,
      severity: rule.severity,
      enforcement: enforcement === "advisory" ? "advisory" : "mandatory",
      urn: resource?.urn ?? "",
      message,
    };
    const exemption = resource && this.exemption(rule, resource);
    if (exemption === undefined) this.pages.violations.push(violation);
    else this.pages.exempted.push({ ...violation, reason: exemption.reason, expires: exemption.expires });
  }
}

function readResources(recorded: readonly RecordedResource[]): Resource[] {
  const read = new Map(recorded.map((one) => [one.urn, { one, ...readInputs(one.wire) }]));
  return [...read.values()].map(({ one, props, secrets }) => {
    const provider = one.provider === undefined ? undefined : read.get(one.provider);
    return {
      urn: one.urn,
      type: one.type,
      name: one.name,
      props,
      secrets,
      protect: one.protect ?? false,
      provider: provider && { name: provider.one.name, props: provider.props },
      dependencies: one.dependencies ?? [],
    };
  });
}

/** What a rule may be set to. */
export const ENFORCEMENTS = ["advisory", "mandatory", "remediate", "disabled"] as const satisfies Enforcement[];

export function isEnforcement(value: unknown): value is Enforcement {
  return ENFORCEMENTS.some((one) => one === value);
}

function enforcementOf(config: PackConfig, { name, enforcement }: Rule): Enforcement {
  const said = [config[name], config.all].map((value) => (isFields(value) ? value.enforcementLevel : value));
  return said.find(isEnforcement) ?? enforcement;
}

function optionsOf(config: PackConfig, rule: string): Fields {
  const value = config[rule];
  return isFields(value) ? value : {};
}
