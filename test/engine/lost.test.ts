import assert from "node:assert/strict";
import { withoutOthers } from "../support/settings";
import { assertCode, type Ended } from "./support/cli";
import { Project } from "./support/project";
import { difference, readState } from "./support/state";
import { step } from "./support/steps";

const STACK = "lost";
const LOST = "platform.clusters.east.lost=true";

const existing = (name: string) => ({
  kind: "existing",
  kubeconfig: { context: `kind-${name}` },
  apiServer: `${name}-control-plane:6443`,
});

const SETTINGS = {
  config: {
    "pulumi:disable-default-providers": ["kubernetes", "aws"],
    "openchoreo:platform": {
      profile: "development",
      domain: "lost.localhost",
      clusters: {
        control: {
          planes: ["control", "workflow", "observability"],
          provider: existing("control"),
          network: { meshId: 1, meshAddress: "172.18.255.1" },
        },
        east: {
          planes: ["data"],
          provider: existing("east"),
          network: { meshId: 2, meshAddress: "172.18.255.2" },
        },
      },
      ...withoutOthers(),
    },
  },
};

describe("a cluster that is lost, on the real engine", () => {
  let project: Project;
  const run = (what: string, ...args: string[]): Promise<Ended> =>
    step(what, () => project.rehearse([STACK, ...args], { limitMs: 900_000 }));
  const state = () => readState(project.folders(STACK), STACK);

  before(async () => {
    project = new Project({ [STACK]: SETTINGS });
    assertCode(await run("up"), 0);
  });
  after(async () => {
    await project.rehearse([STACK, "--destroy"]);
    project.remove();
  });

  it("stops no `up`, which changes nothing of it and takes it from its peers' lists", async () => {
    const before_ = state();
    assertCode(await run("up without it", "--set", LOST), 0);
    const { created, deleted, replaced, updated } = difference(before_, state());
    assert.deepEqual([created, replaced], [[], []]);
    // Charts of kinds ask the cluster, so they leave the state, and nothing else does.
    assert.ok(deleted.length > 0);
    for (const name of deleted) assert.match(name, /^east\.gateway-api-crds\b/);
    assert.deepEqual(
      updated.filter((name) => !/^east(\.|$)/.test(name)),
      ["control.cilium-mesh-users", "control.mesh-local", "control.mesh-peers"],
    );
    const east = updated.filter((name) => /^east(\.|$)/.test(name));
    // The provider, which is told not to insist.
    assert.deepEqual(east, ["east"]);
  });

  it("goes from the state with its entry, though it answers nobody", async () => {
    assertCode(await run("up after its entry is removed", "--set", "platform.clusters.east=null"), 0);
    const left = [...state().keys()].filter((urn) => /::east(\.|$)/.test(urn));
    assert.deepEqual(left, []);
  });
});
