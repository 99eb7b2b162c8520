import assert from "node:assert/strict";
import { RULES } from "../../policy/rules";
import { policiesPage, strayTopics } from "../../scripts/docs-policies";

describe("the page of policies", () => {
  const page = policiesPage();

  it("has every rule once, with its reason, its fix and its options", () => {
    assert.deepEqual(strayTopics(), []);
    for (const { name, description, fix, options } of RULES) {
      assert.equal(page.split(`### ${name}\n`).length, 2, name);
      assert.ok(page.includes(description) && page.includes(fix), name);
      for (const key of Object.keys(options)) assert.ok(page.includes(`- \`${key}\`: `), `${name}: ${key}`);
    }
  });
});
