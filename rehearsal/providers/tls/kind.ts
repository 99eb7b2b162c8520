import type { CheckFailure } from "@pulumi/pulumi/provider";
import { safeParse, z } from "zod";
import { given, hasSecret, hasUnknown, isSame, type PropertyMap, plain, secret } from "./wire";
import { PemConverter } from "./x509";

/** Inputs whose change needs no new resource. */
export const IN_PLACE: readonly string[] = ["earlyRenewalHours"];
/** Inputs that keep the value that they had when the program no longer gives one. */
const STICKY: readonly string[] = ["maxPathLength"];

/** Id and outputs, without the inputs, which become outputs by themselves. */
export type Created = readonly [string, PropertyMap];

/** One type of resource. */
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

/** An input of a PEM, parsed; the problem says what is wrong with it, and never quotes it. */
export function pemOf<T>(what: string, parse: (pem: string) => T) {
  return z.string().transform((pem, context): T => {
    try {
      if (!PemConverter.isPem(pem)) throw new Error("is no PEM");
      return parse(pem);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      context.addIssue({ code: "custom", message: `failed to parse ${what}: ${reason}` });
      return z.NEVER;
    }
  });
}

/** What is wrong with the inputs; one that is not known yet may be right. */
export function check({ inputs }: Kind, values: PropertyMap): CheckFailure[] {
  const news = given(values);
  const known = Object.entries(news).filter(([, value]) => !hasUnknown(value));
  const result = inputs.safeParse(plain(Object.fromEntries(known)), {
    error: ({ input }) => (input === undefined ? "is required" : undefined),
  });
  const strangers = Object.keys(news).filter((name) => !Object.hasOwn(inputs.shape, name));
  const problems = [
    ...strangers.map((name) => [name, "is not known to the stand-in for tls"] as const),
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

/** Names of the inputs that changed. */
export function changed({ inputs, defaults }: Kind, olds: PropertyMap, news: PropertyMap): string[] {
  return Object.keys(inputs.shape).filter((name) => {
    const value = news[name];
    // A value that is not known yet may be any: the real provider plans a replacement too.
    if (hasUnknown(value)) return true;
    if (!isSame(value, null)) return !isSame(olds[name], value);
    return !STICKY.includes(name) && !isSame(olds[name], defaults[name]);
  });
}

/** Marks as secret what is, even if the program does not say so. */
export function withSecrets(properties: PropertyMap): PropertyMap {
  const entries = Object.entries(properties);
  return Object.fromEntries(entries.map(([name, value]) => [name, isPrivate(name) ? secret(value) : value]));
}

const isPrivate = (property: string): boolean => /privateKey/i.test(property);
