import assert from "node:assert/strict";
import fc from "fast-check";
import { planFleet } from "../../components/fleet";
import { blockOf, overlap } from "../../components/settings";
import { cluster, type Json, settingsAfter } from "../support/settings";

/** First and last address of a range, as numbers; told apart from the code under test on purpose. */
function ends(range: string): [number, number] {
  const [address = "", prefix = ""] = range.split("/");
  const start = address.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
  return [start, start + 2 ** (32 - Number(prefix)) - 1];
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

const range = fc.tuple(fc.nat(2 ** 32 - 1), fc.integer({ min: 8, max: 17 })).map(([bits, prefix]) => {
  const size = 2 ** (32 - prefix);
  return `${dotted(Math.floor(bits / size) * size)}/${prefix}`;
});

describe("blockOf", () => {
  const table: readonly (readonly [string, number, string])[] = [
    ["10.0.0.0/9", 0, "10.0.0.0/16"],
    ["10.0.0.0/9", 1, "10.1.0.0/16"],
    ["10.0.0.0/9", 127, "10.127.0.0/16"],
    ["10.128.0.0/10", 1, "10.128.128.0/17"],
    ["10.192.0.0/10", 127, "10.255.128.0/17"],
    ["172.16.0.0/17", 5, "172.16.5.0/24"],
  ];
  for (const [whole, index, block] of table) {
    it(`${index} of ${whole} is ${block}`, () => assert.equal(blockOf(whole, index), block));
  }

  it("refuses what is no block", () => {
    for (const index of [-1, 128, 1.5, Number.NaN]) assert.throws(() => blockOf("10.0.0.0/9", index), RangeError);
  });

  it("divides every range into 128 blocks that are disjoint, inside it, and fill it", () => {
    fc.assert(
      fc.property(range, (whole) => {
        const [first, last] = ends(whole);
        const blocks = Array.from({ length: 128 }, (_, index) => ends(blockOf(whole, index)));
        assert.equal(blocks[0]?.[0], first);
        assert.equal(blocks[127]?.[1], last);
        for (const [index, [start]] of blocks.entries()) {
          if (index > 0) assert.equal(start, (blocks[index - 1]?.[1] ?? Number.NaN) + 1);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe("overlap", () => {
  it("is sharing an address, whichever way it is asked", () => {
    fc.assert(
      fc.property(range, range, (a, b) => {
        const [[a0, a1], [b0, b1]] = [ends(a), ends(b)];
        const shared = Math.max(a0, b0) <= Math.min(a1, b1);
        assert.equal(overlap(a, b), shared);
        assert.equal(overlap(b, a), shared);
      }),
    );
  });

  it("ends where a range ends", () => {
    assert.equal(overlap("10.0.0.0/16", "10.1.0.0/16"), false);
    assert.equal(overlap("10.0.0.0/16", "10.0.255.240/28"), true);
  });
});

describe("a cluster's part of the plan", () => {
  const ids = fc.uniqueArray(fc.integer({ min: 2, max: 127 }), { minLength: 2, maxLength: 12 });
  const planOf = (members: readonly number[]) => {
    const data = members.map((id): [string, Json] => [`data-${id}`, cluster(["data"], id)]);
    const clusters = { control: cluster(["control"], 1), ...Object.fromEntries(data) };
    return planFleet(settingsAfter({ "platform.clusters": clusters }), "test");
  };

  it("stays as it is when clusters come, go or change places", () => {
    fc.assert(
      fc.property(ids, fc.nat(), (members, pick) => {
        const removed = members[pick % members.length];
        const whole = planOf(members);
        const rest = planOf(members.filter((id) => id !== removed).reverse());
        for (const one of rest.clusters) {
          assert.deepEqual(
            one,
            whole.clusters.find((other) => other.name === one.name),
          );
        }
        assert.equal(rest.clusters.length, whole.clusters.length - 1);
      }),
      { numRuns: 25 },
    );
  });

  it("has ranges that no other cluster's overlap", () => {
    fc.assert(
      fc.property(ids, (members) => {
        const ranges = planOf(members).clusters.flatMap(({ ranges: own }) => [
          own.cidr,
          own.pods ?? assert.fail(),
          own.services,
        ]);
        const sorted = ranges.map(ends).sort(([a], [b]) => a - b);
        for (const [index, [start]] of sorted.entries()) {
          if (index > 0) assert.ok(start > (sorted[index - 1]?.[1] ?? Number.NaN), ranges.join(" "));
        }
      }),
      { numRuns: 25 },
    );
  });
});
