import assert from "node:assert/strict";
import { interleave, median, ratioOfMedians, significant } from "../../bench/statistics";

describe("the statistics of benchmarks", () => {
  const medians: readonly (readonly [readonly number[], number])[] = [
    [[3], 3],
    [[3, 1, 2], 2],
    [[10, 9, 1, 2], 5.5],
    [[1, 100, 1, 1], 1],
  ];
  for (const [values, expected] of medians) {
    it(`have ${expected} as the median of ${values.join(", ")}`, () => assert.equal(median(values), expected));
  }

  it("leave the values as they are", () => {
    const values = [3, 1, 2];
    median(values);
    assert.deepEqual(values, [3, 1, 2]);
  });

  it("have no median of nothing", () => assert.throws(() => median([]), RangeError));

  it("compare medians, not means", () => assert.equal(ratioOfMedians([3, 3, 300], [2, 2, 2]), 1.5));

  it("round to what repeats", () => {
    assert.deepEqual(
      [1234.5, 0.0123456, 0].map((value) => significant(value)),
      [1230, 0.0123, 0],
    );
  });

  it("run subjects in turn, and turn the order round", async () => {
    const ran: string[] = [];
    const subject = (name: string) => ({
      name,
      once: async () => {
        ran.push(name);
        return ran.length;
      },
    });
    const results = await interleave([subject("a"), subject("b")], 3);
    assert.deepEqual(ran, ["a", "b", "b", "a", "a", "b"]);
    assert.deepEqual(Object.fromEntries(results), { a: [1, 4, 5], b: [2, 3, 6] });
  });

  it("fail with what fails", async () => {
    const broken = { name: "broken", once: () => Promise.reject(new Error("out of memory")) };
    await assert.rejects(interleave([broken], 1), /out of memory/);
  });
});
