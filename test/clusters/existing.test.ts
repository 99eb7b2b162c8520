import assert from "node:assert/strict";
import { delimiter, join } from "node:path";
import { openClusters } from "../../components/clusters";
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
      await openClusters(fleet(reference), { root: folder.path, probe });
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
    it(`is not ${title}`, async () => {
      const path = `platform.clusters.control.provider.kubeconfig.${key}`;
      await assert.rejects(openClusters(fleet(reference), { root: folder.path }), (error: unknown) => {
        assert.ok(error instanceof SettingsError);
        assert.deepEqual(error.problems, [{ path, message }]);
        return true;
      });
    });
  }

  it("is, by a context alone, the first file of KUBECONFIG that has it", async () => {
    const files = ["none.yaml", "one.yaml", "two.yaml"].map((file) => join(folder.path, file));
    process.env.KUBECONFIG = files.join(delimiter);
    assert.equal(await found({ context: "one" }), "one.api.test:6443");
    assert.equal(await found({ context: "two" }), "two.api.test:6443");
  });

  const defaults: readonly (readonly [title: string, files: readonly string[], context: string, message: string])[] = [
    [
      "of files that are not there",
      ["none.yaml"],
      "one",
      "there is no kubeconfig at FOLDER/none.yaml; give a path, or set KUBECONFIG",
    ],
    [
      "that none of the files has",
      ["none.yaml", "one.yaml", "two.yaml"],
      "three",
      'FOLDER/one.yaml has no context "three"; it has one',
    ],
    [
      "of a file that is no kubeconfig",
      ["bad.yaml"],
      "one",
      "FOLDER/bad.yaml is no kubeconfig: contexts: required: a list; clusters: required: a list",
    ],
  ];
  for (const [title, files, context, message] of defaults) {
    it(`is not a context ${title}`, async () => {
      process.env.KUBECONFIG = files.map((file) => join(folder.path, file)).join(delimiter);
      const path = "platform.clusters.control.provider.kubeconfig.context";
      await assert.rejects(openClusters(fleet({ context }), { root: folder.path }), {
        problems: [{ path, message: message.replace("FOLDER", folder.path) }],
      });
    });
  }
});

describe("openClusters", () => {
  const folder = temporaryFolder();

  it("gives a cluster a provider whose identity does not change with its address", async () => {
    folder.write("one.yaml", kubeconfigOf("one"));
    const { graph } = await runProgram(async () => {
      const plan = fleet({ path: "one.yaml" });
      const clusters = await openClusters(plan, { root: folder.path, probe: fakeProbe() });
      for (const cluster of plan.clusters) clusters.make(cluster, []);
      return {};
    });
    const [provider, ...others] = graph.resources;
    assert.deepEqual(others, []);
    assert.equal(provider?.name, "control");
    assert.deepEqual(provider?.inputs, {
      clusterIdentifier: "test/control",
      enableConfigMapMutable: "true",
      enableSecretMutable: "true",
      enableServerSideApply: "true",
      kubeconfig: { secret: kubeconfigOf("one") },
    });
  });

  it("names every kubeconfig that is not found", async () => {
    const plan = planFleet(
      settingsAfter({
        "platform.clusters.east.provider.kubeconfig": { path: "no-east" },
        "platform.clusters.west.provider.kubeconfig": { path: "no-west" },
        "platform.clusters.control.provider.kubeconfig": { path: "one.yaml" },
      }),
      "test",
    );
    await assert.rejects(openClusters(plan, { root: folder.path }), {
      message: [
        "2 problems in the settings; nothing was created:",
        "  platform.clusters.east.provider.kubeconfig.path: no-east cannot be read; check the path",
        "  platform.clusters.west.provider.kubeconfig.path: no-west cannot be read; check the path",
      ].join("\n"),
    });
  });

  const loopbacks = ["127.0.0.1", "127.9.9.9", "localhost", "[::1]"];
  for (const host of loopbacks) {
    it(`asks where nodes reach an API server that the kubeconfig has at ${host}`, async () => {
      folder.write("local.yaml", kubeconfigOf("local", `https://${host}:6443`));
      await assert.rejects(openClusters(fleet({ path: "local.yaml" }), { root: folder.path }), {
        problems: [
          {
            path: "platform.clusters.control.provider.apiServer",
            message: `the kubeconfig names ${host.replace(/[[\]]/g, "")}, where the cluster's own nodes do not find the API server; say where they do, as "host:port"`,
          },
        ],
      });
    });
  }

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
      const clusters = await openClusters(plan, { root: folder.path, probe: fakeProbe() });
      const [control, east, west] = plan.clusters.map((cluster) => clusters.make(cluster, []));
      return {
        east: east?.apiServer,
        west: west?.apiServer,
        kubeconfig: west?.kubeconfig,
        names: [control?.name, east?.name, west?.name],
        other: clusters.otherControl()?.name ?? "none",
      };
    });
    assert.deepEqual(outputs, {
      east: { host: "east-node", port: 7443 },
      west: { host: "one.api.test", port: 6443 },
      kubeconfig: { secret: kubeconfigOf("one") },
      names: ["control", "east", "west"],
      other: "none",
    });
  });
});
