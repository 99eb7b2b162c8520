import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { runFleet } from "../support/fleet";
import type { Graph } from "../support/graph";
import { type Edits, type Json, lines, problemsAfter } from "../support/settings";
import { object, ROOT } from "../support/stack";

function example(): Json {
  return object(object(parse(readFileSync(join(ROOT, "examples/extensions/settings.yaml"), "utf8"))).extensions);
}

const ONE: Edits = {
  "platform.clusters.east": undefined,
  "platform.clusters.west": undefined,
  "platform.clusters.control.planes": ["control", "data"],
  tenants: {},
};

describe("the example of extensions", () => {
  let graph: Graph;
  const edits = (): Edits => ({
    ...ONE,
    "platform.extensions": example(),
    "platform.extensions.edge-filter.needs": [],
  });
  before(async () => {
    graph = (await runFleet(edits())).graph;
  });
  const waits = (name: string) => graph.resources.find((one) => one.name === name)?.dependencies ?? assert.fail(name);

  it("is good settings", () => assert.deepEqual(lines(problemsAfter(edits())), []));

  it("makes an admission policy and its binding", () => {
    for (const kind of ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"]) {
      const made = graph.get(`control.image-rules-${kind.toLowerCase()}-image-rules.example.com`);
      assert.equal(made.type, `kubernetes:admissionregistration.k8s.io/v1:${kind}`);
      assert.equal(made.provider, "control");
      assert.deepEqual(object(made.inputs.metadata), { name: "image-rules.example.com" });
    }
  });

  it("makes a filter of the gateway", () => {
    const name = "control.edge-filter-envoyextensionpolicy-envoy-gateway-system.edge-filter";
    assert.equal(graph.get(name).type, "kubernetes:gateway.envoyproxy.io/v1alpha1:EnvoyExtensionPolicy");
  });

  it("installs the chart of this repository, and an object of its kind after it", () => {
    const release = graph.get("control.catalogue", "kubernetes:helm.sh/v3:Release");
    assert.equal(release.inputs.chart, "./examples/extensions/catalogue");
    assert.equal(release.inputs.version, undefined);
    assert.deepEqual(release.inputs.values, { replicas: 1 });
    const entry = graph.get("control.catalogue-entry-catalogue.handbook");
    assert.deepEqual(object(entry.inputs.metadata), { name: "handbook", namespace: "catalogue" });
    assert.deepEqual(waits(entry.name), ["kubernetes:helm.sh/v3:Release control.catalogue"]);
  });
});
