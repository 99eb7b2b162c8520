import assert from "node:assert/strict";
import type { Report } from "../../rehearsal/report";
import { withoutOthers } from "../support/settings";
import { assertCode, type Ended } from "./support/cli";
import { processesOf } from "./support/processes";
import { Project } from "./support/project";
import { step } from "./support/steps";

const STACK = "capi";

/** A control cluster that is there, and a data cluster that Cluster API makes on it, of containers. */
const SETTINGS = {
  config: {
    "pulumi:disable-default-providers": ["kubernetes", "aws"],
    "openchoreo:platform": {
      profile: "development",
      domain: "choreo.localhost",
      clusters: {
        control: {
          planes: ["control", "workflow", "observability"],
          provider: { kind: "existing", kubeconfig: { context: "kind-control" }, apiServer: "control:6443" },
          network: { meshId: 1, meshAddress: "172.18.255.1" },
        },
        east: {
          planes: ["data"],
          provider: {
            kind: "cluster-api",
            infrastructure: "docker",
            kubernetes: "1.34.3",
            nodePools: { general: { min: 2, max: 4 } },
          },
          network: { meshId: 2, meshAddress: "172.18.255.2" },
        },
      },
      ...withoutOthers(),
      clusterApi: { infrastructure: ["docker"] },
    },
  },
};

describe("rehearse a cluster that Cluster API makes, --once", () => {
  let project: Project;
  let ended: Ended;
  let report: Report;

  before(async () => {
    project = new Project({ [STACK]: SETTINGS });
    ended = await step(`rehearse ${STACK} --once`, () => project.rehearse([STACK, "--once"], { limitMs: 900_000 }));
    assertCode(ended, 0);
    report = project.report(STACK);
  });
  after(() => project?.remove());

  it("makes it on the control cluster, and installs on it what every cluster has", () => {
    assert.deepEqual(report.problems, []);
    assert.deepEqual(
      report.clusters.map(({ name }) => name),
      ["control", "east"],
    );
    const on = (cluster: string) => report.releases.filter((one) => one.cluster === cluster).map(({ name }) => name);
    assert.ok(on("control").includes("cluster-api-operator"));
    assert.deepEqual(on("east").sort(), ["cert-manager", "cilium"]);
    for (const { name, status } of report.releases) assert.equal(status, "deployed", name);
    assert.match(ended.stdout, /Simulated: .*Cluster API/);
  });

  it("changes nothing at the second preview, and destroys what it created", () => {
    assert.deepEqual(
      report.phases.map(({ name }) => name),
      ["up", "preview", "destroy"],
    );
    const [up, preview, destroy] = report.phases;
    assert.ok((up?.created ?? 0) > 40, `${up?.created} resources`);
    assert.deepEqual([preview?.created, preview?.updated, preview?.deleted], [0, 0, 0]);
    assert.equal(destroy?.deleted, preview?.same);
  });

  it("leaves nothing of the cluster on the control cluster", () => {
    const left = report.retained.filter(({ object }) => !object.startsWith("CustomResourceDefinition "));
    assert.deepEqual(left, []);
    assert.deepEqual(processesOf(project.root), []);
    assert.deepEqual(project.remains(STACK), []);
  });
});
