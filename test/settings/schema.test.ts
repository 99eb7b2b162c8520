import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { byProfile, schemaFiles, staleFiles } from "../../scripts/schema";
import { structureProblems } from "../support/crd";
import { type Edits, edit, good } from "../support/settings";
import { ROOT } from "../support/stack";

const schemas = schemaFiles();
const settings = JSON.parse(schemas["settings.schema.json"] ?? "{}");
const tenant = JSON.parse(schemas["tenant.schema.json"] ?? "{}");
const {
  "openchoreo:platform": platform,
  "openchoreo:tenants": tenants,
  "openchoreo:bootstrap": bootstrap,
} = settings.properties.config.properties;

const yaml = (...path: string[]): unknown => parse(readFileSync(join(ROOT, ...path), "utf8"));

describe("the JSON schemas in docs", () => {
  it("are the generated ones: npm run schema", () => assert.deepEqual(staleFiles(), []));

  for (const stack of ["dev", "prod"]) {
    it(`accept the file of ${stack}`, () => {
      const { config } = yaml(`Pulumi.${stack}.yaml`) as { config: Record<string, unknown> };
      assert.deepEqual(structureProblems(platform, config["openchoreo:platform"]), []);
      assert.deepEqual(structureProblems(tenants, config["openchoreo:tenants"]), []);
    });

    it(`accept the tenants of ${stack}`, () => {
      const files = readdirSync(join(ROOT, "tenants", stack));
      assert.ok(files.length > 0);
      for (const file of files) assert.deepEqual(structureProblems(tenant, yaml("tenants", stack, file)), [], file);
    });
  }

  it("accept the file of bootstrap", () => {
    const { config } = yaml("Pulumi.bootstrap.yaml") as { config: Record<string, unknown> };
    assert.deepEqual(structureProblems(bootstrap, config["openchoreo:bootstrap"]), []);
  });

  it("accept the good settings, with tenants inline", () => {
    assert.deepEqual(structureProblems(platform, good().platform), []);
    assert.deepEqual(structureProblems(tenants, good().tenants), []);
  });

  const bad: readonly (readonly [title: string, edits: Edits, problem: string])[] = [
    ["an unknown key", { "platform.colour": "red" }, "colour: unknown"],
    ["an unknown key of an add-on", { "platform.certManager": { colour: "red" } }, "certManager.colour: unknown"],
    [
      "an unknown plane",
      { "platform.clusters.east.planes": ["date"] },
      "clusters.east.planes[0]: none of control, data, workflow, observability",
    ],
    [
      "a missing mesh id",
      { "platform.clusters.east.network.meshId": undefined },
      "clusters.east.network.meshId: required",
    ],
    [
      "a mesh id that is text",
      { "platform.clusters.east.network.meshId": "2" },
      "clusters.east.network.meshId: no whole number",
    ],
    [
      "an unknown kind of provider",
      { "platform.clusters.east.provider.kind": "gke" },
      "clusters.east.provider.kind: not existing",
    ],
  ];
  for (const [title, edits, problem] of bad) {
    it(`refuse ${title}`, () => {
      assert.deepEqual(structureProblems(platform, edit(good(), edits).platform), [problem]);
    });
  }

  it("refuse a cluster's name with upper case", () => {
    const [problem] = structureProblems(
      platform,
      edit(good(), { "platform.clusters.East": good().platform.clusters }).platform,
    );
    assert.match(problem ?? "", /^clusters\.East: does not match /);
  });
});

describe("defaults that differ by profile", () => {
  const small = { type: "integer", default: 1, description: "Replicas." } as const;

  it("are said in the description", () => {
    assert.deepEqual(byProfile(small, { ...small, default: 2 }), {
      type: "integer",
      description: "Replicas. Default: 1 (development), 2 (production).",
    });
  });

  it("are said also where there is no other description, or no default in one of them", () => {
    assert.deepEqual(byProfile({ default: { kind: "self-signed" } }, {}), {
      description: "Default: { kind: self-signed } (development), none, so it has to be given (production).",
    });
  });

  it("stay where they are equal", () => assert.deepEqual(byProfile(small, small), small));

  it("are found deep inside, and what one of them requires is not required", () => {
    const one = { type: "object", properties: { replicas: small, a: {} }, required: ["a"] } as const;
    const other = { ...one, properties: { replicas: { ...small, default: 2 }, a: {} }, required: ["a", "replicas"] };
    assert.deepEqual(byProfile({ ...one, required: ["a"] }, other), {
      type: "object",
      properties: {
        replicas: { type: "integer", description: "Replicas. Default: 1 (development), 2 (production)." },
        a: {},
      },
      required: ["a"],
    });
  });
});
