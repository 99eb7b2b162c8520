import type { Json } from "./settings";
import { object } from "./stack";

/** A JSON schema, such as that of a CustomResourceDefinition, as far as this looks at it. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly propertyNames?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly "x-kubernetes-int-or-string"?: boolean;
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
}

/** Fields that every object has beside those of its definition. */
const OBJECT: Readonly<Record<string, Schema>> = {
  apiVersion: { type: "string" },
  kind: { type: "string" },
  metadata: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
};

/**
 * Why an API server would refuse an object, or drop a part of it: stricter than a server, which prunes unknown fields
 * without a word. It checks structure, and no rules in CEL.
 */
export function definitionProblems(definition: Json, resource: Json): string[] {
  const { versions, names, group } = object(definition.spec);
  const [, version] = String(resource.apiVersion).split("/");
  const found = (versions as readonly Json[]).find((one) => one.name === version);
  if (found === undefined || found.served !== true) return [`apiVersion: ${resource.apiVersion} is not served`];
  if (resource.apiVersion !== `${group}/${version}`) return [`apiVersion: ${resource.apiVersion} is of another group`];
  if (resource.kind !== object(names).kind) return [`kind: ${resource.kind} is not ${object(names).kind}`];
  const { openAPIV3Schema } = object(found.schema) as { openAPIV3Schema: Schema };
  return problems({ ...openAPIV3Schema, properties: { ...openAPIV3Schema.properties, ...OBJECT } }, resource, "");
}

/** Checks of a value by the type that its schema asks for. */
const BY_TYPE: Readonly<Record<string, (schema: Schema, value: unknown, path: string) => string[]>> = {
  object: (schema, value, path) => (isObject(value) ? objectProblems(schema, value, path) : [`${path}: no object`]),
  array: ({ items = {} }, value, path) => {
    if (!Array.isArray(value)) return [`${path}: no list`];
    return value.flatMap((entry, index) => problems(items, entry, `${path}[${index}]`));
  },
  string: (schema, value, path) =>
    typeof value === "string" ? textProblems(schema, value, path) : [`${path}: no text`],
  integer: (_, value, path) => (Number.isInteger(value) ? [] : [`${path}: no whole number`]),
  number: (_, value, path) => (typeof value === "number" ? [] : [`${path}: no number`]),
  boolean: (_, value, path) => (typeof value === "boolean" ? [] : [`${path}: no boolean`]),
};

/** Why a schema refuses a value; what it does not name is refused, unless it says that it may be there. */
export function structureProblems(schema: object, value: unknown): string[] {
  return problems(schema, value, "");
}

function problems(schema: Schema, value: unknown, path: string): string[] {
  if (schema["x-kubernetes-int-or-string"]) {
    return typeof value === "string" || Number.isInteger(value) ? [] : [`${path}: no number or text`];
  }
  const branches = schema.anyOf ?? schema.oneOf ?? [];
  const found = branches.map((branch) => problems(branch, value, path)).sort((a, b) => a.length - b.length);
  return [...valueProblems(schema, value, path), ...(found[0] ?? [])];
}

function valueProblems(schema: Schema, value: unknown, path: string): string[] {
  const { type = "" } = schema;
  if ("const" in schema && schema.const !== value) return [`${path}: not ${schema.const}`];
  if (schema.enum !== undefined && !schema.enum.includes(value)) return [`${path}: none of ${schema.enum.join(", ")}`];
  if (typeof type === "string") return BY_TYPE[type]?.(schema, value, path) ?? [];
  return type.some((one) => valueProblems({ ...schema, type: one }, value, path).length === 0)
    ? []
    : [`${path}: no ${type.join(" or ")}`];
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function objectProblems(schema: Schema, value: Json, path: string): string[] {
  const { properties = {}, additionalProperties, required = [], propertyNames = {} } = schema;
  const below = (key: string) => (path === "" ? key : `${path}.${key}`);
  const missing = required.filter((key) => value[key] === undefined).map((key) => `${below(key)}: required`);
  const given = Object.entries(value).filter(([, inner]) => inner !== undefined);
  const found = given.flatMap(([key, inner]) => {
    const known = properties[key];
    if (known !== undefined) return problems(known, inner, below(key));
    if (typeof additionalProperties === "object") {
      return [...problems(propertyNames, key, below(key)), ...problems(additionalProperties, inner, below(key))];
    }
    return additionalProperties === true || schema["x-kubernetes-preserve-unknown-fields"]
      ? []
      : [`${below(key)}: unknown`];
  });
  return [...missing, ...found];
}

function textProblems(
  { pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY }: Schema,
  value: string,
  path: string,
): string[] {
  if (value.length < minLength || value.length > maxLength) return [`${path}: ${minLength} to ${maxLength} characters`];
  return pattern === undefined || new RegExp(pattern).test(value) ? [] : [`${path}: does not match ${pattern}`];
}
