import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { LiveStack } from "../engine/support/live-stack";
import { note, timed } from "./support/log";
import { recovered, succeeds, wholeOf } from "./support/whole";

/** Kilobytes of the disk for the state: enough for the beginning of an up. */
const SIZE_KB = 256;

function mount(...args: readonly string[]): boolean {
  return spawnSync(args[0] ?? "", args.slice(1), { stdio: "ignore" }).status === 0;
}

describe("the disk of the state full", () => {
  let stack: LiveStack;
  let mounted = false;

  before(async function () {
    const probe = "/tmp/openchoreo-disk-probe";
    mkdirSync(probe, { recursive: true });
    mounted = mount("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", probe) && mount("umount", probe);
    rmSync(probe, { recursive: true });
    if (!mounted) {
      note("  no small disk can be mounted here (it takes root): not tried");
      this.skip();
    }
    stack = await LiveStack.start("full");
  });
  after(async () => {
    if (stack !== undefined) mount("umount", "--lazy", stack.project.folders(stack.name).state);
    await stack?.stop();
  });

  it("the up fails and says so; with room it goes on", async () => {
    const { state } = stack.project.folders(stack.name);
    assert.ok(mount("mount", "-t", "tmpfs", "-o", `size=${SIZE_KB}k`, "tmpfs", state));
    await stack.pulumi("stack", "init", stack.name);
    const { code, stdout, stderr } = await timed(`  up on a disk of ${SIZE_KB} kB`, () => stack.up().ended);
    assert.notEqual(code, 0);
    assert.match(stdout + stderr, /no space left on device/);
    assert.ok(mount("mount", "-o", "remount,size=64m", state));
    await recovered(stack);
    await succeeds("up", () => stack.up());
    const disturbed = await wholeOf(stack);
    await succeeds("destroy", () => stack.destroy());
    await succeeds("an undisturbed up", () => stack.up());
    assert.deepEqual(await wholeOf(stack), disturbed);
  });
});
