import { safeParse, type z } from "zod";
import { hasSecret, hasUnknown, isAbsent, isSame, type PropertyMap, plain, secret } from "./wire";

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

export interface Changes {
  readonly replace: readonly string[];
  readonly update: readonly string[];
}

/** One type of resource, as the provider's requests need it. */
export interface Kind {
  /** Whether the resource has a validity, at the end of which it is replaced. */
  readonly expires: boolean;
  check(inputs: PropertyMap): readonly Failure[];
  create(inputs: PropertyMap, now: Date): Promise<Created>;
  /** Names of the inputs that changed, by what the change needs. */
  changes(olds: PropertyMap, news: PropertyMap): Changes;
  withDefaults(inputs: PropertyMap): PropertyMap;
  withSecrets(properties: PropertyMap): PropertyMap;
}

export interface KindSpec<Shape extends z.ZodRawShape> {
  /** Every input, with its default. */
  readonly inputs: z.ZodObject<Shape>;
  /** Inputs and outputs that are secret even if the program does not say so. */
  readonly secrets: readonly string[];
  /** Inputs whose change needs no new resource. */
  readonly inPlace?: readonly string[];
  /** Inputs that keep the value that they had when the program no longer gives one. */
  readonly sticky?: readonly string[];
  readonly expires?: boolean;
  readonly create: (inputs: z.output<z.ZodObject<Shape>>, now: Date) => Promise<Created> | Created;
}

export class ResourceKind<Shape extends z.ZodRawShape> implements Kind {
  readonly expires: boolean;
  private readonly fields: ReadonlyMap<string, z.core.$ZodType>;
  private readonly defaults: ReadonlyMap<string, unknown>;

  constructor(private readonly spec: KindSpec<Shape>) {
    this.expires = spec.expires ?? false;
    this.fields = new Map(Object.entries<z.core.$ZodType>(spec.inputs.shape));
    this.defaults = new Map([...this.fields].map(([name, field]) => [name, defaultOf(field)]));
  }

  check(inputs: PropertyMap): readonly Failure[] {
    const names = new Set([...this.fields.keys(), ...Object.keys(inputs)]);
    return [...names].flatMap((property) => {
      const field = this.fields.get(property);
      const value = inputs[property];
      const reasons = field === undefined ? ["is not known to the stand-in for tls"] : problems(field, value);
      // The engine prints the value of the property that it is told, a secret one too.
      const isPrivate = this.spec.secrets.includes(property) || hasSecret(value);
      return reasons.map((reason) =>
        isPrivate ? { property: "", reason: `${property}: ${reason}` } : { property, reason },
      );
    });
  }

  async create(inputs: PropertyMap, now: Date): Promise<Created> {
    return this.spec.create(this.spec.inputs.parse(plain(inputs)), now);
  }

  changes(olds: PropertyMap, news: PropertyMap): Changes {
    const { inPlace = [] } = this.spec;
    const changed = [...this.fields.keys()].filter((name) => this.isChanged(name, olds[name], news[name]));
    return {
      replace: changed.filter((name) => !inPlace.includes(name)),
      update: changed.filter((name) => inPlace.includes(name)),
    };
  }

  withDefaults(inputs: PropertyMap): PropertyMap {
    const given = Object.entries(inputs).filter(([, value]) => !isAbsent(value));
    const filled = [...this.defaults].filter(([, value]) => value !== undefined);
    return Object.fromEntries([...filled, ...given]);
  }

  withSecrets(properties: PropertyMap): PropertyMap {
    const marked = Object.entries(properties).map(([name, value]) => {
      return [name, this.spec.secrets.includes(name) ? secret(value) : value] as const;
    });
    return Object.fromEntries(marked);
  }

  private isChanged(name: string, old: unknown, given: unknown): boolean {
    // A value that is not known yet may be any: the real provider plans a replacement too.
    if (hasUnknown(given)) return true;
    if (!isAbsent(given)) return !isSame(old, given);
    return !this.spec.sticky?.includes(name) && !isSame(old, this.defaults.get(name));
  }
}

/** What is wrong with an input; a value that is not known yet may be right. */
function problems(field: z.core.$ZodType, value: unknown): readonly string[] {
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
