import assert from "node:assert/strict";
import type { Run } from "../engine/support/cli";
import { LiveStack } from "../engine/support/live-stack";
import { note } from "./support/log";
import { FEW, random, SEED } from "./support/seed";
import { atStep, recovered, stepsOf, succeeds, type Whole, wholeOf } from "./support/whole";

const [UPS, DESTROYS] = FEW ? [3, 2] : [20, 10];

describe("the CLI killed", () => {
  const next = random(SEED);
  let stack: LiveStack;
  /** The undisturbed stack, and what an undisturbed destroy leaves. */
  let up: Whole;
  let gone: Whole;
  /** Steps that the engine writes of each. */
  let steps: readonly [up: number, destroy: number];

  before(async () => {
    stack = await LiveStack.start("killed");
    const first = stack.up();
    await succeeds("an undisturbed up", () => first);
    up = await wholeOf(stack);
    const destroy = stack.destroy();
    await succeeds("an undisturbed destroy", () => destroy);
    gone = await wholeOf(stack);
    steps = [stepsOf(first.printed).length, stepsOf(destroy.printed).length];
    note(
      `${steps[0]} steps of up, ${steps[1]} of destroy; ${up.resources.length} resources, ${up.objects.length} objects`,
    );
  });
  after(() => stack?.stop());

  /** Kills the CLI, half of the times with all that it started. */
  async function kill(what: string, run: Run, total: number): Promise<void> {
    const count = 1 + Math.floor(next() * (total - 1));
    const whole = next() < 0.5;
    const at = await atStep(run, count);
    if (whole) run.killGroup("SIGKILL");
    else run.kill("SIGKILL");
    await run.gone;
    note(
      `  ${what} killed${whole ? " with its providers" : ", its providers left"} at step ${count} of ${total}: ${at}`,
    );
  }

  for (let point = 1; point <= UPS; point += 1) {
    it(`at point ${point} of up${point <= DESTROYS ? " and of destroy" : ""}`, async () => {
      const run = stack.up();
      await kill("up", run, steps[0]);
      await recovered(stack);
      await succeeds("up", () => stack.up());
      assert.deepEqual(await wholeOf(stack), up);
      if (point <= DESTROYS) {
        await kill("destroy", stack.destroy(), steps[1]);
        await recovered(stack);
      }
      await succeeds("destroy", () => stack.destroy());
      assert.deepEqual(await wholeOf(stack), gone);
    });
  }
});
