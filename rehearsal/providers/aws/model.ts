import type { Item, View } from "./account";
import type { Format } from "./formats";
import type { Problem } from "./shape";
import type { Props } from "./values";

/** One call that makes or changes something, with all that a rule may look at. */
export interface Call {
  readonly region: string;
  readonly accountId: string;
  /** Inputs, with the defaults for what is not given. */
  readonly args: Props;
  /** Empty while the id is being made. */
  readonly id: string;
  /** What the account had before; absent when it is being made. */
  readonly old?: Props;
  readonly urn: string;
  readonly view: View;
  /** Ids and ARNs of what the account had before the program, as its settings name them. */
  readonly existing: ReadonlySet<string>;
}

/** Something that an input names. */
export interface Target {
  readonly type: string;
  /** Further types that the same input may name. */
  readonly also?: readonly string[];
  /** What the text names; by id in the region where nothing else is said. */
  readonly find?: (text: string, call: Pick<Call, "view" | "region" | "accountId">) => Item | undefined;
  /** Whether the text names something that is not of this account, and so cannot be looked up. */
  readonly foreign?: (text: string, call: Pick<Call, "accountId">) => boolean;
  /** Code and message for a text that names nothing. */
  readonly missing: (text: string) => readonly [string, string];
}

/** An input that names something, and whether that can go while it is named. */
export interface Reference {
  readonly to: Target;
  readonly holds: boolean;
}

export const to = (target: Target): Reference => ({ to: target, holds: true });
/** Names something that may go first. */
export const loosely = (target: Target): Reference => ({ to: target, holds: false });

/** How a name is made for what the program gives none. */
export interface Autoname {
  readonly field: string;
  readonly longest: number;
  /** Inputs that make the name in another way. */
  readonly unless?: readonly string[];
  readonly prefix?: string;
  readonly lower?: boolean;
}

/** One type of resource: the facts about it, for the engine that is the same for all. */
export interface Model {
  readonly token: string;
  /** Of no region, as IAM. */
  readonly global?: boolean;
  /** Paths of inputs whose change needs a new one. */
  readonly replaceOn: readonly string[];
  /** More of them, by what changes. */
  readonly replaceIf?: (olds: Props, news: Props) => readonly string[];
  /** Paths of lists whose order says something. */
  readonly ordered?: readonly string[];
  readonly autoname?: Autoname;
  /** What AWS fills in. */
  readonly defaults?: Props;
  /** Inputs that the program may give as an object and AWS takes as JSON. */
  readonly json?: readonly string[];
  readonly formats?: Readonly<Record<string, Format>>;
  /** What only several inputs together show, at plan time; what is not known yet is there, without a value. */
  readonly check?: (args: Props) => readonly Problem[];
  readonly references?: Readonly<Record<string, Reference>>;
  /** The id of a new one. */
  readonly id: (call: Call) => string;
  /** What AWS adds, with the id known. */
  readonly outputs?: (call: Call) => Props;
  /** What AWS adds within an input, by the input's name: not known in the preview of a creation. */
  readonly within?: Readonly<Record<string, readonly string[]>>;
  /** Outputs that are not known before an update is done. */
  readonly recomputed?: (changed: readonly string[]) => readonly string[];
  /** Refuses what AWS refuses when one is made or changed. */
  readonly accept?: (call: Call) => void;
  /** Makes what AWS makes with it. */
  readonly created?: (call: Call) => void;
  /** Refuses what AWS refuses when one goes. */
  readonly release?: (call: Call) => void;
  /** Code and message when it cannot go because something else needs it. */
  readonly inUse?: (id: string, by: Item) => readonly [string, string];
  /** Whether its name is still taken when it is gone. */
  readonly lingers?: (call: Call) => boolean;
  /** What is done besides when it is gone. */
  readonly deleted?: (call: Call) => void;
}

/** `aws:ec2/vpc:Vpc` is written `ec2.Vpc` in programs. */
export function shortName(token: string): string {
  const [, module = "", name = ""] = token.split(":");
  const [package_ = ""] = module.split("/");
  return package_ === "index" ? name : `${package_}.${name}`;
}

/** The ARN of something in the call's region, or of what follows `service` where the region is given. */
export function arnOf(
  { region, accountId }: Pick<Call, "region" | "accountId">,
  service: string,
  rest: string,
): string {
  return `arn:aws:${service}:${region}:${accountId}:${rest}`;
}

/** An output that is made once and then stays. */
export function once<T>({ old }: Pick<Call, "old">, name: string, make: () => T): unknown {
  return old?.[name] ?? make();
}

/** Of several inputs exactly one must be there. */
export function exactlyOne(args: Props, names: readonly string[]): Problem[] {
  const found = names.filter((name) => name in args);
  if (found.length === 1) return [];
  const [first = ""] = names;
  if (found.length === 0) return [{ path: first, reason: `one of ${names.join(", ")} must be specified` }];
  return [{ path: found[1] ?? first, reason: `only one of ${found.join(", ")} can be specified` }];
}
