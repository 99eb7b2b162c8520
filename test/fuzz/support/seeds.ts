import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { parse, parseDocument } from "yaml";
import { z } from "zod";
import { addonContract } from "../../../components/addons";
import { bootstrapSchema, platformSchema, tenantSchema } from "../../../components/settings";
import { edit, everything, good, ON_CLUSTER_API, ON_EKS, PRODUCTION, PRODUCTION_ON_EKS } from "../../support/settings";
import { ADDON_VARIANTS, COMMON_VARIANTS } from "../../support/variants";
import { schemaValue } from "./schema-values";

/** Where cases start from: the repository's own files, and settings that the tests know to be good. */

const ROOT = resolve(__dirname, "../../..");

/** A tree of settings as it stands in YAML. */
export interface Tree {
  readonly platform: unknown;
  readonly tenants: unknown;
}

/** The text of a file of the repository. */
export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

function tenantFiles(stack: string): Record<string, string> {
  const folder = `tenants/${stack}`;
  return Object.fromEntries(
    readdirSync(join(ROOT, folder)).map((name) => [`${folder}/${name}`, textOf(`${folder}/${name}`)]),
  );
}

/** The files of a stack, below the name of the stack that cases are run as. */
function filesOf(stack: string): Record<string, string> {
  return { [STACK_FILE]: textOf(`Pulumi.${stack}.yaml`), ...tenantFiles(stack) };
}

const STACK_FILE = "Pulumi.fuzz.yaml";

/** Files with an extension whose objects are in manifests. */
function withManifests(): Record<string, string> {
  const stack = parseDocument(textOf("Pulumi.dev.yaml"));
  const { catalogue: _, ...extensions } = parse(textOf("examples/extensions/settings.yaml")).extensions;
  stack.setIn(["config", "openchoreo:platform", "extensions"], stack.createNode(extensions));
  const manifests = ["edge-filter", "image-rules"].map((name) => `examples/extensions/manifests/${name}.yaml`);
  return {
    ...filesOf("dev"),
    [STACK_FILE]: stack.toString(),
    ...Object.fromEntries(manifests.map((path) => [path, textOf(path)])),
  };
}

/** Whole stacks as they stand in files. */
export const FILES: readonly Readonly<Record<string, string>>[] = [filesOf("dev"), filesOf("prod"), withManifests()];

function treeOf(stack: string): Tree {
  const { config } = parse(textOf(`Pulumi.${stack}.yaml`));
  const tenants = Object.entries(tenantFiles(stack)).map(([path, text]) => [
    /([^/]+)\.yaml$/.exec(path)?.[1],
    parse(text),
  ]);
  return { platform: config["openchoreo:platform"], tenants: Object.fromEntries(tenants) };
}

const VARIANTS = [
  {},
  ON_EKS,
  ON_CLUSTER_API,
  PRODUCTION,
  PRODUCTION_ON_EKS,
  ...Object.values(COMMON_VARIANTS),
  ...Object.values(ADDON_VARIANTS).flatMap((variants) =>
    Object.values(variants).map((edits) => ({ ...everything(), ...edits })),
  ),
];

/** Whole settings that are good. */
export const TREES: readonly Tree[] = [treeOf("dev"), treeOf("prod"), ...VARIANTS.map((edits) => edit(good(), edits))];

/** Settings of the bootstrap stack. */
export const BOOTSTRAP: object = { bootstrap: parse(textOf("Pulumi.bootstrap.yaml")).config["openchoreo:bootstrap"] };

const jsonSchema = (schema: z.ZodType) => z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
const PLATFORM = jsonSchema(platformSchema("development", addonContract.schemas));
const keys = Object.entries(PLATFORM.properties ?? {}).filter(([key]) => key !== "clusters");

/** A key of `platform` with a value that its schema lets through. */
export const platformKey: fc.Arbitrary<readonly [string, unknown]> = fc.oneof(
  ...keys.map(([key, schema]) => fc.tuple(fc.constant(key), schemaValue(schema as z.core.JSONSchema.JSONSchema))),
);

/** A tenant that the schema lets through. */
export const tenant = schemaValue(jsonSchema(tenantSchema) as z.core.JSONSchema.JSONSchema);

/** Settings of a bootstrap stack that the schema lets through. */
export const bootstrap = schemaValue(jsonSchema(bootstrapSchema) as z.core.JSONSchema.JSONSchema);

/** Anything that stands somewhere in settings. */
export const part: fc.Arbitrary<unknown> = fc.oneof(
  platformKey.map(([, value]) => value),
  fc.jsonValue({ maxDepth: 2 }),
);

/** The position of a seed: a counterexample shows it, as the seeds are long. */
export const which = (seeds: readonly unknown[]): fc.Arbitrary<number> => fc.nat({ max: seeds.length - 1 });

/** The seed at a position. */
export function one<T>(seeds: readonly T[], at: number): T {
  return seeds[at] ?? assert.fail(`no seed ${at}`);
}
