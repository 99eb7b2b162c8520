import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { assertCode, type Ended } from "./support/cli";
import { LiveStack, type Releases } from "./support/live-stack";
import { step, until } from "./support/steps";

const RELEASE = "kube-system/cilium";

/** How an up is killed. */
interface Killing {
  /** With the providers that it started; else they go on. */
  readonly providers: boolean;
  /** What is done before. */
  readonly first?: () => Promise<void>;
}

/** What a stack is and what its cluster has. */
interface Whole {
  readonly resources: readonly unknown[];
  readonly objects: readonly string[];
}

describe("an up that is killed while a release is being made", () => {
  let stack: LiveStack;
  let recovered: Whole;
  before(async () => {
    stack = await step("a cluster", () => LiveStack.start("live"));
  });
  after(() => stack?.stop());

  const locks = () =>
    existsSync(stack.lockFolder) ? readdirSync(stack.lockFolder).filter((file) => file.endsWith(".json")) : [];
  const said = ({ stdout, stderr }: Ended) => stdout + stderr;
  const whole = async (): Promise<Whole> => ({
    resources: (await stack.state()).resources,
    objects: await stack.objects(),
  });
  const only = (releases: Releases) => Object.entries(releases).filter(([, revisions]) => revisions.length !== 1);

  /** Kills the CLI and all that it started, when Helm has begun and cannot end, as its pods wait. */
  async function killInTheMiddle({ providers, first }: Killing): Promise<void> {
    await stack.schedule(false);
    const run = stack.up();
    const begun = async () => {
      if (run.over) assert.fail(said(await run.ended));
      return (await stack.releases())[RELEASE]?.includes("1 pending-install") === true;
    };
    await step("the release is being made", () => until("Helm has begun", 200, begun));
    await first?.();
    if (providers) run.killGroup("SIGKILL");
    else run.kill("SIGKILL");
    await run.gone;
    await stack.schedule(true);
  }

  /** While the CLI works, nobody else does, and is told who it is. */
  async function refusedWhileItWorks(): Promise<void> {
    const ended = await step("recover while it works", () => stack.recover("--yes"));
    assertCode(ended, 4);
    assert.match(ended.stdout, /is locked by \S+ on \S+, process \d+, since \S+: it is at work/);
  }

  it("stays locked, and the next up fails when the lock is released by hand", async () => {
    await killInTheMiddle({ providers: true, first: refusedWhileItWorks });
    assert.equal(locks().length, 1);
    assert.ok((await stack.state()).pending.some((operation) => /^creating .*cilium/.test(operation)));
    const refused = await step("up", () => stack.up().ended);
    assert.notEqual(refused.code, 0);
    assert.match(said(refused), /currently locked by 1 lock.*created by \S+@\S+ \(pid \d+\)/s);
    await stack.pulumi("cancel", "--yes", "--stack", stack.name);
    const failed = await step("up without the lock", () => stack.up().ended);
    assert.notEqual(failed.code, 0);
    assert.match(said(failed), /cannot re-use a name that is still in use/);
  });

  it("is shown and left as it is where nobody says yes", async () => {
    const before = await stack.state();
    const ended = await step("recover", () => stack.recover());
    assertCode(ended, 3);
    assert.match(ended.stdout, /creating Release only\.cilium/);
    assert.match(ended.stdout, /there is no terminal to ask at. Run this again with --yes/);
    assert.deepEqual(await stack.state(), before);
  });

  it("goes on after it was recovered, also where the lock is still there", async () => {
    await killInTheMiddleAgain();
    assert.equal(locks().length, 1);
    const ended = await step("recover --yes", () => stack.recover("--yes"));
    assertCode(ended, 0);
    assert.match(ended.stdout, /release the lock of .* process \d+/);
    assert.deepEqual(locks(), []);
    assert.deepEqual((await stack.state()).pending, []);
    assertCode(await step("up", () => stack.up().ended), 0);
    recovered = await whole();
  });

  it("is recovered once: there is nothing to do the second time", async () => {
    const ended = await step("recover", () => stack.recover("--yes"));
    assertCode(ended, 0);
    assert.match(ended.stdout, /There is nothing to do/);
    assert.deepEqual(await whole(), recovered);
  });

  it("is adopted as it is where the provider went on and ended its release", async () => {
    assertCode(await step("destroy", () => stack.destroy().ended), 0);
    await killInTheMiddle({ providers: false });
    const ended = await step("recover --yes", () => stack.recover("--yes"));
    assertCode(ended, 0);
    assert.match(ended.stdout, /take only\.cilium into the state as kube-system\/cilium/);
    assertCode(await step("up", () => stack.up().ended), 0);
    assert.deepEqual((await stack.releases())[RELEASE], ["1 deployed"]);
    assert.deepEqual(await whole(), recovered);
  });

  it("is in the end what an undisturbed one is, with nothing twice", async () => {
    assert.deepEqual(only(await stack.releases()), []);
    assertCode(await step("destroy", () => stack.destroy().ended), 0);
    assertCode(await step("an undisturbed up", () => stack.up().ended), 0);
    assert.deepEqual(await whole(), recovered);
  });

  /** The same once more: the lock of the CLI that was killed is still there. */
  async function killInTheMiddleAgain(): Promise<void> {
    const releases = await stack.releases();
    const run = stack.up();
    await until("the CLI has the lock", 60, () => locks().length === 1);
    run.killGroup("SIGKILL");
    await run.ended;
    assert.deepEqual(await stack.releases(), releases);
  }
});
