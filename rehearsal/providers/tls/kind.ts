import { safeParse, type z } from "zod";
import { hasUnknown, isAbsent, isSame, isSecret, plain, type PropertyMap, secret } from "./wire";

export interface Created {
  readonly id: string;
  /** Without the inputs, which become outputs by themselves. */
  readonly outputs: PropertyMap;
}

export interface Failure {
  /** Empty where the property's value must not be shown. */
  readonly property: string;
  readonly reason: string;
}

interface KindSpec<Shape extends z.ZodRawShape> {
  /** Every input, with its default. */
  readonly inputs: z.ZodObject<Shape>;
  /** Inputs and outputs that are secret even if the program does not say so. */
  readonly secrets: readonly string[];
  /** Inputs whose change needs no new resource. */
  readonly inPlace?: readonly string[];
  /** Inputs that keep the value that they had when the program no longer gives one. */
  readonly sticky?: readonly string[];
  /** Whether the resource has a validity, at the end of which it is replaced. */
  readonly expires?: boolean;
  readonly create: (inputs: z.output<z.ZodObject<Shape>>, now: Date) => Promise<Created> | Created;
}

/** One type of resource, without its own types: what the provider's requests need. */
export interface Kind {
  readonly expires: boolean;
  readonly check: (inputs: PropertyMap) => readonly Failure[];
  readonly create: (inputs: PropertyMap, now: Date) => Promise<Created>;
  /** Names of the inputs that changed, by what the change needs. */
  readonly changes: (olds: PropertyMap, news: PropertyMap) => { replace: string[]; update: string[] };
  /** The inputs with defaults filled in. */
  readonly withDefaults: (inputs: PropertyMap) => PropertyMap;
  readonly withSecrets: (properties: PropertyMap) => PropertyMap;
}

export function defineKind<Shape extends z.ZodRawShape>(spec: KindSpec<Shape>): Kind {
  const fields = new Map(Object.entries<z.core.$ZodType>(spec.inputs.shape));
  const defaults = new Map([...fields].map(([name, field]) => [name, defaultOf(field)]));
  const { inPlace = [], sticky = [] } = spec;

  const isChanged = (name: string, olds: PropertyMap, news: PropertyMap): boolean => {
    if (isAbsent(news[name]) && sticky.includes(name)) return false;
    // A value that is not known yet may be any: the real provider plans a replacement too.
    if (hasUnknown(news[name])) return true;
    return !isSame(olds[name], isAbsent(news[name]) ? defaults.get(name) : news[name]);
  };

  return {
    expires: spec.expires ?? false,
    check: (inputs) => [
      ...Object.keys(inputs)
        .filter((name) => !fields.has(name))
        .map((property) => ({ property, reason: `the stand-in for tls knows no input "${property}"` })),
      ...[...fields].flatMap(([property, field]) =>
        checkField(field, inputs[property]).map((reason) => {
          // The engine prints the value of a property that it finds, a secret one too.
          const isPrivate = spec.secrets.includes(property) || isSecret(inputs[property]);
          return isPrivate ? { property: "", reason: `${property}: ${reason}` } : { property, reason };
        }),
      ),
    ],
    create: async (inputs, now) => spec.create(spec.inputs.parse(plain(inputs)), now),
    changes: (olds, news) => {
      const changed = [...fields.keys()].filter((name) => isChanged(name, olds, news));
      return {
        replace: changed.filter((name) => !inPlace.includes(name)),
        update: changed.filter((name) => inPlace.includes(name)),
      };
    },
    withDefaults: (inputs) => {
      const given = Object.entries(inputs).filter(([, value]) => !isAbsent(value));
      const filled = [...defaults].filter(([, value]) => value !== undefined);
      return Object.fromEntries([...filled, ...given]);
    },
    withSecrets: (properties) =>
      Object.fromEntries(
        Object.entries(properties).map(([name, value]) => [
          name,
          spec.secrets.includes(name) ? secret(value) : value,
        ]),
      ),
  };
}

/** What is wrong with an input; a value that is not known yet may be right. */
function checkField(field: z.core.$ZodType, value: unknown): readonly string[] {
  if (hasUnknown(value)) return [];
  const known = isAbsent(value) ? undefined : plain(value);
  const result = safeParse(field, known);
  if (result.success) return [];
  if (known === undefined) return ["is required"];
  return result.error.issues.map(({ path, message }) => [...path, message].join(": "));
}

function defaultOf(field: z.core.$ZodType): unknown {
  const result = safeParse(field, undefined);
  return result.success ? result.data : undefined;
}
