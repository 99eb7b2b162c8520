import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { wasInterrupted } from "../../rehearsal/resume";
import { edit } from "../support/settings";
import { assertCode } from "./support/cli";
import { processesOf } from "./support/processes";
import { Project, SOLO } from "./support/project";
import { step, until } from "./support/steps";

const STACK = "solo";

describe("a rehearsal with --keep that is killed in the middle of up", () => {
  let project: Project;
  let interrupted: boolean;
  before(() => {
    // Alone, as the gateway of a mesh of one is a door that the policies refuse.
    const alone = edit(SOLO, { "config.openchoreo:platform.clusters.only.network.mesh": false });
    project = new Project({ [STACK]: alone });
  });
  after(() => project?.remove());

  const folders = () => project.folders(STACK);
  /** Processes of the rehearsal that are none of a cluster's. */
  const others = () => processesOf(folders().base).filter(({ command }) => !/etcd|kube-|kwok/.test(command));

  it("leaves its clusters and its state, and no process that works on them", async () => {
    const run = project.start([STACK, "--keep"]);
    const log = join(folders().log, "up.log");
    const creating = async () => {
      if (run.over) assertCode(await run.ended, -1);
      return existsSync(log) && /Release only\.cilium creating/.test(readFileSync(log, "utf8"));
    };
    await step("in the middle of up", () => until("Cilium's release is being created", 200, creating));
    run.kill("SIGKILL");
    await run.ended;
    await step("the guard's work", () => until("only the clusters run", 20, () => others().length === 0));
    await until("the guard is done", 10, () => !existsSync(folders().guard));
    assert.ok(processesOf(folders().clusters).length > 3);
    // The engine may have had the time to end what it was at.
    interrupted = wasInterrupted(folders(), STACK);
  });

  it("is gone on with by the next one", async () => {
    const ended = await step("rehearse", () => project.rehearse([STACK, "--keep"]));
    assertCode(ended, 0);
    assert.match(ended.stderr, /going on with the running clusters only/);
    assert.equal(/recovering from the rehearsal that was interrupted: done/.test(ended.stderr), interrupted);
    assert.ok(!wasInterrupted(folders(), STACK));
  });

  it("is as good as any other: nothing changes in a third one, and all of it goes", async () => {
    const ended = await step("rehearse", () => project.rehearse([STACK, "--keep"]));
    assertCode(ended, 0);
    const [up] = project.report(STACK).phases;
    assert.deepEqual([up?.created, up?.updated, up?.deleted], [0, 0, 0]);
    assert.doesNotMatch(ended.stderr, /recovering/);
    assertCode(await step("--destroy", () => project.rehearse([STACK, "--destroy"])), 0);
    assert.deepEqual(processesOf(folders().base), []);
  });
});
