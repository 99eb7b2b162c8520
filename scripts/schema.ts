import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { z } from "zod";
import { addonContract } from "../components/addons";
import {
  bootstrapSchema,
  platformSchema,
  shardSchema,
  stackName,
  tenantSchema,
  tenantsSchema,
} from "../components/settings";

/**
 * JSON Schemas of the settings, for completion and checks in editors. They are made from the schemas that the program
 * validates with; what holds across fields is checked by the program alone. Written by `npm run schema`.
 */

type JsonSchema = z.core.JSONSchema.JSONSchema;

const ROOT = resolve(__dirname, "..");

/** Each file below docs/, and what stands in it. */
export function schemaFiles(): Record<string, string> {
  return {
    "settings.schema.json": text(settingsSchema()),
    "tenant.schema.json": text(tenantFileSchema()),
  };
}

function text(schema: JsonSchema): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** A stack's file: the platform and the tenants, and any other configuration. */
function settingsSchema(): JsonSchema {
  const platform = byProfile(
    jsonSchema(platformSchema("development", addonContract.schemas)),
    jsonSchema(platformSchema("production", addonContract.schemas)),
  );
  const from = {
    type: "string",
    minLength: 1,
    description: "A folder with one file a tenant, such as tenants/prod.",
  } as const;
  const folder: JsonSchema = { type: "object", properties: { from }, required: ["from"], additionalProperties: false };
  const tenants: JsonSchema = {
    description: "Tenants inline, or the folder of their files.",
    anyOf: [folder, jsonSchema(tenantsSchema)],
  };
  const config: JsonSchema = {
    type: "object",
    properties: {
      "openchoreo:platform": { description: "Clusters, their mesh and the platform's add-ons.", ...platform },
      "openchoreo:tenants": tenants,
      "openchoreo:platformStack": {
        ...jsonSchema(stackName),
        description: "Instead of the platform: the stack that made it (organization/project/stack), for tenants alone.",
      },
      "openchoreo:shard": jsonSchema(shardSchema),
      "openchoreo:bootstrap": {
        description: "Instead of the others: where stacks keep their states, and the network that `pulumi up` runs in.",
        ...jsonSchema(bootstrapSchema),
      },
    },
  };
  return { $schema: DRAFT, title: "A stack's settings", type: "object", properties: { config } };
}

function tenantFileSchema(): JsonSchema {
  return { $schema: DRAFT, title: "A tenant", ...jsonSchema(tenantSchema) };
}

const DRAFT = "http://json-schema.org/draft-07/schema#";

/** What may be written, before defaults: so a key with a default is not required. */
function jsonSchema(schema: z.ZodType): JsonSchema {
  const {
    $schema: _,
    "~standard": __,
    ...made
  } = z.toJSONSchema(schema, { io: "input", target: "draft-7", override }) as JsonSchema;
  return made;
}

/** Removes what says nothing: bounds of whole numbers as such, and empty defaults. */
function override({ jsonSchema: schema }: { jsonSchema: JsonSchema }): void {
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (JSON.stringify(schema.default) === "{}") delete schema.default;
}

/**
 * One schema of the two profiles': a default that differs is said in the description, as no schema can tell which of
 * the two holds, and a key that only one of them requires is required by none.
 */
export function byProfile(development: JsonSchema, production: JsonSchema): JsonSchema {
  const merged: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(development), ...Object.keys(production)])) {
    merged[key] = both(development[key], production[key]);
  }
  const required = (development.required ?? []).filter((key) => production.required?.includes(key));
  if ("required" in merged) merged.required = required;
  if (JSON.stringify(development.default) === JSON.stringify(production.default)) return merged;
  delete merged.default;
  const [small, large] = [development.default, production.default].map(shown);
  const defaults = `Default: ${small ?? "none"} (development), ${large ?? "none, so it has to be given"} (production).`;
  return { ...merged, description: [merged.description, defaults].filter((part) => part !== undefined).join(" ") };
}

function both(development: unknown, production: unknown): unknown {
  if (JSON.stringify(development) === JSON.stringify(production)) return development;
  if (Array.isArray(development) && Array.isArray(production)) {
    return development.map((entry, index) => both(entry, production[index]));
  }
  if (isSchema(development) && isSchema(production)) return byProfile(development, production);
  return development ?? production;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A default as YAML has it on one line. */
function shown(value: unknown): string | undefined {
  return value === undefined ? undefined : stringify(value, { collectionStyle: "flow" }).trim();
}

/** Files whose content is not what is generated; for the check in continuous integration. */
export function staleFiles(): string[] {
  return Object.entries(schemaFiles()).flatMap(([file, content]) => (readFile(file) === content ? [] : [file]));
}

function readFile(file: string): string | undefined {
  try {
    return readFileSync(join(ROOT, "docs", file), "utf8");
  } catch {
    return undefined;
  }
}

if (require.main === module) {
  for (const [file, content] of Object.entries(schemaFiles())) writeFileSync(join(ROOT, "docs", file), content);
}
