import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { declarationOf } from "../../../../rehearsal/providers/aws/declarations";
import { MODELS } from "../../../../rehearsal/providers/aws/types";
import { secret } from "../../../../rehearsal/providers/wire";
import { build, ESTATE } from "./estate";
import { type Made, urnOf, World } from "./world";

describe("stand-in aws: an estate with one of everything", () => {
  const world = new World();
  let made: Record<string, Made> = {};
  before(async () => {
    made = await build(world);
  });
  after(() => world.end());

  it("has one of every type", () => {
    const types = new Set(ESTATE.map(([type]) => `aws:${type}`));
    assert.deepEqual(
      [...MODELS.keys()].filter((token) => !types.has(token)),
      [],
    );
  });

  it("gives every output that the SDK declares as always there, and no other", () => {
    const problems = Object.values(made).flatMap(({ type, name, state }) => {
      const { outputs } = declarationOf(`aws:${type}`);
      const missing = [...outputs].filter(([output, { required }]) => required && state[output] === undefined);
      const strange = Object.keys(state).filter((output) => !outputs.has(output));
      return [...missing.map(([output]) => `${name}: no ${output}`), ...strange.map((output) => `${name}: ${output}?`)];
    });
    assert.deepEqual(problems, []);
  });

  it("finds no change where nothing changed", async () => {
    for (const one of Object.values(made)) {
      const args = Object.fromEntries(Object.entries(one.inputs).filter(([name]) => name !== "__defaults"));
      const difference = await world.difference(one, args);
      assert.deepEqual(difference, { changed: [], replaces: [], deleteBeforeReplace: false }, one.name);
    }
  });

  it("reads everything back, and imports it by its id", async () => {
    for (const { id, type, name, state, inputs, region } of Object.values(made)) {
      const provider = world.provider(region);
      const read = await provider.read({ id, urn: urnOf(type, name), state, inputs });
      assert.deepEqual([read.id, read.props], [id, state], name);
      const imported = await provider.read({ id, urn: urnOf(type, name), state: {}, inputs: {} });
      assert.equal(imported.id, id, name);
      const asked = Object.keys(inputs).filter((input) => input !== "__defaults");
      assert.deepEqual(
        asked.filter((input) => imported.inputs?.[input] === undefined),
        [],
        name,
      );
    }
  });

  it("says in a preview what it will be, as far as it is known", async () => {
    const { type, name, inputs, state } = made.cluster as Made;
    const { id, outs } = await world.provider().create(urnOf(type, "other"), inputs, true);
    assert.equal(id, "", name);
    const declared = declarationOf(`aws:${type}`).outputs;
    assert.deepEqual(
      [...declared.keys()].filter((output) => state[output] !== undefined && outs[output] === undefined),
      [],
    );
    assert.equal(outs.name, inputs.name);
    assert.equal(outs.endpoint, "04da6b54-80e4-46f7-96ec-b56ff0331ba9");
    const { clusterSecurityGroupId, subnetIds } = outs.vpcConfig as Record<string, unknown>;
    assert.equal(clusterSecurityGroupId, "04da6b54-80e4-46f7-96ec-b56ff0331ba9");
    assert.deepEqual(subnetIds, (inputs.vpcConfig as Record<string, unknown>).subnetIds);
  });

  it("goes in reverse order, and nothing is left", async () => {
    for (const one of Object.values(made).reverse()) {
      // A bucket's object is made last and goes first.
      await world.remove(one).catch((error: Error) => assert.fail(`${one.name}: ${error.message}`));
    }
    assert.deepEqual(
      world.items().map(({ type, id }) => `${type} ${id}`),
      [],
    );
  });

  it("keeps no secret in the account's file", async () => {
    const own = new World();
    try {
      await own.make("ssm/parameter:Parameter", "p", { name: "p", type: "SecureString", value: secret("very-secret") });
      const text = readFileSync(own.file, "utf8");
      assert.ok(!text.includes("very-secret"));
      assert.match(text, /secret:[0-9a-f]{16}/);
    } finally {
      own.end();
    }
  });
});
