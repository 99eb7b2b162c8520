import { type Item, keyOf, type View } from "./account";
import { AwsError } from "./errors";
import { type Call, type Model, type Reference, shortName, type Target } from "./model";
import { texts } from "./values";

/** The item that a text names, or `undefined`. */
export function resolve(
  target: Target,
  text: string,
  call: Pick<Call, "view" | "region" | "accountId">,
): Item | undefined {
  const found = target.find?.(text, call) ?? (target.find === undefined ? byId(target, text, call) : undefined);
  return found?.scheduled === true ? undefined : found;
}

function byId({ type }: Target, text: string, { view, region }: Pick<Call, "view" | "region">): Item | undefined {
  return view.get(type, text, region) ?? view.get(type, text, "");
}

/** Refuses inputs that name what is not there. */
export function requireReferences(model: Model, call: Call): void {
  for (const [path, { to }] of Object.entries(model.references ?? {})) {
    for (const text of texts(call.args, path)) {
      if (isKnown(to, text, call)) continue;
      const [code, message] = to.missing(text);
      throw new AwsError(code, message);
    }
  }
}

/** Whether a text names something: of the account, of another one, or of what was there before the program. */
export function isKnown(target: Target, text: string, call: Call): boolean {
  return call.existing.has(text) || target.foreign?.(text, call) === true || resolve(target, text, call) !== undefined;
}

/** What names an item and needs it. */
export function neededBy(
  item: Item,
  models: ReadonlyMap<string, Model>,
  { view, accountId }: Pick<Call, "view" | "accountId">,
): Item | undefined {
  return view.everything().find((other) => {
    if (other.owner === keyOf(item) || other.scheduled || keyOf(other) === keyOf(item)) return false;
    const references = Object.entries(models.get(other.type)?.references ?? {});
    return references.some(([path, reference]) =>
      holds(reference, texts(other.state, path), item, { other, view, accountId }),
    );
  });
}

function holds(
  { to, holds: isHolding }: Reference,
  named: readonly string[],
  item: Item,
  { other, view, accountId }: { other: Item; view: View; accountId: string },
): boolean {
  if (!isHolding || ![to.type, ...(to.also ?? [])].includes(item.type)) return false;
  return named.some((text) => {
    const found = resolve(to, text, { view, region: other.region, accountId });
    return found !== undefined && keyOf(found) === keyOf(item);
  });
}

export function inUseError(model: Model, item: Item, by: Item): AwsError {
  const [code, message] = model.inUse?.(item.id, by) ?? [
    "DependencyViolation",
    `resource ${item.id} has a dependent object`,
  ];
  return new AwsError(code, `${message} (${shortName(by.type)} ${by.id})`);
}
