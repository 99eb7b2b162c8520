import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/stack";

/** Tests on the engine that a list names. */
function listed(file: string): string[] {
  const { spec } = JSON.parse(readFileSync(join(ROOT, file), "utf8")) as { readonly spec: readonly string[] };
  return [...spec];
}

describe("the lists of tests on the engine", () => {
  it("have every test once: those of each change, and the long ones", () => {
    const files = readdirSync(join(ROOT, "test/engine")).filter((file) => file.endsWith(".test.ts"));
    const both = [...listed(".mocharc.engine.json"), ...listed(".mocharc.engine-long.json")];
    assert.deepEqual(both.sort(), files.map((file) => `test/engine/${file}`).sort());
  });
});
