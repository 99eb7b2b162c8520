import assert from "node:assert/strict";
import * as rpc from "@pulumi/pulumi/runtime/rpc";
import { compareSync } from "bcryptjs";
import { RandomProvider } from "../../../rehearsal/providers/random/provider";
import { isSecret, type PropertyMap, plain } from "../../../rehearsal/providers/wire";

type Kind = "RandomPassword" | "RandomString" | "RandomId" | "RandomBytes" | "RandomUuid";

const random = new RandomProvider("0.0.0");

function urnOf(kind: string): string {
  const module = `${kind.charAt(0).toLowerCase()}${kind.slice(1)}`;
  return `urn:pulumi:dev::openchoreo::my:component:Type$random:index/${module}:${kind}::name`;
}

async function create(kind: Kind, inputs: PropertyMap) {
  const checked = await random.check(urnOf(kind), {}, inputs);
  assert.deepEqual(checked.failures, []);
  const { id, outs } = await random.create(urnOf(kind), checked.inputs);
  return { id, outs };
}

function text(state: PropertyMap, property: string): string {
  const value = plain(state[property]);
  assert.equal(typeof value, "string", property);
  return String(value);
}

const count = (value: string, pattern: RegExp) => value.match(pattern)?.length ?? 0;

describe("stand-in random: values", () => {
  it("a password is secret, has its length, and its hash is that of it", async () => {
    const { outs } = await create("RandomPassword", { length: 40 });
    const result = text(outs, "result");
    assert.equal(result.length, 40);
    assert.match(result, /^[A-Za-z0-9!@#$%&*()\-_=+[\]{}<>:?]+$/);
    for (const name of ["result", "bcryptHash"]) assert.ok(isSecret(outs[name]), name);
    const hash = text(outs, "bcryptHash");
    assert.match(hash, /^\$2a\$10\$/);
    assert.ok(compareSync(result, hash));
    assert.ok(!compareSync(`${result.slice(1)}x`, hash));
  });

  it("two passwords differ", async () => {
    const [one, other] = await Promise.all([1, 2].map(() => create("RandomPassword", { length: 20 })));
    assert.notEqual(text(one?.outs ?? {}, "result"), text(other?.outs ?? {}, "result"));
  });

  it("a text has at least what is asked of each class, and nothing that is switched off", async () => {
    const least = { minUpper: 3, minLower: 4, minNumeric: 5, minSpecial: 6 };
    const { outs } = await create("RandomPassword", { length: 18, ...least, overrideSpecial: "-_" });
    const result = text(outs, "result");
    const counts = [/[A-Z]/g, /[a-z]/g, /[0-9]/g, /[-_]/g].map((pattern) => count(result, pattern));
    assert.deepEqual(counts, [3, 4, 5, 6]);
    const { id, outs: plainText } = await create("RandomString", { length: 60, upper: false, special: false });
    assert.match(id, /^[a-z0-9]{60}$/);
    assert.equal(plainText.result, id);
    const { id: letters } = await create("RandomString", { length: 60, number: false, special: false });
    assert.match(letters, /^[A-Za-z]{60}$/);
  });

  it("the least characters are not always first", async () => {
    const texts = await Promise.all(
      Array.from({ length: 8 }, () => create("RandomString", { length: 40, minNumeric: 5, special: false })),
    );
    assert.ok(texts.some(({ id }) => !/^\d{5}/.test(id)));
  });

  it("an id in each of its forms", async () => {
    const { id, outs } = await create("RandomId", { byteLength: 9, prefix: "a-" });
    const bytes = Buffer.from(id, "base64url");
    assert.equal(bytes.length, 9);
    assert.deepEqual(
      [outs.b64Url, outs.b64Std, outs.hex, outs.dec],
      [id, bytes.toString("base64"), bytes.toString("hex"), BigInt(`0x${bytes.toString("hex")}`).toString()].map(
        (form) => `a-${form}`,
      ),
    );
  });

  it("bytes, secret, and a UUID", async () => {
    const { outs } = await create("RandomBytes", { length: 32 });
    assert.ok(isSecret(outs.base64) && isSecret(outs.hex));
    assert.equal(Buffer.from(text(outs, "base64"), "base64").toString("hex"), text(outs, "hex"));
    assert.equal(text(outs, "hex").length, 64);
    const { id, outs: uuid } = await create("RandomUuid", {});
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(uuid.result, id);
  });
});

describe("stand-in random: checks", () => {
  const refused: readonly (readonly [Kind, PropertyMap, string, RegExp])[] = [
    ["RandomPassword", {}, "length", /is required/],
    ["RandomPassword", { length: 0 }, "length", />=1/],
    ["RandomPassword", { length: 3, minUpper: 2, minLower: 2 }, "length", /at least the sum/],
    [
      "RandomPassword",
      { length: 3, upper: false, lower: false, number: false, special: false },
      "special",
      /at least one/,
    ],
    ["RandomPassword", { length: 3, number: true, numeric: false }, "number", /differs from numeric/],
    ["RandomString", { length: 3, lenght: 4 }, "lenght", /not known/],
    ["RandomId", { byteLength: "8" }, "byteLength", /expected/],
    ["RandomUuid", { keepers: { a: {} } }, "keepers", /a: /],
  ];
  for (const [kind, inputs, property, reason] of refused) {
    it(`${kind} refuses ${JSON.stringify(inputs)}`, async () => {
      const { failures = [] } = await random.check(urnOf(kind), {}, inputs);
      assert.deepEqual(
        failures.map((failure) => failure.property),
        [property],
      );
      assert.match(failures[0]?.reason ?? "", reason);
    });
  }

  it("refuses kinds that it does not know, and imports", async () => {
    await assert.rejects(random.check(urnOf("RandomPet"), {}, {}), /has no resource type random:index\/randomPet/);
    await assert.rejects(random.read("id", urnOf("RandomUuid"), {}), /imports no/);
  });
});

describe("stand-in random: changes", () => {
  const none = { changes: false, replaces: [] };
  const replace = (...replaces: string[]) => ({ changes: true, replaces });
  const password = { length: 16, keepers: { a: "1" }, numeric: false };
  const changes: readonly (readonly [string, Kind, PropertyMap, PropertyMap, object])[] = [
    ["nothing", "RandomPassword", password, password, none],
    ["a default written out", "RandomPassword", password, { ...password, upper: true, minLower: 0 }, none],
    ["the former name", "RandomPassword", password, { length: 16, keepers: { a: "1" }, number: false }, none],
    ["an empty set of special characters", "RandomPassword", { length: 2, overrideSpecial: "" }, { length: 2 }, none],
    ["the length", "RandomPassword", password, { ...password, length: 17 }, replace("length")],
    ["a keeper", "RandomPassword", password, { ...password, keepers: { a: "2" } }, replace("keepers")],
    ["keepers that are gone", "RandomPassword", password, { ...password, keepers: undefined }, replace("keepers")],
    ["a keeper not known yet", "RandomUuid", {}, { keepers: { a: rpc.unknownValue } }, replace("keepers")],
    ["digits", "RandomPassword", password, { ...password, numeric: true }, replace("numeric", "number")],
    ["a prefix", "RandomId", { byteLength: 2 }, { byteLength: 2, prefix: "x" }, replace("prefix")],
    ["bytes", "RandomBytes", { length: 2 }, { length: 3 }, replace("length")],
  ];
  for (const [what, kind, before, now, expected] of changes) {
    it(`of ${kind}: ${what}`, async () => {
      const { id, outs } = await create(kind, before);
      assert.deepEqual(await random.diff(id, urnOf(kind), outs, now), expected);
    });
  }

  it("keeps the value in the state", async () => {
    const { id, outs } = await create("RandomPassword", { length: 8 });
    assert.deepEqual(await random.read(id, urnOf("RandomPassword"), outs), { id, props: outs });
  });
});
