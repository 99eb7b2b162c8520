import assert from "node:assert/strict";
import { runFleet, tryFleet } from "../support/fleet";
import type { Graph } from "../support/graph";
import { fakeProbe } from "../support/program";
import { type Edits, ON_EKS, refuses, switchOn } from "../support/settings";

const WHOLE: Edits = { ...switchOn("istiod", "istio-cni", "ztunnel", "argo-cd"), tenants: {} };
const LOST: Edits = { "platform.clusters.east.lost": true };

describe("a cluster that is lost", () => {
  const probe = fakeProbe({ "east.api.test": "EHOSTUNREACH" });
  let before_: Graph;
  let after_: Graph;
  before(async () => {
    before_ = (await runFleet(WHOLE)).graph;
    after_ = (await runFleet({ ...WHOLE, ...LOST }, { probe })).graph;
  });

  const on = (graph: Graph, cluster: string) =>
    graph.resources.filter((one) => one.provider === cluster && one.type.startsWith("kubernetes"));

  it("stops no `up`: it is not waited for", () => {
    assert.deepEqual(probe.asked.endpoints, ["control.api.test:6443", "east.api.test:6443", "west.api.test:6443"]);
    const workloads = (one: readonly string[]) => one.filter((name) => name === "DaemonSet kube-system/cilium").length;
    assert.equal(workloads(probe.asked.workloads), 2);
  });

  it("stops every `up` as long as nobody says that it is lost", async () => {
    const { errors } = await tryFleet(WHOLE, { probe: fakeProbe({ "east.api.test": "EHOSTUNREACH" }) });
    assert.match(errors[0]?.message ?? "", /its API server east\.api\.test:6443 cannot be reached/);
  });

  it("is not lost as long as it answers", async () => {
    const { errors, graph } = await tryFleet({ ...WHOLE, ...LOST });
    assert.match(
      errors[0]?.message ?? "",
      /platform\.clusters\.east\.provider: is lost, but its API server east\.api\.test:6443 answers; remove `lost`/,
    );
    assert.deepEqual(graph.resources, []);
  });

  it("stays in the state as it is, and can go from it without being asked", () => {
    const { inputs } = after_.get("east", "pulumi:providers:kubernetes");
    assert.deepEqual([inputs.skipUpdateUnreachable, inputs.deleteUnreachable], ["true", "true"]);
    const own = on(after_, "east");
    // A chart of kinds asks the cluster, also where it changes nothing.
    const others = on(before_, "east").filter(({ type }) => !type.endsWith(":Chart"));
    assert.deepEqual(
      own.map(({ name }) => name),
      others.map(({ name }) => name),
    );
    assert.ok(own.length > 40);
    for (const { name, retainOnDelete } of own) assert.equal(retainOnDelete, true, name);
    assert.ok(on(after_, "west").some(({ retainOnDelete }) => !retainOnDelete));
    assert.ok(!after_.get("control.argo-cd", "kubernetes:helm.sh/v3:Release").retainOnDelete);
  });

  it("is forgotten by its peers and by Argo CD, and nothing else of them changes", () => {
    const { added, removed, changed } = after_.changesSince(before_);
    assert.deepEqual(added, []);
    assert.deepEqual(removed, ["control.istio-east", "east.argo", "east.gateway-api-crds", "west.istio-east"]);
    assert.deepEqual(
      changed.filter((name) => !/^east(\.|$)/.test(name)),
      ["control", "west"].flatMap((name) => [`${name}.cilium-mesh-users`, `${name}.mesh-local`, `${name}.mesh-peers`]),
    );
  });

  it("changes nothing in AWS", async () => {
    const made = (await runFleet(ON_EKS)).graph;
    // Without outputs nobody knows where the API server was.
    const asked = fakeProbe();
    const lost = (await runFleet({ ...ON_EKS, ...LOST }, { probe: asked })).graph;
    assert.equal(asked.asked.admitted.length, 2);
    const aws = (graph: Graph) => graph.resources.filter(({ type }) => type.startsWith("aws:"));
    assert.deepEqual(
      aws(lost).map(({ name, inputs, retainOnDelete }) => [name, inputs, retainOnDelete]),
      aws(made).map(({ name, inputs, retainOnDelete }) => [name, inputs, retainOnDelete]),
    );
  });
});

describe("settings: a cluster that is lost", () => {
  refuses([
    [
      "the control cluster",
      { "platform.clusters.control.lost": true },
      "platform.clusters.control.lost: `up` cannot go on without the control cluster; bring it back, from its backups if need be",
    ],
  ]);
});
