import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { assertCode, type Run } from "./support/cli";
import { processesOf } from "./support/processes";
import { Project, SOLO } from "./support/project";
import { step, until } from "./support/steps";

const STACK = "solo";

describe("a rehearsal that is interrupted", () => {
  let project: Project;
  before(() => {
    project = new Project({ [STACK]: SOLO });
  });
  after(() => project?.remove());

  /** No process, no lock and no state. */
  async function nothingLeft(seconds: number): Promise<void> {
    const { base } = project.folders(STACK);
    const left = () => [...processesOf(base).map(({ command }) => command), ...project.remains(STACK)];
    await until(`nothing is left, but there is ${left().join("\n")}`, seconds, () => left().length === 0).catch(
      (error) => {
        assert.deepEqual(left(), [], error.message);
      },
    );
  }

  /** Cilium's release is being created: the worst moment, as Helm and the engine both have something open. */
  async function inTheMiddle(run: Run): Promise<void> {
    await run.says(/up …/);
    const log = join(project.folders(STACK).log, "up.log");
    const creating = () => existsSync(log) && /Release only\.cilium creating/.test(readFileSync(log, "utf8"));
    await step("in the middle of up", () => until("Cilium's release is being created", 120, creating));
  }

  it("by Ctrl-C in the middle of up: ends with 130 and leaves nothing", async () => {
    const run = project.startByScript([STACK]);
    await inTheMiddle(run);
    run.killGroup("SIGINT");
    const ended = await step("interrupted", () => run.ended);
    assertCode(ended, 130);
    // Each process of the terminal gets the signal; the one that was started first ends last.
    assert.match(ended.stderr, /^Interrupted; everything that was started is stopped and removed\.$/m);
    assert.doesNotMatch(ended.stderr, /^ +at /m);
    await nothingLeft(1);
  });

  it("by a signal to its process alone, while a cluster is starting: ends with 130 and leaves nothing", async () => {
    const run = project.start([STACK]);
    await run.says(/starting 1 local cluster/);
    const { clusters } = project.folders(STACK);
    await step("a cluster is starting", () => until("etcd runs", 20, () => processesOf(clusters).length > 1));
    run.kill("SIGTERM");
    assertCode(await step("terminated", () => run.ended), 130);
    await nothingLeft(1);
  });

  it("by SIGKILL in the middle of up: leaves nothing within 10 s", async () => {
    const run = project.start([STACK]);
    await inTheMiddle(run);
    run.kill("SIGKILL");
    const { signal } = await run.ended;
    assert.equal(signal, "SIGKILL");
    await step("cleaned up", () => nothingLeft(10));
  });

  it("by SIGKILL does not stop the next one, which waits until all is cleaned up", async () => {
    const run = project.start([STACK]);
    await run.says(/starting 1 local clusters?: done/);
    run.kill("SIGKILL");
    const ended = await step("a whole rehearsal", () => project.rehearse([STACK, "--once"]));
    assertCode(ended, 0);
    await nothingLeft(1);
  });
});
