import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { heldBy, locksIn, locksInFolder, saysLocked } from "../../recovery/lock";
import { temporaryFolder } from "../support/stack";

const LOCK = { pid: 4711, user: "deployer", host: "runner-1", since: "2026-11-25T10:00:00Z" };

describe("recovery: who has the lock", () => {
  const machine = (command: string | undefined, host = "runner-1") => ({ host, commandOf: () => command });
  const rows: readonly (readonly [title: string, machine: ReturnType<typeof machine>, holder: string])[] = [
    ["a process that is not there", machine(undefined), "gone"],
    ["a process of the CLI", machine("/usr/bin/pulumi up --yes"), "working"],
    ["another process, which got the same number", machine("/usr/sbin/sshd -D"), "gone"],
    ["a process that cannot be looked at", machine(""), "working"],
    ["a process of another machine", machine(undefined, "laptop"), "elsewhere"],
  ];
  for (const [title, here, holder] of rows) {
    it(title, () => assert.deepEqual(heldBy(LOCK, here), { ...LOCK, holder }));
  }

  it("is read from what the engine says where it alone can look", () => {
    const message = `error: the stack is currently locked by 2 lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.
  s3://states/.pulumi/locks/organization/openchoreo/prod/1.json: created by deployer@runner-1 (pid 4711) at 2026-11-25T10:00:00Z
  s3://states/.pulumi/locks/organization/openchoreo/prod/2.json: created by me@laptop (pid 12) at 2026-11-25T11:00:00+01:00`;
    assert.deepEqual(locksIn(message), [
      LOCK,
      { pid: 12, user: "me", host: "laptop", since: "2026-11-25T11:00:00+01:00" },
    ]);
    assert.ok(saysLocked(message));
    assert.ok(saysLocked("error: [409] Conflict: Another update is currently in progress."));
    assert.ok(!saysLocked("error: no stack named 'prod' found"));
    assert.deepEqual(locksIn("error: no stack named 'prod' found"), []);
  });

  describe("in a folder of states", () => {
    const folder = temporaryFolder();
    const write = (path: string, text: string) => {
      mkdirSync(join(folder.path, path, ".."), { recursive: true });
      folder.write(path, text);
    };

    it("is found below the project, and of a stack without one", () => {
      const text = JSON.stringify({
        pid: 4711,
        username: "deployer",
        hostname: "runner-1",
        timestamp: "2026-11-25T10:00:00Z",
      });
      write(".pulumi/locks/organization/openchoreo/prod/1.json", text);
      write(".pulumi/locks/organization/openchoreo/other/2.json", text);
      write(".pulumi/locks/old/3.json", text);
      write(".pulumi/locks/organization/openchoreo/broken/4.json", "{}");
      writeFileSync(join(folder.path, ".pulumi/locks/organization/openchoreo/prod/note.txt"), "no lock");
      const locks = (stack: string) => locksInFolder(`file://${folder.path}`, "openchoreo", stack);
      assert.deepEqual(locks("prod"), [LOCK]);
      assert.deepEqual(locks("old"), [LOCK]);
      assert.deepEqual(locks("broken"), []);
      assert.deepEqual(locks("free"), []);
    });
  });
});
