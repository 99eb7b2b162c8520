import assert from "node:assert/strict";
import fc from "fast-check";
import { ownTenants, pinProblems, placedIn, shardOf, shardSchema, shardStack } from "../../components/settings";
import { lines } from "../support/settings";

/** Names as tenants have them; a thousand of them are the same in every run. */
const NAMES = Array.from({ length: 1000 }, (_, index) => `tenant-${index}`);
const name = fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/);
const count = fc.integer({ min: 1, max: 64 });

function perShard(shards: number): number[] {
  const sizes = Array.from({ length: shards }, () => 0);
  for (const tenant of NAMES) {
    const shard = shardOf(tenant, shards);
    sizes[shard] = (sizes[shard] ?? 0) + 1;
  }
  return sizes;
}

describe("the shard of a tenant", () => {
  it("is one of those that there are, and the same every time", () => {
    fc.assert(
      fc.property(name, count, (tenant, shards) => {
        const shard = shardOf(tenant, shards);
        assert.ok(Number.isInteger(shard) && shard >= 0 && shard < shards);
        assert.equal(shardOf(tenant, shards), shard);
      }),
    );
  });

  it("never changes for known names: a changed hash would move everybody", () => {
    assert.deepEqual(
      ["shop", "shared", "news", "billing"].map((tenant) => [4, 16].map((shards) => shardOf(tenant, shards))),
      [
        [1, 5],
        [2, 7],
        [2, 4],
        [2, 10],
      ],
    );
  });

  it("stays, or is the new one, when there is one shard more", () => {
    fc.assert(
      fc.property(name, count, (tenant, shards) => {
        const after = shardOf(tenant, shards + 1);
        assert.ok(after === shardOf(tenant, shards) || after === shards);
      }),
    );
  });

  for (const shards of [2, 4, 16]) {
    it(`is even over ${shards}`, () => {
      const fair = NAMES.length / shards;
      // Five standard deviations of a fair choice.
      const most = 5 * Math.sqrt(fair * (1 - 1 / shards));
      for (const size of perShard(shards)) assert.ok(Math.abs(size - fair) < most, `${size} of ${fair}`);
    });
  }

  it("moves one tenant in seventeen when a seventeenth shard comes", () => {
    const moved = NAMES.filter((tenant) => shardOf(tenant, 16) !== shardOf(tenant, 17)).length;
    assert.ok(moved > 30 && moved < 95, String(moved));
  });

  it("is that of its pin, where there is one", () => {
    assert.equal(placedIn("shop", { count: 4, pins: { shop: 2 } }), 2);
    assert.equal(placedIn("constructor", { count: 4, pins: {} }), shardOf("constructor", 4));
  });
});

describe("tenants of a stack", () => {
  const tenants = Object.fromEntries(NAMES.slice(0, 40).map((tenant) => [tenant, { tenant }]));

  it("are all of them without shards, and none beside the platform", () => {
    assert.deepEqual(ownTenants(tenants, undefined), tenants);
    assert.deepEqual(ownTenants(tenants, { count: 4, pins: {} }), {});
  });

  it("are each in exactly one shard", () => {
    const parts = [0, 1, 2, 3].map((index) => Object.keys(ownTenants(tenants, { count: 4, index, pins: {} })));
    assert.deepEqual(parts.flat().sort(), Object.keys(tenants).sort());
    assert.ok(parts.every((part) => part.length > 0));
  });

  it("have stacks that are named after the platform's", () => assert.equal(shardStack("prod", 3), "prod-tenants-3"));
});

describe("settings of shards", () => {
  const issues = (raw: unknown) =>
    shardSchema.safeParse(raw).error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  const cases: readonly (readonly [title: string, raw: unknown, ...problems: string[]])[] = [
    ["no shard at all", { count: 0 }, "count: at least one shard"],
    ["too many", { count: 300 }, "count: at most 256 shards"],
    ["an index that is one too high", { count: 4, index: 4 }, "index: there is no shard 4 among 4"],
    ["a pin to a shard that is not there", { count: 2, pins: { shop: 5 } }, "pins.shop: there is no shard 5 among 2"],
  ];
  for (const [title, raw, ...problems] of cases) it(`refuse ${title}`, () => assert.deepEqual(issues(raw), problems));

  it("take a count alone", () => assert.deepEqual(shardSchema.parse({ count: 4 }), { count: 4, pins: {} }));

  it("refuse a pin of nobody", () => {
    const problems = pinProblems({ shop: {} }, { count: 4, pins: { shop: 1, shpo: 2 } });
    assert.deepEqual(lines(problems), ['shard.pins.shpo: there is no tenant "shpo"; remove the line']);
  });
});
