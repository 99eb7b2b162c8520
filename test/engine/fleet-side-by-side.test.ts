import assert from "node:assert/strict";
import { assertCode } from "./support/cli";
import { STACK, useFleet } from "./support/fleet";
import { processesOf } from "./support/processes";
import { DEFAULT_PROVIDER } from "./support/state";
import { step } from "./support/steps";

describe("rehearsals side by side", () => {
  const fleet = useFleet();

  it("rehearses two stacks at once, and refuses a second rehearsal of one of them", async () => {
    const { project } = fleet;
    const first = project.start([STACK]);
    const other = project.start(["solo", "--once"]);
    await step("both under way", async () => {
      await first.says(/going on with the running clusters/);
      await other.says(/starting 1 local cluster/);
    });
    // It holds still meanwhile, so that it cannot be done before the others ask.
    first.kill("SIGSTOP");
    const [second, destroy] = await step("two more commands on the same stack", () =>
      Promise.all([project.rehearse([STACK]), project.rehearse([STACK, "--destroy"])]),
    );
    first.kill("SIGCONT");
    for (const { code, stdout } of [second, destroy]) assert.deepEqual([code, stdout], [1, ""]);
    assert.match(second.stderr, new RegExp(`^process ${first.pid} is rehearsing ${STACK} already; .+\n$`));
    assert.match(destroy.stderr, new RegExp(`^process ${first.pid} is rehearsing ${STACK} now; .+\n$`));
    const [up, once] = await step("both to their end", () => Promise.all([first.ended, other.ended]));
    assertCode(up, 0);
    fleet.heard(up);
    assertCode(once, 0);
    const { created, updated, deleted, same } = fleet.report.phases[0] ?? {};
    assert.deepEqual({ created, updated, deleted }, { created: 0, updated: 0, deleted: 0 });
    assert.equal(same, [...fleet.state.keys()].filter((urn) => !DEFAULT_PROVIDER.test(urn)).length);
    assert.deepEqual(
      project.report("solo").phases.map(({ name }) => name),
      ["up", "preview", "destroy"],
    );
    assert.deepEqual(project.remains("solo"), []);
    assert.deepEqual(processesOf(project.folders("solo").base), []);
    assert.ok(processesOf(fleet.folders.base).length > 0, "the first stack's clusters are gone");
  });
});
