import assert from "node:assert/strict";
import fc from "fast-check";
import { words } from "../../components/settings";

describe("quantityValue", () => {
  const values: readonly (readonly [string, number | undefined])[] = [
    ["500m", 0.5],
    ["4", 4],
    ["0.5", 0.5],
    ["1k", 1000],
    ["1Ki", 1024],
    ["20Gi", 20 * 2 ** 30],
    ["1Ei", 2 ** 60],
    ["1E", 1e18],
    ["", undefined],
    ["1kk", undefined],
    ["1.5.2Gi", undefined],
  ];
  for (const [text, value] of values) {
    it(`reads ${JSON.stringify(text)} as ${value}`, () => assert.equal(words.quantityValue(text), value));
  }

  it("has a value for exactly the texts that the word takes", () => {
    const unit = fc.constantFrom(
      "",
      "m",
      "k",
      "M",
      "G",
      "T",
      "P",
      "E",
      "Ki",
      "Mi",
      "Gi",
      "Ti",
      "Pi",
      "Ei",
      "K",
      "mi",
      "x",
    );
    fc.assert(
      fc.property(fc.float({ noNaN: true }), unit, (number, suffix) => {
        const text = `${number}${suffix}`;
        assert.equal(words.quantityValue(text) !== undefined, words.quantity.safeParse(text).success, text);
      }),
    );
  });
});
