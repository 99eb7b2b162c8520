import type { CheckFailure } from "@pulumi/pulumi/provider";
import { safeParse, type z } from "zod";
import { given, hasSecret, hasUnknown, isSame, type PropertyMap, plain } from "./wire";

/** Id and outputs, without the inputs, which become outputs by themselves. */
export type Created = readonly [string, PropertyMap];

/** One type of resource that exists in the state only. */
export interface Kind {
  readonly inputs: z.ZodObject;
  readonly defaults: PropertyMap;
  create(inputs: PropertyMap, now: Date): Promise<Created>;
}

export function makeKind<Shape extends z.ZodRawShape>(
  inputs: z.ZodObject<Shape>,
  create: (inputs: z.output<z.ZodObject<Shape>>, now: Date) => Promise<Created>,
): Kind {
  const fields = Object.entries<z.core.$ZodType>(inputs.shape);
  return {
    inputs,
    defaults: given(Object.fromEntries(fields.map(([name, field]) => [name, safeParse(field, undefined).data]))),
    create: async (values, now) => create(inputs.parse(plain(given(values))), now),
  };
}

/** The type token is at the end of a URN: `urn:pulumi:stack::project::parent$type::name`. */
export function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").pop() ?? "";
}

/** What {@link check} is told of the provider. */
export interface CheckOptions {
  /** The provider's name. */
  readonly provider: string;
  /** Whether a value of this property is secret even if the program does not say so. */
  readonly isPrivate?: (property: string) => boolean;
}

/** What is wrong with the inputs; one that is not known yet may be right. */
export function check(
  { inputs }: Kind,
  values: PropertyMap,
  { provider, isPrivate = () => false }: CheckOptions,
): CheckFailure[] {
  const news = given(values);
  const known = Object.entries(news).filter(([, value]) => !hasUnknown(value));
  const result = inputs.safeParse(plain(Object.fromEntries(known)), {
    error: ({ input }) => (input === undefined ? "is required" : undefined),
  });
  const strangers = Object.keys(news).filter((name) => !Object.hasOwn(inputs.shape, name));
  const problems = [
    ...strangers.map((name) => [name, `is not known to the stand-in for ${provider}`] as const),
    ...(result.error?.issues ?? [])
      .map(({ path: [name, ...path], message }) => [String(name), [...path, message].join(": ")] as const)
      .filter(([name]) => !hasUnknown(news[name])),
  ];
  return problems.map(([property, reason]) => {
    // The engine prints the value of the property that it is told, a secret one too.
    const isHidden = isPrivate(property) || hasSecret(news[property]);
    return isHidden ? { property: "", reason: `${property}: ${reason}` } : { property, reason };
  });
}

/**
 * Names of the inputs that changed.
 * @param sticky Inputs that keep the value that they had when the program no longer gives one.
 */
export function changed(
  { inputs, defaults }: Kind,
  olds: PropertyMap,
  news: PropertyMap,
  sticky: readonly string[] = [],
): string[] {
  return Object.keys(inputs.shape).filter((name) => {
    const value = news[name];
    // A value that is not known yet may be any: the real provider plans a replacement too.
    if (hasUnknown(value)) return true;
    if (!isSame(value, null)) return !isSame(olds[name], value);
    return !sticky.includes(name) && !isSame(olds[name], defaults[name]);
  });
}
