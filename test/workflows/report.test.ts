import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, temporaryFolder } from "../support/stack";

/** Runs the step of the workflow, as it would run there. */
function report(stack: string, against: string, folder: string) {
  const { status } = spawnSync(".github/scripts/plan-report.sh", [stack, against, folder], {
    cwd: ROOT,
    encoding: "utf8",
  });
  return { status, text: readFileSync(join(folder, "comment/report.md"), "utf8") };
}

describe("the step that plans a pull request", () => {
  const folder = temporaryFolder();

  it("says what is wrong where it cannot be planned, in a block that nothing gets out of", () => {
    const { status, text } = report(
      "no-such-stack",
      "0000000000000000000000000000000000000000",
      join(folder.path, "bad"),
    );
    assert.equal(status, 2);
    assert.match(text, /It cannot be planned \(exit code 2\)/);
    assert.match(text, /^ {2}.*Pulumi\.no-such-stack\.yaml: there is no such file/m);
    assert.equal(text.match(/^```/gm)?.length, 2);
  });

  it("writes the report, the page and the JSON; a commit without the command is no reason to fail", () => {
    const empty = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
    const target = join(folder.path, "good");
    const { status, text } = report("dev", empty, target);
    assert.equal(status, 0);
    assert.match(text, /^## Plan of `dev`/);
    for (const file of ["plan/dev.html", "plan/dev.json"]) assert.ok(existsSync(join(target, file)), file);
  });
});
