import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { runFleet, tryFleet } from "../support/fleet";
import { UNKNOWN } from "../support/graph";
import { HUB, hubOutputs } from "../support/hub";
import { fakeProbe, type Run } from "../support/program";
import { cluster, type Edits } from "../support/settings";
import { kubeconfigOf, object } from "../support/stack";

const HINT = "check that it runs and that this machine may connect";

/** The one error of a run: Pulumi prints its message and no stack trace. */
function refusal(run: Run): string {
  assert.deepEqual(run.errors.map(({ message }) => message).slice(1), []);
  const [error] = run.errors;
  assert.ok(pulumi.RunError.isInstance(error), error?.stack);
  return error.message;
}

describe("an API server that cannot be reached", () => {
  it("is named, with its cluster and its address, before anything is registered", async () => {
    const probe = fakeProbe({ "east.api.test": "ECONNREFUSED" });
    const run = await tryFleet({}, { probe });
    assert.equal(
      refusal(run),
      `1 problem in the fleet; nothing was created:\n  platform.clusters.east.provider: its API server east.api.test:6443 cannot be reached (ECONNREFUSED); ${HINT}`,
    );
    assert.deepEqual(run.graph.resources, []);
    assert.deepEqual(probe.asked, {
      endpoints: ["control.api.test:6443", "east.api.test:6443", "west.api.test:6443"],
      admitted: [],
      kinds: [],
      workloads: [],
      objects: [],
    });
  });

  it("is named together with the others", async () => {
    const run = await tryFleet(
      {},
      { probe: fakeProbe({ "east.api.test": "ETIMEDOUT", "west.api.test": "ENOTFOUND" }) },
    );
    assert.equal(
      refusal(run),
      [
        "2 problems in the fleet; nothing was created:",
        `  platform.clusters.east.provider: its API server east.api.test:6443 cannot be reached (ETIMEDOUT); ${HINT}`,
        `  platform.clusters.west.provider: its API server west.api.test:6443 cannot be reached (ENOTFOUND); ${HINT}`,
      ].join("\n"),
    );
    assert.deepEqual(run.graph.resources, []);
  });

  it("stops a preview too", async () => {
    const run = await tryFleet({}, { probe: fakeProbe({ "east.api.test": "ECONNREFUSED" }), preview: true });
    assert.match(refusal(run), /platform\.clusters\.east\.provider: /);
    assert.deepEqual(run.graph.resources, []);
  });
});

describe("kubeconfigs", () => {
  const EAST = "platform.clusters.east.provider.kubeconfig";
  const secret = {
    config: { "openchoreo:eastKubeconfig": kubeconfigOf("secret-east") },
    secrets: ["openchoreo:eastKubeconfig"],
  };

  it("come from secrets of the stack", async () => {
    const probe = fakeProbe();
    const { graph } = await runFleet({ [EAST]: { secret: "eastKubeconfig" } }, { ...secret, probe });
    assert.equal(probe.asked.endpoints[1], "secret-east.api.test:6443");
    assert.match(
      String(object(graph.get("east", "pulumi:providers:kubernetes").inputs.kubeconfig).secret),
      /token-of-secret-east/,
    );
  });

  it("with a proxy are not knocked at, as only the proxy reaches their server", async () => {
    const text = kubeconfigOf("east").replace("server:", "proxy-url: http://proxy.test:3128\n      server:");
    const probe = fakeProbe({ "east.api.test": "ENOTFOUND" });
    const config = { "openchoreo:eastKubeconfig": text };
    await runFleet({ [EAST]: { secret: "eastKubeconfig" } }, { ...secret, config, probe });
    assert.deepEqual(probe.asked.endpoints, ["control.api.test:6443", "west.api.test:6443"]);
  });

  const bad: readonly (readonly [title: string, reference: object, message: string])[] = [
    [
      "a secret that the stack does not have",
      { secret: "none" },
      `${EAST}.secret: the stack has no secret "none"; set it: pulumi config set --secret none < kubeconfig`,
    ],
    [
      "a context that the secret does not have",
      { secret: "eastKubeconfig", context: "west" },
      `${EAST}.secret: the secret "eastKubeconfig" has no context "west"; it has secret-east`,
    ],
  ];
  it("are refused where a secret is in plain text", async () => {
    const run = await tryFleet({ [EAST]: { secret: "eastKubeconfig" } }, { ...secret, secrets: [] });
    assert.equal(
      refusal(run),
      "1 problem in the settings; nothing was created:\n  eastKubeconfig: unknown key; settings are under platform and tenants, and a secret is set by: pulumi config set --secret eastKubeconfig",
    );
  });

  for (const [title, reference, message] of bad) {
    it(`are refused: ${title}`, async () => {
      const run = await tryFleet({ [EAST]: reference }, secret);
      assert.equal(refusal(run), `1 problem in the settings; nothing was created:\n  ${message}`);
      assert.deepEqual(run.graph.resources, []);
    });
  }
});

describe("a preview", () => {
  it("knocks at API servers, and asks for no kinds and no workloads", async () => {
    const probe = fakeProbe();
    const { graph, outputs } = await runFleet({}, { probe, preview: true });
    assert.equal(probe.asked.endpoints.length, 3);
    assert.deepEqual([probe.asked.kinds, probe.asked.workloads], [[], []]);
    assert.equal(outputs.platform, UNKNOWN);
    const { graph: done } = await runFleet();
    assert.deepEqual(graph.counts(), done.counts());
  });
});

describe("the control plane of another stack", () => {
  const edits: Edits = {
    "platform.clusters": { east: cluster(["data"], 2), west: cluster(["data"], 3) },
    "platform.controlPlane": { stack: HUB },
  };
  const outputs = hubOutputs({ domain: "choreo.test", bundle: "(bundle)" });
  const { platform } = outputs;

  it("holds the gates, by its kubeconfig of that stack's outputs", async () => {
    const { graph } = await runFleet(edits, { stacks: { [HUB]: outputs } });
    assert.deepEqual(
      graph.ofType("pulumi:providers:kubernetes").map(({ name }) => name),
      ["controlPlane", "east", "west"],
    );
    const kubeconfig = object(graph.get("controlPlane").inputs.kubeconfig).secret;
    assert.match(String(kubeconfig), /token-of-hub-control/);
    for (const name of ["waves-0", "waves-1", "waves-namespace"])
      assert.equal(graph.get(name).provider, "controlPlane");
  });

  it("is knocked at too", async () => {
    const probe = fakeProbe({ "hub-control.api.test": "ECONNREFUSED" });
    const run = await tryFleet(edits, { stacks: { [HUB]: outputs }, probe });
    assert.equal(
      refusal(run),
      `1 problem in the fleet; nothing was created:\n  platform.controlPlane: its API server hub-control.api.test:6443 cannot be reached (ECONNREFUSED); ${HINT}`,
    );
    assert.deepEqual(run.graph.resources, []);
  });

  it("may have a cluster that is used here too", async () => {
    const provider = { kind: "existing", kubeconfig: { stack: HUB, cluster: "control" } };
    const { graph } = await runFleet(
      { ...edits, "platform.clusters.east.provider": provider },
      { stacks: { [HUB]: outputs } },
    );
    for (const name of ["controlPlane", "east"]) {
      const kubeconfig = object(graph.get(name, "pulumi:providers:kubernetes").inputs.kubeconfig).secret;
      assert.match(String(kubeconfig), /token-of-hub-control/);
    }
  });

  const bad: readonly (readonly [title: string, stacks: Record<string, Record<string, unknown>>, message: string])[] = [
    ["was never brought up", {}, `stack ${HUB} has no output "platform"; bring it up first: pulumi up --stack ${HUB}`],
    [
      "has no control plane either",
      { [HUB]: { ...outputs, platform: { ...platform, controlPlane: undefined } } },
      `stack ${HUB} has no control plane; name a cluster of it`,
    ],
    [
      "keeps another version of the contract",
      { [HUB]: { ...outputs, platform: { ...platform, contract: 2 } } },
      `stack ${HUB} speaks version 2 of the output contract, this program version 1; bring the older of the two up with the newer program`,
    ],
  ];
  it("is refused where that stack has no cluster of the name", async () => {
    const run = await tryFleet(
      { ...edits, "platform.controlPlane": { stack: HUB, cluster: "mars" } },
      { stacks: { [HUB]: outputs } },
    );
    assert.equal(refusal(run), `stack ${HUB} has no cluster "mars"; it has control`);
  });

  for (const [title, stacks, message] of bad) {
    it(`is refused where that stack ${title}`, async () => {
      assert.equal(refusal(await tryFleet(edits, { stacks })), message);
    });
  }
});
