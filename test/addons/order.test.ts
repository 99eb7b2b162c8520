import assert from "node:assert/strict";
import fc from "fast-check";
import { orderByNeeds } from "../../components/addons";

interface Entry {
  readonly name: string;
  readonly needs: readonly string[];
}

/** Entries that need any others, also themselves and ones that are not there. */
const entries = fc.integer({ min: 0, max: 12 }).chain((size) => {
  const name = (index: number) => `a${index}`;
  const needs = fc.array(fc.integer({ min: 0, max: size }).map(name), { maxLength: 3 });
  return fc.tuple(
    ...Array.from({ length: size }, (_, index) => needs.map((some): Entry => ({ name: name(index), needs: some }))),
  );
});

/** Entries without a cycle: each needs only what is before it, and then they are shuffled. */
const acyclic = fc.integer({ min: 1, max: 12 }).chain((size) => {
  const one = (index: number) =>
    fc
      .subarray(Array.from({ length: index }, (_, other) => `a${other}`))
      .map((needs): Entry => ({ name: `a${index}`, needs }));
  return fc
    .tuple(...Array.from({ length: size }, (_, index) => one(index)))
    .chain((all) => fc.shuffledSubarray(all, { minLength: all.length }));
});

describe("orderByNeeds", () => {
  const cases: readonly (readonly [title: string, entries: readonly Entry[], result: object])[] = [
    ["nothing", [], { order: [] }],
    [
      "what is in order",
      [
        { name: "a", needs: [] },
        { name: "b", needs: ["a"] },
      ],
      { order: ["a", "b"] },
    ],
    [
      "what is not",
      [
        { name: "b", needs: ["a"] },
        { name: "a", needs: [] },
      ],
      { order: ["a", "b"] },
    ],
    [
      "what needs nothing of each other",
      [
        { name: "b", needs: [] },
        { name: "a", needs: [] },
      ],
      { order: ["b", "a"] },
    ],
    ["a need that is not there", [{ name: "b", needs: ["z"] }], { order: ["b"] }],
    ["a need of itself", [{ name: "a", needs: ["a"] }], { cycle: ["a", "a"] }],
    [
      "a cycle behind something that is in none",
      [
        { name: "z", needs: ["a"] },
        { name: "a", needs: ["b"] },
        { name: "b", needs: ["a"] },
      ],
      { cycle: ["a", "b", "a"] },
    ],
  ];
  for (const [title, given, result] of cases) {
    it(`of ${title}`, () => {
      const ordered = orderByNeeds(given);
      assert.deepEqual("order" in ordered ? { order: ordered.order.map(({ name }) => name) } : ordered, result);
    });
  }

  it("puts every entry after its needs, and keeps all of them", () => {
    fc.assert(
      fc.property(acyclic, (given) => {
        const ordered = orderByNeeds(given);
        assert.ok("order" in ordered);
        const names = ordered.order.map(({ name }) => name);
        assert.deepEqual([...names].sort(), given.map(({ name }) => name).sort());
        for (const { name, needs } of ordered.order) {
          for (const need of needs) assert.ok(names.indexOf(need) < names.indexOf(name), `${need} before ${name}`);
        }
      }),
    );
  });

  it("keeps the order of what is in order already", () => {
    fc.assert(
      fc.property(acyclic, (given) => {
        const once = orderByNeeds(given);
        assert.ok("order" in once);
        assert.deepEqual(orderByNeeds(once.order), once);
      }),
    );
  });

  it("gives an order, or a cycle that really is one", () => {
    fc.assert(
      fc.property(entries, (given) => {
        const ordered = orderByNeeds(given);
        if ("order" in ordered) return assert.equal(ordered.order.length, given.length);
        const { cycle } = ordered;
        assert.ok(cycle.length > 1);
        assert.equal(cycle[0], cycle.at(-1));
        for (const [index, name] of cycle.slice(0, -1).entries()) {
          const entry = given.find((one) => one.name === name);
          assert.ok(entry?.needs.includes(cycle[index + 1] ?? ""), `${name} needs ${cycle[index + 1]}`);
        }
      }),
    );
  });
});
