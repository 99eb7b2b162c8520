import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, rmSync } from "node:fs";
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

describe("the step that reports drift", () => {
  const folder = temporaryFolder();

  /** Runs it with a stand-in for gh, which keeps what it is called with and knows these open issues. */
  function drift(open: string) {
    const log = folder.write("drift.log", `${"line\n".repeat(100)}\`\`\`\n@all last line\n`);
    const gh = folder.write(
      "gh",
      `#!/usr/bin/env bash\nif [ "$1 $2" = "issue list" ]; then printf '%s' "$OPEN"; exit; fi\necho "$1 $2 $3" >>"$CALLS"\nfor one; do last=$one; done\n[ -f "$last" ] && cat "$last" >>"$CALLS"\ntrue\n`,
    );
    chmodSync(gh, 0o755);
    const calls = join(folder.path, "calls");
    rmSync(calls, { force: true });
    const env = {
      ...process.env,
      PATH: `${folder.path}:${process.env.PATH}`,
      OPEN: open,
      CALLS: calls,
      GITHUB_SERVER_URL: "https://github.test",
      GITHUB_REPOSITORY: "acme/platform",
      GITHUB_RUN_ID: "5",
    };
    const { status, stderr } = spawnSync(".github/scripts/drift-issue.sh", ["prod", log], {
      cwd: ROOT,
      encoding: "utf8",
      env,
    });
    return { status, stderr, said: readFileSync(calls, "utf8") };
  }

  it("opens an issue with the end of the preview, in a block that nothing gets out of", () => {
    const { status, stderr, said } = drift("");
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(said, /^label create drift$/m);
    assert.match(said, /^issue create --title$/m);
    assert.match(said, /https:\/\/github\.test\/acme\/platform\/actions\/runs\/5/);
    assert.match(said, /^ {2}@all last line$/m);
    assert.equal(said.match(/^```/gm)?.length, 2);
    assert.equal(said.match(/^ {2}line$/gm)?.length, 58);
  });

  it("comments on the one that is open", () => {
    const { status, said } = drift("17");
    assert.equal(status, 0);
    assert.match(said, /^issue comment 17$/m);
    assert.doesNotMatch(said, /issue create/);
  });
});
