import assert from "node:assert/strict";
import { runStack } from "../support/fleet";
import { fakeProbe, type Run } from "../support/program";
import { kubeconfigOf, object } from "../support/stack";

const KUBECONFIGS = { controlKubeconfig: "control", usEastKubeconfig: "us-east", euWestKubeconfig: "eu-west" };

describe("the graph of prod", () => {
  const probe = fakeProbe();
  let run: Run;
  before(async () => {
    const entries = Object.entries(KUBECONFIGS).map(
      ([key, name]) => [`openchoreo:${key}`, kubeconfigOf(name)] as const,
    );
    const config = Object.fromEntries(entries);
    run = await runStack("prod", { config, secrets: Object.keys(config), probe });
  });

  it("connects to its clusters by secrets", () => {
    assert.deepEqual(probe.asked.endpoints.sort(), [
      "control.api.test:6443",
      "eu-west.api.test:6443",
      "us-east.api.test:6443",
    ]);
    for (const [, name] of Object.entries(KUBECONFIGS)) {
      const { kubeconfig } = run.graph.get(name, "pulumi:providers:kubernetes").inputs;
      assert.deepEqual(kubeconfig, { secret: kubeconfigOf(name) });
    }
  });

  it("changes the canary before the rest", () => {
    const { platform } = run.outputs;
    const waves = Object.entries(object(object(platform).clusters)).map(([name, cluster]) => [
      name,
      object(cluster).wave,
    ]);
    assert.deepEqual(Object.fromEntries(waves), { control: 0, "us-east": 1, "eu-west": 2 });
    assert.ok(run.graph.get("eu-west.addons-cert-manager").dependencies.length > 0);
    for (const wave of [0, 1, 2]) assert.equal(run.graph.get(`waves-${wave}`).provider, "control");
  });

  it("has issuers by ACME, and no root of a cluster's own", () => {
    for (const name of Object.values(KUBECONFIGS)) {
      const { spec } = run.graph.get(`${name}.cert-manager-issuer`).inputs;
      assert.deepEqual(Object.keys(object(spec)), ["acme"]);
    }
    assert.deepEqual(run.graph.ofType("kubernetes:cert-manager.io/v1:Certificate"), []);
  });

  it("dials the mesh by names, and replicates what serves it", () => {
    const values = object(run.graph.get("us-east.cilium", "kubernetes:helm.sh/v3:Release").inputs.values);
    const { apiserver } = object(values.clustermesh);
    assert.equal(object(apiserver).replicas, 2);
    const { stringData } = run.graph.get("us-east.mesh-peers").inputs;
    assert.match(JSON.stringify(stringData), /https:\/\/eu-west\.mesh\.choreo\.example\.com:2379/);
  });
});
