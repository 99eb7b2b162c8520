import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { STACK_OUTPUTS } from "../../components/stacks";
import { outputsPage } from "../../scripts/docs-outputs";
import { runStack } from "../support/fleet";
import { ROOT } from "../support/stack";

/** How the program asks for an output: calls of a reference, and what is read of the stack itself. */
const CALLS: Readonly<Record<string, RegExp>> = {
  platform: /\.(platform|tenancy|controlPlane)\(|\blastOutputs\b/,
  kubeconfigs: /\.kubeconfig\(/,
  tenancySecrets: /\.tenancySecrets\(/,
  tenants: /\blastTenants\b.*from "\.\.\/stacks"/,
  sharing: /\.sharing\(/,
};

/** Files of the program outside the contract's own folder. */
const FILES = ["index.ts", ...below("components")].filter((file) => !file.startsWith("components/stacks/"));

function below(folder: string): string[] {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.endsWith(".ts")).map((file) => join(folder, file).replaceAll("\\", "/"));
}

describe("the table of outputs", () => {
  for (const [output, { readers }] of Object.entries(STACK_OUTPUTS))
    it(`names what reads ${output}, and nothing else`, () => {
      const call = CALLS[output] ?? assert.fail(`no way to find what reads ${output}`);
      const found = FILES.filter((file) => call.test(readFileSync(join(ROOT, file), "utf8")));
      assert.deepEqual([...new Set(readers.map(({ file }) => file))].sort(), found.sort());
    });

  it("has every output that a stack has, and knows which are secrets", async () => {
    const { outputs } = await runStack("dev");
    assert.deepEqual(Object.keys(outputs).sort(), Object.keys(STACK_OUTPUTS).sort());
    for (const [name, { secret }] of Object.entries(STACK_OUTPUTS)) {
      const value = outputs[name];
      const isSecret = typeof value === "object" && value !== null && Object.keys(value).join() === "secret";
      assert.equal(isSecret, secret, name);
    }
  });

  it("is on its page, with every key", () => {
    const page = outputsPage();
    for (const [name, { readers }] of Object.entries(STACK_OUTPUTS)) {
      for (const { who, file } of readers)
        assert.ok(page.includes(`| \`${name}\` | ${who} | `) || page.includes(who), file);
    }
    for (const key of ["clusters.<name>.apiServer", "tenancy.clusters[].aws.region", "workloads[].sharedWith"]) {
      assert.ok(page.includes(`\`${key}\``), key);
    }
  });
});
