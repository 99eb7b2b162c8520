import assert from "node:assert/strict";
import { join } from "node:path";
import { connectClusters } from "../../components/clusters";
import { type FleetPlan, planFleet } from "../../components/fleet";
import { SettingsError } from "../../components/settings";
import { fakeProbe, runProgram } from "../support/program";
import { settingsAfter } from "../support/settings";
import { kubeconfigOf, temporaryFolder } from "../support/stack";

/** A fleet of one cluster whose kubeconfig is found by `reference`. */
function fleet(reference: object): FleetPlan {
  return planFleet(
    settingsAfter({
      "platform.clusters.east": undefined,
      "platform.clusters.west": undefined,
      "platform.clusters.control.planes": ["control", "data"],
      "platform.clusters.control.provider.kubeconfig": reference,
    }),
    "test",
  );
}

describe("the kubeconfig of an existing cluster", () => {
  const folder = temporaryFolder();
  const { KUBECONFIG } = process.env;
  before(() => {
    folder.write("one.yaml", kubeconfigOf("one"));
    folder.write("two.yaml", kubeconfigOf("two"));
    folder.write("bad.yaml", "kind: Pod\n");
  });
  afterEach(() => {
    if (KUBECONFIG === undefined) delete process.env.KUBECONFIG;
    else process.env.KUBECONFIG = KUBECONFIG;
  });

  /** The API server that is knocked at. */
  const found = async (reference: object): Promise<string | undefined> => {
    const probe = fakeProbe();
    const program = async () => {
      await connectClusters(fleet(reference), { root: folder.path, probe });
      return {};
    };
    await runProgram(program);
    return probe.asked.endpoints[0];
  };

  it("is a file relative to the root", async () =>
    assert.equal(await found({ path: "one.yaml" }), "one.api.test:6443"));

  it("is an absolute file", async () => {
    assert.equal(await found({ path: join(folder.path, "two.yaml") }), "two.api.test:6443");
  });

  it("is, by a context alone, the first file of KUBECONFIG", async () => {
    process.env.KUBECONFIG = [join(folder.path, "two.yaml"), join(folder.path, "one.yaml")].join(":");
    assert.equal(await found({ context: "two" }), "two.api.test:6443");
  });

  const bad: readonly (readonly [title: string, reference: object, key: string, message: string])[] = [
    ["a file that is not there", { path: "none.yaml" }, "path", "none.yaml cannot be read; check the path"],
    ["a folder", { path: "." }, "path", ". cannot be read; check the path"],
    [
      "a file that is no kubeconfig",
      { path: "bad.yaml" },
      "path",
      "bad.yaml is no kubeconfig: contexts: required: a list; clusters: required: a list",
    ],
    [
      "a context that the file does not have",
      { path: "one.yaml", context: "two" },
      "path",
      'one.yaml has no context "two"; it has one',
    ],
  ];
  for (const [title, reference, key, message] of bad) {
    it(`is not ${title}`, () => {
      const path = `platform.clusters.control.provider.kubeconfig.${key}`;
      assert.throws(
        () => connectClusters(fleet(reference), { root: folder.path }),
        (error: unknown) => {
          assert.ok(error instanceof SettingsError);
          assert.deepEqual(error.problems, [{ path, message }]);
          return true;
        },
      );
    });
  }

  it("is not a context of a file that is not there", () => {
    process.env.KUBECONFIG = join(folder.path, "none.yaml");
    assert.throws(() => connectClusters(fleet({ context: "one" }), { root: folder.path }), {
      problems: [
        {
          path: "platform.clusters.control.provider.kubeconfig.context",
          message: `${join(folder.path, "none.yaml")} cannot be read; check the path`,
        },
      ],
    });
  });
});

describe("connectClusters", () => {
  const folder = temporaryFolder();

  it("gives a cluster a provider whose identity does not change with its address", async () => {
    folder.write("one.yaml", kubeconfigOf("one"));
    const { graph } = await runProgram(async () => {
      await connectClusters(fleet({ path: "one.yaml" }), { root: folder.path, probe: fakeProbe() });
      return {};
    });
    const [provider, ...others] = graph.resources;
    assert.deepEqual(others, []);
    assert.equal(provider?.name, "control");
    assert.deepEqual(provider?.inputs, {
      clusterIdentifier: "test/control",
      enableServerSideApply: "true",
      kubeconfig: { secret: kubeconfigOf("one") },
    });
  });

  it("names every kubeconfig that is not found", () => {
    const plan = planFleet(
      settingsAfter({
        "platform.clusters.east.provider.kubeconfig": { path: "no-east" },
        "platform.clusters.west.provider.kubeconfig": { path: "no-west" },
        "platform.clusters.control.provider.kubeconfig": { path: "one.yaml" },
      }),
      "test",
    );
    assert.throws(() => connectClusters(plan, { root: folder.path }), {
      message: [
        "2 problems in the settings; nothing was created:",
        "  platform.clusters.east.provider.kubeconfig.path: no-east cannot be read; check the path",
        "  platform.clusters.west.provider.kubeconfig.path: no-west cannot be read; check the path",
      ].join("\n"),
    });
  });

  it("takes the API server that nodes reach from settings, else from the kubeconfig", async () => {
    const plan = planFleet(
      settingsAfter({
        "platform.clusters.east.provider": {
          kind: "existing",
          kubeconfig: { path: "one.yaml" },
          apiServer: "east-node:7443",
        },
        "platform.clusters.west.provider.kubeconfig": { path: "one.yaml" },
        "platform.clusters.control.provider.kubeconfig": { path: "one.yaml" },
      }),
      "test",
    );
    const { outputs } = await runProgram(async () => {
      const { clusters, control } = await connectClusters(plan, { root: folder.path, probe: fakeProbe() });
      return {
        east: clusters.get("east")?.apiServer,
        west: clusters.get("west")?.apiServer,
        kubeconfig: clusters.get("west")?.kubeconfig,
        control: control.name,
        names: [...clusters.keys()],
      };
    });
    assert.deepEqual(outputs, {
      east: { host: "east-node", port: 7443 },
      west: { host: "one.api.test", port: 6443 },
      kubeconfig: { secret: kubeconfigOf("one") },
      control: "control",
      names: ["control", "east", "west"],
    });
  });
});
