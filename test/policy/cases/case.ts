import type { Json } from "../../support/settings";

/** A resource of a case. */
export interface Made {
  readonly type: string;
  /** Default: `main`. */
  readonly name?: string;
  /** Inputs; secrets by {@link secret}. */
  readonly props: Json;
  /** Cluster that a resource of Kubernetes is in: its provider's name. Default: one of the case's own. */
  readonly cluster?: string;
  /** Tags of the provider of AWS. Default: those that every resource has to have. */
  readonly defaultTags?: Readonly<Record<string, string>>;
  /** Names of resources that it waits for. */
  readonly waitsFor?: readonly string[];
}

/** One way of being bad: one field of one resource is another one, or a resource is not there. */
export interface Bad {
  readonly what: string;
  /** Name of the resource that is broken or that goes. Default: `main`. */
  readonly of?: string;
  /** Path of the field; absent where the resource goes. */
  readonly at?: readonly string[];
  /** The bad value; absent where the field goes. */
  readonly is?: unknown;
  /** A resource that is there as well, and is what is bad. */
  readonly adds?: Made;
  /** Name of the resource that the violation is of. Default: that of `of`. */
  readonly blamed?: string;
}

/** A rule, what it likes, and every way of displeasing it. */
export interface Case {
  readonly rule: string;
  readonly good: readonly Made[];
  readonly bad: readonly Bad[];
}

/** Key of Pulumi's mark. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** A secret as it travels. */
export function secret(value: unknown): Json {
  return { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value };
}

/** A value that is not known yet, as it travels. */
export const UNKNOWN_WIRE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export const DEFAULT_TAGS = { stack: "test", cluster: "main" };

/** `value` with what stands at `path` replaced by `is`, or removed. */
export function broken(value: unknown, path: readonly string[], is: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return is;
  if (Array.isArray(value)) {
    const inner = broken(value[Number(key)], rest, is);
    if (rest.length === 0 && is === undefined) return value.filter((_, index) => index !== Number(key));
    return Object.assign([...value], { [Number(key)]: inner });
  }
  const fields = typeof value === "object" && value !== null ? (value as Json) : {};
  if (rest.length > 0 || is !== undefined) return { ...fields, [key]: broken(fields[key], rest, is) };
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== key));
}

/** Name of the resource that a violation has to be of. */
export function blamedBy({ blamed, adds, of = "main" }: Bad): string {
  return blamed ?? adds?.name ?? of;
}

/** The resources of a case after it was broken. */
export function afterBad({ good }: Pick<Case, "good">, { of = "main", at, is, adds }: Bad): Made[] {
  if (adds !== undefined) return [...good, adds];
  if (at === undefined) return good.filter(({ name = "main" }) => name !== of);
  return good.map((made) =>
    (made.name ?? "main") === of ? { ...made, props: broken(made.props, at, is) as Json } : made,
  );
}

/** An object of Kubernetes. */
export function object(token: string, more: Json, metadata: Json = {}): Made {
  const [, apiVersion = "", kind = ""] = /^(.+):([^:]+)$/.exec(token) ?? [];
  return {
    type: `kubernetes:${token}`,
    props: {
      apiVersion: apiVersion.replace(/^core\//, ""),
      kind,
      metadata: { name: "it", namespace: "platform", ...metadata },
      ...more,
    },
  };
}

/** A release of a chart of the platform, at the version that is pinned. */
export function release(
  chart: { readonly chart: string; readonly version: string; readonly repository: string },
  values: Json,
): Made {
  return {
    type: "kubernetes:helm.sh/v3:Release",
    props: {
      chart: chart.repository.startsWith("oci:") ? chart.repository : chart.chart,
      version: chart.version,
      name: chart.chart,
      namespace: "platform",
      atomic: false,
      ...(chart.repository.startsWith("oci:") ? {} : { repositoryOpts: { repo: chart.repository } }),
      values,
    },
  };
}
