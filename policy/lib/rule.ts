import type { Fields } from "./values";
import type { SecretPaths } from "./wire";

export type Severity = "low" | "medium" | "high" | "critical";
export type Enforcement = "advisory" | "mandatory" | "remediate" | "disabled";

/** A resource as rules see it. */
export interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly props: Fields;
  /** Which of `props` are secrets; absent where that cannot be told, as with what stack rules see. */
  readonly secrets?: SecretPaths;
  readonly protect: boolean;
  readonly provider?: Provider;
  /** URNs of what it waits for. */
  readonly dependencies: readonly string[];
}

/** What manages a resource. */
export interface Provider {
  readonly name: string;
  readonly props: Fields;
}

/** One setting of a rule: its schema for people and for Pulumi, and its default. */
export interface Option<T> {
  readonly description: string;
  readonly schema: OptionSchema;
  readonly byDefault: T;
  /** Reads what a configuration says; nothing where it is not of the right form. */
  readonly read: (value: unknown) => T | undefined;
}

export interface OptionSchema {
  readonly type: "array" | "integer" | "string" | "boolean";
  readonly items?: object;
  readonly minimum?: number;
}

export type Options<O> = { readonly [K in keyof O]: Option<O[K]> };

interface RuleBase<O> {
  /** Begins with its topic. */
  readonly name: string;
  /** What must hold, in one sentence. */
  readonly description: string;
  readonly severity: Severity;
  /** What happens otherwise. */
  readonly reason: string;
  /** What to change. */
  readonly fix: string;
  /** Default: mandatory. */
  readonly enforcement?: Enforcement;
  readonly options: Options<O>;
}

/** Says what is wrong; values are never part of it, as they may be secrets. */
export type Report = (what: string) => void;

/** A value that is put where nothing stands. */
export interface Addition {
  readonly path: readonly string[];
  readonly value: string;
}

/** A rule about one resource by itself. */
export interface ResourceRule<O> extends RuleBase<O> {
  readonly appliesTo: TypeFilter;
  readonly check: (resource: Resource, report: Report, options: O) => void;
  /** What to add to the inputs, where that is mechanical. */
  readonly remedy?: (resource: Resource, options: O) => readonly Addition[];
}

/** A rule about what must exist in a stack. */
export interface StackRule<O> extends RuleBase<O> {
  readonly checkStack: (stack: StackView, report: (what: string, resource?: Resource) => void, options: O) => void;
}

/** Which types of resources a rule is about; one type is told to Pulumi, which then asks less often. */
export interface TypeFilter {
  readonly only?: string;
  readonly matches: (type: string) => boolean;
}

/** All resources of a stack. */
export interface StackView {
  /** The day, as YYYY-MM-DD. */
  readonly today: string;
  readonly resources: readonly Resource[];
  readonly ofType: (types: TypeFilter) => readonly Resource[];
}

/** Rules of all options in one list. */
export type Rule = AnyResourceRule | AnyStackRule;
/** A rule whose options are bound to it: what reads them is beside what uses them. */
export interface AnyResourceRule extends Bound {
  readonly kind: "resource";
  readonly appliesTo: TypeFilter;
  readonly check: (resource: Resource, report: Report, config: Fields) => void;
  readonly remedy?: (resource: Resource, config: Fields) => readonly Addition[];
}
export interface AnyStackRule extends Bound {
  readonly kind: "stack";
  readonly checkStack: (stack: StackView, report: (what: string, resource?: Resource) => void, config: Fields) => void;
}
interface Bound extends Omit<RuleBase<unknown>, "options" | "enforcement"> {
  readonly enforcement: Enforcement;
  readonly options: Readonly<Record<string, Option<unknown>>>;
}

type Without<R> = Omit<R, "options">;
type Given<R, O> = Without<R> & { readonly options?: Options<O> };

/** Declares a rule about single resources. */
export function resourceRule<O = Fields>(rule: Given<ResourceRule<O>, O>): AnyResourceRule {
  const { check, remedy, options = {} as Options<O>, ...rest } = rule;
  return {
    ...rest,
    kind: "resource",
    enforcement: rule.enforcement ?? "mandatory",
    options,
    check: (resource, report, config) => check(resource, report, readOptions(options, config)),
    remedy: remedy && ((resource, config) => remedy(resource, readOptions(options, config))),
  };
}

/** Declares a rule about a whole stack. */
export function stackRule<O = Fields>(rule: Given<StackRule<O>, O>): AnyStackRule {
  const { checkStack, options = {} as Options<O>, ...rest } = rule;
  return {
    ...rest,
    kind: "stack",
    enforcement: rule.enforcement ?? "mandatory",
    options,
    checkStack: (stack, report, config) => checkStack(stack, report, readOptions(options, config)),
  };
}

/** What a configuration says of a rule's options, with defaults for the rest. */
function readOptions<O>(options: Options<O>, config: Fields): O {
  const read = Object.entries<Option<unknown>>(options).map(([key, option]) => [
    key,
    config[key] === undefined ? option.byDefault : (option.read(config[key]) ?? option.byDefault),
  ]);
  return Object.fromEntries(read) as O;
}

/** An option that is a list of texts. */
export function textList(description: string, byDefault: readonly string[]): Option<readonly string[]> {
  const read = (value: unknown) =>
    Array.isArray(value) && value.every((item) => typeof item === "string") ? value : undefined;
  return { description, byDefault, read, schema: { type: "array", items: { type: "string" } } };
}

/** An option that is a whole number. */
export function wholeNumber(description: string, byDefault: number): Option<number> {
  const read = (value: unknown) => (Number.isInteger(value) ? Number(value) : undefined);
  return { description, byDefault, read, schema: { type: "integer", minimum: 0 } };
}

/** One type. */
export function type(token: string): TypeFilter {
  return { only: token, matches: (other) => other === token };
}

/** Several types. */
export function types(...tokens: readonly string[]): TypeFilter {
  const set = new Set(tokens);
  return { matches: (other) => set.has(other) };
}

/** A kind of Kubernetes in every version of its group, also as a patch of an object that is there; the core has no group. */
export function kinds(group: string, ...names: readonly string[]): TypeFilter {
  const set = new Set(names.flatMap((name) => [name, `${name}Patch`]));
  const prefix = `kubernetes:${group}/`;
  return { matches: (other) => other.startsWith(prefix) && set.has(other.slice(other.lastIndexOf(":") + 1)) };
}

/** What any of several filters admits. */
export function anyOf(...filters: readonly TypeFilter[]): TypeFilter {
  return { matches: (other) => filters.some(({ matches }) => matches(other)) };
}
