import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runStack } from "../support/fleet";
import type { Registered } from "../support/graph";
import type { Run } from "../support/program";
import { ROOT } from "../support/stack";

/**
 * The whole graph of a stack in one file, so that a pull request shows what a change does. It changes on purpose only:
 * `UPDATE_GOLDEN=1 npx mocha test/program/golden.test.ts`.
 */
function goldenFile(stack: string, run: Run): string {
  const resources = run.graph.resources.map(entry);
  const golden = { counts: run.graph.counts(), outputs: withoutSecrets(run.outputs), resources };
  return `${JSON.stringify(golden, sorted, 2)}\n`.replaceAll(ROOT, `(root of ${stack})`);
}

function entry({ type, name, parent, provider, dependencies, inputs }: Registered): object {
  return { type, name, parent, provider, dependencies: dependencies.length, inputs: withoutSecrets(inputs) };
}

/** In a secret every text is a placeholder; values that arrive late have one from the mocks. */
function withoutSecrets(value: unknown, secret = false): unknown {
  if (Array.isArray(value)) return value.map((inner) => withoutSecrets(inner, secret));
  if (typeof value !== "object" || value === null) return secret ? "(secret)" : value;
  if ("secret" in value) return withoutSecrets(value.secret, true);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner, secret)]));
}

/** Keys of inputs in one order, whatever order they travelled in. */
function sorted(key: string, value: unknown): unknown {
  if (key !== "inputs" && key !== "outputs") return value;
  const order = (inner: unknown): unknown => {
    if (Array.isArray(inner)) return inner.map(order);
    if (typeof inner !== "object" || inner === null) return inner;
    const entries = Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([name, each]) => [name, order(each)]));
  };
  return order(value);
}

for (const stack of ["dev", "prod"])
  describe(`the graph of ${stack}`, () => {
    const file = join(ROOT, "test/golden", `${stack}.json`);
    let found: string;
    before(async () => {
      found = goldenFile(stack, await runStack(stack));
    });

    it("is the golden one", () => {
      if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, found);
      const golden = existsSync(file) ? readFileSync(file, "utf8") : "{}";
      assert.deepEqual(JSON.parse(found), JSON.parse(golden), "changed on purpose? UPDATE_GOLDEN=1");
      assert.equal(found, golden);
    });

    it("is the same at every run", async () => {
      assert.equal(goldenFile(stack, await runStack(stack)), found);
    });
  });
