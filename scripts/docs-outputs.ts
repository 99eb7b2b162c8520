import { z } from "zod";
import { CONTRACT_VERSION, type OutputFacts, STACK_OUTPUTS } from "../components/stacks";
import { table } from "./docs-settings";

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** The generated part of docs/outputs.md. */
export function outputsPage(): string {
  const outputs = Object.entries(STACK_OUTPUTS);
  const rows = outputs.map(([name, facts]) => [
    `\`${name}\``,
    versionOf(facts),
    facts.secret ? "yes" : "no",
    facts.from,
  ]);
  const readers = outputs.flatMap(([name, facts]) =>
    facts.readers.map(({ who, why, file }) => [`\`${name}\``, who, why, `\`${file}\``]),
  );
  const keys = outputs.flatMap(([name, { schema }]) => (schema === undefined ? [] : [keysSection(name, schema)]));
  return `# Outputs

What a stack tells other stacks: version ${CONTRACT_VERSION} of the contract in \`components/stacks/contract.ts\`, checked on both sides.

${table(["output", "contract", "secret", "put out by"], rows)}

## What reads what

${table(["output", "reader", "what for", "where"], readers)}

${keys.join("\n\n")}`;
}

/** An output that says its version is refused by readers of another one. */
function versionOf({ schema }: OutputFacts): string {
  if (schema === undefined) return "names";
  const { properties } = jsonSchema(schema);
  return properties?.contract === undefined ? `as \`platform\` says` : String(CONTRACT_VERSION);
}

function keysSection(name: string, schema: z.ZodType): string {
  return `## Keys of \`${name}\`\n\n${table(["key", "holds", "always"], keysBelow(jsonSchema(schema), ""))}`;
}

/** The JSON Schema of what stands in an output. */
export function jsonSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: "output", target: "draft-7" }) as JsonSchema;
}

function keysBelow(schema: JsonSchema, path: string): string[][] {
  const { properties = {}, required = [], additionalProperties: each, items } = schema;
  if (isSchema(each)) return keysOf(each, `${path}.<name>`, true);
  if (isSchema(items)) return keysBelow(items, `${path}[]`);
  return Object.entries(properties).flatMap(([key, inner]) => {
    return isSchema(inner) ? keysOf(inner, path === "" ? key : `${path}.${key}`, required.includes(key)) : [];
  });
}

function keysOf(schema: JsonSchema, path: string, always: boolean): string[][] {
  const shown = path.replace(/^\./, "");
  return [[`\`${shown}\``, kindOf(schema), always ? "yes" : "no"], ...keysBelow(schema, path)];
}

function kindOf({ type, enum: values, const: only, items }: JsonSchema): string {
  if (only !== undefined) return `\`${JSON.stringify(only)}\``;
  if (values !== undefined) return values.map((value) => `\`${JSON.stringify(value)}\``).join(", ");
  if (type === "array") return isSchema(items) ? `list of ${kindOf(items)}` : "list";
  return { string: "text", integer: "number", number: "number", boolean: "true or false" }[String(type)] ?? "object";
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
