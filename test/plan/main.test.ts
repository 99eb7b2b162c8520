import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../support/stack";

/** Runs the command with a home and credentials that would be noticed. */
function plan(...args: readonly string[]) {
  const home = mkdtempSync(join(tmpdir(), "plan-home-"));
  try {
    const env = { PATH: process.env.PATH, HOME: home, KUBECONFIG: join(home, "none"), AWS_PROFILE: "none" };
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "plan/main.ts", ...args], {
      cwd: ROOT,
      env,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
    return { status, stdout, stderr };
  } finally {
    rmSync(home, { recursive: true });
  }
}

describe("npm run plan", () => {
  it("writes the whole JSON to a pipe, and ends with 0", () => {
    const { status, stdout, stderr } = plan("dev", "--format", "json");
    assert.equal(stderr, "");
    const written = JSON.parse(stdout);
    assert.equal(status, 0);
    assert.equal(written.stack, "dev");
    const keys = ["stack", "clusters", "resources", "policy", "endpoints", "certificates", "seconds"];
    assert.deepEqual(
      keys.filter((key) => !(key in written)),
      [],
    );
  });

  it("lists every problem of the settings with its path, and ends with 2", () => {
    const { status, stdout, stderr } = plan("dev", "--set", "domain=-", "--set", "clusters.east.network.meshId=300");
    assert.equal(status, 2);
    assert.equal(stdout, "");
    assert.match(stderr, /^2 problems in the settings; nothing was created:$/m);
    assert.match(stderr, /^ {2}platform\.domain: /m);
    assert.match(stderr, /^ {2}platform\.clusters\.east\.network\.meshId: /m);
    assert.doesNotMatch(stderr, /^\s+at /m);
  });

  it("says how it is called, and ends with 2", () => {
    const { status, stderr } = plan("--format", "pdf");
    assert.equal(status, 2);
    assert.match(stderr, /Usage: npm run plan/);
  });

  it("writes the report to a file", () => {
    const folder = mkdtempSync(join(tmpdir(), "plan-"));
    try {
      const file = join(folder, "dev.txt");
      const { status, stdout } = plan("dev", "--out", file);
      assert.deepEqual([status, stdout], [0, ""]);
      assert.match(readFileSync(file, "utf8"), /^Plan of dev \(development, choreo\.localhost\)/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
