import type { Resource, StackView, TypeFilter } from "./rule";
import { at, type Fields, isFields, isOpen, json, oneOrMore, text, UNKNOWN } from "./values";

/** A statement of an IAM document, with one value and lists of them alike. */
export interface Statement {
  readonly allows: boolean;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly principals: readonly string[];
  readonly conditions: Fields;
  /** Whether it says what it is not about (NotAction, NotResource, NotPrincipal). */
  readonly inverted: boolean;
}

/** The statements of a document in JSON; none where it is not known. */
export function statementsOf(document: unknown): Statement[] {
  return oneOrMore(at(json(document), "Statement")).flatMap((statement) => {
    if (!isFields(statement)) return [];
    const texts = (value: unknown) => oneOrMore(value).flatMap((one) => text(one) ?? []);
    const { Principal: principal, Condition: condition } = statement;
    const principals = isFields(principal) ? Object.values(principal).flatMap(texts) : texts(principal);
    return [
      {
        allows: statement.Effect === "Allow",
        actions: texts(statement.Action),
        resources: texts(statement.Resource),
        principals,
        conditions: isFields(condition) ? condition : {},
        inverted: ["NotAction", "NotResource", "NotPrincipal"].some((key) => key in statement),
      },
    ];
  });
}

/** The lists of addresses that mean everybody. */
const EVERYBODY: readonly unknown[] = ["0.0.0.0/0", "::/0"];

export function isEverybody(range: unknown): boolean {
  return EVERYBODY.includes(range);
}

/** Name of the stack that a resource is in. */
export function stackOf({ urn }: Resource): string {
  return urn.split(":")[2] ?? "";
}

/**
 * Resources of `types` that belong to another one: that wait for it, or name it by a value that is known. In a preview
 * the name is not, and the dependency is.
 */
export function belongingTo(owner: Resource, field: string, stack: StackView, types: TypeFilter): readonly Resource[] {
  const own = [owner.props.bucket, owner.props.id, owner.name].filter((one) => typeof one === "string");
  return stack.ofType(types).filter((other) => {
    const named = other.props[field];
    return other.dependencies.includes(owner.urn) || own.includes(String(named));
  });
}

/** A list of objects, of which one alone may stand for the list as in some resources of AWS. */
export function blocks(value: unknown): readonly Fields[] {
  return oneOrMore(value).filter(isFields);
}

/** Whether a list of objects, or the one that stands for it, is not known. */
export function isHidden(value: unknown): boolean {
  return value === UNKNOWN || isOpen(value);
}
