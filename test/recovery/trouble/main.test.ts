import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { ROOT, temporaryFolder } from "../../support/stack";

describe("npm run trouble", () => {
  const folder = temporaryFolder();

  /** Runs the command beside a Pulumi CLI that does what a script says. */
  function run(cli: string, ...words: readonly string[]) {
    chmodSync(folder.write("pulumi", `#!/bin/sh\n${cli}\n`), 0o755);
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["--import", "tsx", "recovery/trouble/main.ts", ...words],
      { cwd: ROOT, encoding: "utf8", env: { ...process.env, PATH: `${folder.path}${delimiter}${process.env.PATH}` } },
    );
    return { status, stdout, stderr };
  }

  it("ends well, as it comes after a failure, and quotes nothing of a CLI that fails", () => {
    const { status, stdout, stderr } = run("echo s3cr3t; echo s3cr3t >&2; exit 255", "nowhere");
    assert.deepEqual([status, stderr], [0, ""]);
    assert.equal(
      stdout,
      "No cluster was asked: the state of nowhere cannot be read (pulumi stack export --stack nowhere).\n",
    );
  });

  it("asks the CLI for the state once, and says what it has", () => {
    const calls = join(folder.path, "calls");
    const state = '{"version":3,"deployment":{"resources":[]}}';
    const { status, stdout } = run(`echo "$@" >> '${calls}'\necho '${state}'`, "nowhere");
    assert.deepEqual([status, stdout], [0, "the stack's state has no cluster yet\n"]);
    assert.equal(
      readFileSync(calls, "utf8"),
      "stack export --show-secrets --stack nowhere --non-interactive --color never\n",
    );
  });

  it("says how it is called", () => {
    const { status, stderr } = run("exit 1");
    assert.equal(status, 2);
    assert.match(stderr, /^name the stack\n\nUsage: npm run trouble -- <stack>/);
  });
});
