import assert from "node:assert/strict";
import { FAULTS } from "../../rehearsal/providers/aws/faults";
import { assertCode } from "../engine/support/cli";
import { Project } from "../engine/support/project";
import { eksCluster, ON_EKS, withoutOthers } from "../support/settings";
import { note, timed } from "./support/log";
import { SEED } from "./support/seed";

const STACK = "cloud";

/** A stack of one cluster that is made on EKS. */
const CLOUD = {
  config: {
    "pulumi:disable-default-providers": ["kubernetes", "aws"],
    "openchoreo:platform": {
      profile: "development",
      domain: "cloud.test",
      clusters: { only: eksCluster(["control", "data", "workflow", "observability"], 1) },
      mesh: { dns: "published" },
      aws: ON_EKS["platform.aws"],
      ...withoutOthers(),
    },
  },
};

describe("AWS that throttles", () => {
  let project: Project;
  before(() => {
    project = new Project({ [STACK]: CLOUD });
  });
  after(() => project?.remove());

  const rehearse = (share: number) => {
    const env = { ...process.env, [FAULTS]: `throttle=${share},seed=${SEED}` };
    return timed(`  rehearsal, ${share * 100} % of the calls throttled`, () =>
      project.rehearse([STACK, "--keep"], { env }),
    );
  };

  it("stops an up with its own words, and what was made by then is gone on with", async () => {
    const first = await rehearse(0.1);
    assertCode(first, 1);
    assert.match(first.stdout, /ThrottlingException: Rate exceeded/);
    const second = await rehearse(0);
    assertCode(second, 0);
    assert.match(second.stderr, /going on with the running clusters/);
    const [up] = project.report(STACK).phases;
    note(`    the next up made ${up?.created}, and left ${up?.same} as they were`);
    assert.ok((up?.same ?? 0) > 0);
    assert.equal(up?.deleted, 0);
  });

  it("leaves nothing that the next up would change", async () => {
    assertCode(await rehearse(0), 0);
    const [up] = project.report(STACK).phases;
    assert.deepEqual([up?.created, up?.updated, up?.deleted], [0, 0, 0]);
    assertCode(await project.rehearse([STACK, "--destroy"]), 0);
  });
});
