import assert from "node:assert/strict";
import { LiveStack } from "../engine/support/live-stack";
import { note, timed } from "./support/log";
import { Gateway } from "./support/proxy";
import { atStep, mended, stepsOf, succeeds, type Whole, wholeOf } from "./support/whole";

describe("the way to an API server broken", () => {
  let proxy: Gateway;
  let stack: LiveStack;
  let up: Whole;
  let steps: number;

  before(async () => {
    stack = await LiveStack.start("far", {}, async (cluster) => {
      proxy = await Gateway.before(cluster);
      return proxy.kubeconfigFor(cluster);
    });
    const run = stack.up();
    await succeeds("an undisturbed up", () => run);
    steps = stepsOf(run.printed).length;
    up = await wholeOf(stack);
  });
  afterEach(async () => {
    proxy.delay = 0;
    await succeeds("destroy", () => stack.destroy());
  });
  after(async () => {
    await stack?.stop();
    await proxy?.close();
  });

  it("refused from the start: nothing is made, and the server is named", async () => {
    await succeeds("destroy", () => stack.destroy());
    await proxy.close();
    const { code, stdout } = await timed("  refused", () => stack.up().ended);
    await proxy.open();
    assert.notEqual(code, 0);
    assert.match(stdout, new RegExp(`its API server 127\\.0\\.0\\.1:${proxy.port} cannot be reached`));
    assert.deepEqual(await stack.releases(), {});
  });

  it("slow: it takes longer, and ends well", async () => {
    proxy.delay = 100;
    await succeeds("up, each answer 0.1 s late", () => stack.up());
    assert.deepEqual(await wholeOf(stack), up);
  });

  it("cut again and again", async () => {
    const run = stack.up();
    note(`  connections cut every 2 s from ${await atStep(run, Math.floor(steps / 4))}`);
    let cut = 0;
    const timer = setInterval(() => {
      cut += proxy.cut();
    }, 2_000);
    const ended = await timed("    up", () => run.ended);
    clearInterval(timer);
    assert.ok(cut > 0);
    await mended(stack, up, ended, /EOF|reset|closed|broken pipe|timeout|refused/i);
  });

  it("gone in the middle for five seconds", async () => {
    const run = stack.up();
    note(`  server gone from ${await atStep(run, Math.floor(steps / 2))}`);
    await proxy.close();
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    await proxy.open();
    await mended(stack, up, await timed("    up", () => run.ended), /EOF|reset|closed|timeout|refused|unreachable/i);
  });
});
