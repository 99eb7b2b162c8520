import assert from "node:assert/strict";
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { readConfig } from "../../policy/config";
import { advisory, policyOptions, writePolicyWrapper } from "../../rehearsal/policy-pack";
import { ROOT, temporaryFolder } from "../support/stack";

describe("the policy pack of a rehearsal", () => {
  const folder = temporaryFolder();

  it("is the project's, with no configuration for the stacks of this repository", () => {
    for (const stack of ["dev", "prod"]) {
      assert.deepEqual(policyOptions(ROOT, stack), { policyPacks: [join(ROOT, "policy")] });
      assert.deepEqual(readConfig(ROOT, stack), {});
    }
  });

  it("has the stack's own configuration where there is one", () => {
    assert.deepEqual(policyOptions(folder.path, "prod"), {});
    mkdirSync(join(folder.path, "policy", "config"), { recursive: true });
    folder.write("policy/PulumiPolicy.yaml", "runtime: nodejs\n");
    const file = folder.write("policy/config/prod.json", '{"helm-pinned": "advisory"}');
    const pack = join(folder.path, "policy");
    assert.deepEqual(policyOptions(folder.path, "prod"), { policyPacks: [pack], policyPackConfigs: [file] });
    assert.deepEqual(policyOptions(folder.path, "dev"), { policyPacks: [pack] });
    assert.deepEqual(readConfig(folder.path, "prod"), { "helm-pinned": "advisory" });
    folder.write("policy/config/bad.json", "[]");
    assert.throws(() => readConfig(folder.path, "bad"), /policy\/config\/bad\.json: must be an object/);
  });

  it("tells what it finds and stops nothing, with the options of the stack's own configuration", () => {
    const given = folder.write("given.json", '{"helm-no-open-services": {"charts": ["own"]}}');
    const told = advisory({ policyPacks: ["pack"], policyPackConfigs: [given] }, join(folder.path, "project"));
    assert.deepEqual(told.policyPacks, ["pack"]);
    const [file = ""] = told.policyPackConfigs ?? [];
    assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), {
      "helm-no-open-services": { charts: ["own"] },
      "exemptions-current": { enforcementLevel: "remediate" },
      all: "advisory",
    });
    assert.deepEqual(advisory({}, folder.path), {});
  });

  it("is started by a script that anybody may run", () => {
    const wrapper = writePolicyWrapper(join(folder.path, "bin"));
    assert.match(wrapper, /pulumi-analyzer-policy-nodejs$/);
    assert.equal(statSync(wrapper).mode & 0o777, 0o755);
  });
});
