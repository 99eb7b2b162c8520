import assert from "node:assert/strict";
import { runStack } from "../support/fleet";
import { fakeProbe, type Run } from "../support/program";
import { object } from "../support/stack";

const CLUSTERS = ["control", "us-east", "eu-west"];

describe("the graph of prod", () => {
  const probe = fakeProbe();
  let run: Run;
  before(async () => {
    run = await runStack("prod", { probe });
  });

  it("makes its clusters, and so knocks at none before", () => {
    assert.deepEqual(probe.asked.endpoints, []);
    for (const name of CLUSTERS) {
      const cluster = run.graph.get(`${name}.control-plane`, "aws:eks/cluster:Cluster");
      assert.equal(cluster.inputs.name, `prod-${name}`);
    }
  });

  it("changes the canary before the rest", () => {
    const { platform } = run.outputs;
    const waves = Object.entries(object(object(platform).clusters)).map(([name, cluster]) => [
      name,
      object(cluster).wave,
    ]);
    assert.deepEqual(Object.fromEntries(waves), { control: 0, "us-east": 1, "eu-west": 2 });
    const waitsFor = (name: string) => run.graph.get(`${name}.eks`).dependencies;
    assert.deepEqual(waitsFor("control"), []);
    assert.deepEqual(waitsFor("us-east"), ["kubernetes:core/v1:ConfigMap waves-0"]);
    assert.deepEqual(waitsFor("eu-west"), ["kubernetes:core/v1:ConfigMap waves-1"]);
    for (const wave of [0, 1, 2]) assert.equal(run.graph.get(`waves-${wave}`).provider, "control");
  });

  it("has issuers by ACME, and no root of a cluster's own", () => {
    for (const name of CLUSTERS) {
      const { spec } = run.graph.get(`${name}.cert-manager-issuer`).inputs;
      assert.deepEqual(Object.keys(object(spec)), ["acme"]);
    }
    const certificates = run.graph.ofType("kubernetes:cert-manager.io/v1:Certificate");
    assert.deepEqual(
      certificates.filter(({ inputs }) => object(inputs.spec).isCA === true),
      [],
    );
  });

  it("dials the mesh by names, and replicates what serves it", () => {
    const values = object(run.graph.get("us-east.cilium", "kubernetes:helm.sh/v3:Release").inputs.values);
    const { apiserver } = object(values.clustermesh);
    assert.equal(object(apiserver).replicas, 2);
    const { stringData } = run.graph.get("us-east.mesh-peers").inputs;
    assert.match(JSON.stringify(stringData), /https:\/\/eu-west\.mesh\.choreo\.example\.com:2379/);
  });
});
