import * as rpc from "@pulumi/pulumi/runtime/rpc";

type Json = unknown;
type JsonObject = Readonly<Record<string, Json>>;

/**
 * A value as plain JSON in which an output stays visible as an envelope with its value (absent while
 * unknown), whether it is secret, and its dependencies.
 */
export async function wire(value: unknown): Promise<Json> {
  return rpc.serializeProperty("", value, new Set(), { keepOutputValues: true });
}

export function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isOutput(value: Json): value is JsonObject {
  return isObject(value) && value[rpc.specialSigKey] === rpc.specialOutputValueSig;
}

/** Known, not secret, and from no resource: the real component takes such an output as its value. */
function isPlainOutput(value: JsonObject): boolean {
  const { dependencies } = value;
  const isIndependent = !Array.isArray(dependencies) || dependencies.length === 0;
  return "value" in value && value.secret !== true && isIndependent;
}

/** What the real component can read only as a plain value, at this level. */
export function plainHere(value: Json, path: string): Json {
  if (!isOutput(value)) return value;
  if (isPlainOutput(value)) return plainHere(value.value, path);
  throw new Error(
    `${path}: expected destination type to implement pulumi.Input or pulumi.Output (the component takes no secret here, and no output of a resource)`,
  );
}

/** What the real component can read only as a plain value, at every level. */
export function plainDeep(value: Json, path: string): Json {
  const here = plainHere(value, path);
  if (Array.isArray(here)) return here.map((item, at) => plainDeep(item, `${path}[${at}]`));
  if (!isObject(here)) return here;
  return Object.fromEntries(Object.entries(here).map(([key, item]) => [key, plainDeep(item, `${path}.${key}`)]));
}

/**
 * What the real component makes of a value below the first level of Helm values: whatever is not
 * known yet becomes nothing, and a secret is no longer one.
 */
export function flattened(value: Json): Json {
  if (isOutput(value)) return "value" in value ? flattened(value.value) : null;
  if (Array.isArray(value)) return value.map(flattened);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, flattened(item)]));
}

/** Without the entries of objects that are null, as Go's SDK sends them. */
export function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== null && item !== undefined);
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutNulls(item)]));
}
