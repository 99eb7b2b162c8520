import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { TSX } from "../../cli/tsx";
import { findPulumi } from "../../tenancy/engine";
import { ROOT, temporaryFolder } from "../support/stack";

describe("Pulumi for the driver of shards", () => {
  const folder = temporaryFolder();
  const bin = (name: string) => join(folder.path, name);
  before(() => {
    for (const path of ["empty", "path", "engine/.engine/abc/bin", "bare/.engine/abc/bin"])
      mkdirSync(join(folder.path, path), { recursive: true });
    folder.write("path/pulumi", "");
    folder.write("engine/.engine/abc/bin/pulumi", "");
  });

  it("is that on PATH", () => {
    const env = { PATH: [bin("empty"), bin("path")].join(delimiter) };
    findPulumi(bin("engine"), env);
    assert.equal(env.PATH, [bin("empty"), bin("path")].join(delimiter));
  });

  it("is else the engine's, also for processes that are started", () => {
    const env = { PATH: bin("empty") };
    findPulumi(bin("engine"), env);
    assert.equal(env.PATH, [bin("empty"), bin("engine/.engine/abc/bin")].join(delimiter));
  });

  for (const root of ["empty", "bare"])
    it(`is nowhere (${root}): the message says what to install`, () => {
      assert.throws(
        () => findPulumi(bin(root), { PATH: bin("empty") }),
        /neither on PATH nor in \.engine: install .*npm run engine/,
      );
    });

  it("is not asked for a stack that is not there", () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      ["--import", TSX, join(ROOT, "tenancy/main.ts"), "list", "--stack", "nosuch"],
      { cwd: folder.path, env: { PATH: bin("empty"), HOME: folder.path }, encoding: "utf8" },
    );
    assert.equal(status, 2, stderr);
    assert.match(stderr, /^ {2}Pulumi\.nosuch\.yaml: there is no such file; /m);
    assert.doesNotMatch(stderr, /^\s+at /m);
  });
});
