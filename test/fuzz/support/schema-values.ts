import fc from "fast-check";
import type { z } from "zod";

/** Values from a JSON Schema: mostly right, as only the program knows what holds across fields and inside a text. */

type Schema = z.core.JSONSchema.JSONSchema;

/** Texts that settings are made of, where a schema only says that it is one. */
const WORDS = [
  ..."10.20.0.0/16 172.18.255.1 10.0.0.0/9 shop.example.com a-b 30s 15m 30d 1Gi 500m 4 20Gi us-east-1".split(" "),
  ..."eu-central-1 1.35 1.34 m7i.large t4g.small control east west data production development cilium".split(" "),
  ..."arn:aws:iam::111122223333:role/one vpc-0123456789abcdef0 https://id.example.com/a x@example.com".split(" "),
  "0 3 * * *",
  "key",
];

/** Deepest nesting that is generated; what is below stays empty. */
const DEPTH = 8;

/** An arbitrary value of a schema. */
export function schemaValue(schema: Schema | boolean | undefined, depth = DEPTH): fc.Arbitrary<unknown> {
  if (schema === undefined || typeof schema === "boolean") return fc.constantFrom<unknown>(...WORDS, 1, true, {}, []);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined && schema.enum.length > 0) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map((one) => schemaValue(one as Schema, depth)));
  switch (schema.type) {
    case "boolean":
      return fc.boolean();
    case "integer":
    case "number":
      return numberOf(schema);
    case "array":
      return listOf(schema, depth);
    case "object":
      return objectOf(schema, depth);
    default:
      return textOf(schema);
  }
}

function numberOf({ minimum, maximum, exclusiveMinimum }: Schema): fc.Arbitrary<number> {
  const min = minimum ?? (typeof exclusiveMinimum === "number" ? exclusiveMinimum + 1 : 0);
  return fc.integer({ min: Math.ceil(min), max: Math.max(Math.ceil(min), Math.floor(maximum ?? min + 100)) });
}

function textOf({ pattern }: Schema): fc.Arbitrary<string> {
  const words = fc.constantFrom(...WORDS);
  if (pattern === undefined) return words;
  try {
    return fc.oneof(words, fc.stringMatching(new RegExp(pattern), { size: "small" }));
  } catch {
    // What fast-check cannot make texts for, such as a look-ahead.
    return words;
  }
}

function listOf({ items, minItems = 0, maxItems }: Schema, depth: number): fc.Arbitrary<unknown[]> {
  if (depth === 0) return fc.constant([]);
  const item = schemaValue(Array.isArray(items) ? undefined : (items as Schema | undefined), depth - 1);
  return fc.array(item, { minLength: minItems, maxLength: Math.min(maxItems ?? 3, minItems + 2) });
}

function objectOf(schema: Schema, depth: number): fc.Arbitrary<object> {
  const { properties = {}, required = [], additionalProperties, propertyNames } = schema;
  if (depth === 0) return fc.constant({});
  const own = Object.entries(properties).map(([key, value]) => [key, schemaValue(value as Schema, depth - 1)] as const);
  const fixed = fc.record(Object.fromEntries(own), { requiredKeys: required.filter((key) => key in properties) });
  if (typeof additionalProperties !== "object") return fixed;
  const names = schemaValue(propertyNames as Schema | undefined, depth - 1).map(String);
  const more = fc.dictionary(names, schemaValue(additionalProperties as Schema, depth - 1), { maxKeys: 2 });
  return fc.tuple(fixed, more).map(([one, other]) => ({ ...other, ...one }));
}
