import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { isObject, listAt, objectAt, textAt } from "../../plan/program/json";
import { ROOT, temporaryFolder } from "../support/stack";

/** Steps of the workflows that call Pulumi with the policy pack: file, job, and stack. */
const CALLS = [
  ["up.yml", "dev", "dev"],
  ["up.yml", "prod", "prod"],
  ["preview.yml", "preview", "prod"],
] as const;

function script(file: string, job: string): string {
  const workflow: unknown = parse(readFileSync(join(ROOT, ".github/workflows", file), "utf8"));
  const steps = listAt(objectAt(workflow, "jobs", job), "steps").filter(isObject);
  const found = steps.flatMap((step) => textAt(step, "run") ?? []).filter((run) => /--policy-pack policy/.test(run));
  assert.equal(found.length, 1, `${file}: ${found.length} steps with the policy pack`);
  return found[0] ?? "";
}

describe("the configuration of the policy pack", () => {
  const folder = temporaryFolder();
  before(() => {
    mkdirSync(join(folder.path, "policy/config"), { recursive: true });
    chmodSync(folder.write("pulumi", '#!/usr/bin/env bash\nprintf "%s\\n" "$@"\n'), 0o755);
  });

  /** What Pulumi is called with, by the step as a runner runs it. */
  const called = (text: string, stack: string) => {
    const env = { PATH: `${folder.path}:${process.env.PATH}`, STACK: stack };
    const step = folder.write("step.sh", text);
    const { status, stdout, stderr } = spawnSync("bash", ["--norc", "-e", step], {
      cwd: folder.path,
      env,
      encoding: "utf8",
    });
    assert.deepEqual([status, stderr], [0, ""]);
    return stdout.trim().split("\n");
  };

  for (const [file, job, stack] of CALLS)
    it(`is given to Pulumi by ${file} for ${stack} where the stack has one, as the plan reads it`, () => {
      const text = script(file, job);
      const own = `policy/config/${stack}.json`;
      folder.write(`policy/config/other.json`, "{}");
      assert.ok(!called(text, stack).includes("--policy-pack-config"));
      folder.write(own, "{}");
      const given = called(text, stack);
      rmSync(join(folder.path, own));
      const at = given.indexOf("--policy-pack-config");
      assert.deepEqual(given.slice(at, at + 2), ["--policy-pack-config", own]);
      assert.deepEqual(given.filter((one) => one.startsWith("--policy")).length, 2);
      assert.equal(given[given.indexOf("--stack") + 1], stack);
    });
});
