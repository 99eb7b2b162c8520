import assert from "node:assert/strict";
import { planFleet } from "../../components/fleet";
import { planEndpoints } from "../../plan/facts/endpoints";
import { planClusters } from "../../plan/facts/fleet";
import type { PlanResource } from "../../plan/model";
import { readStack } from "../../rehearsal/stack-file";
import { planResource } from "../support/plan-resource";
import { ROOT } from "../support/stack";

function read(stack: string) {
  const checked = readStack(ROOT, stack, []);
  assert.ok("settings" in checked, JSON.stringify(checked));
  return { settings: checked.settings, fleet: planFleet(checked.settings, stack) };
}

/** A Gateway of a class on cluster `east`, with one listener. */
function gateway(name: string, gatewayClassName: string, listener: object): PlanResource {
  const inputs = { metadata: { name }, spec: { gatewayClassName, listeners: [listener] } };
  return planResource(name, "kubernetes:gateway.networking.k8s.io/v1:Gateway", inputs, { area: "mesh" });
}

describe("the ways in", () => {
  it("are the gateways of clients and between clusters, and no waypoint", () => {
    const { fleet } = read("dev");
    const own = planEndpoints(fleet, []).length;
    const found = planEndpoints(fleet, [
      gateway("platform", "cilium", { protocol: "HTTPS", port: 443 }),
      gateway("east-west", "istio-east-west", { protocol: "HBONE", port: 15008 }),
      gateway("waypoint", "istio-waypoint", { protocol: "HBONE", port: 15008 }),
    ]);
    const purposes = found.filter(({ purpose }) => /gateway/i.test(purpose)).map(({ purpose }) => purpose);
    assert.deepEqual(purposes, ["gateway platform", "east-west gateway of Istio"]);
    assert.equal(found.length, own + 2);
  });
});

describe("the clusters of a plan", () => {
  const keys = ["name", "planes", "provider", "region", "wave"] as const;
  const shown = (stack: string) => {
    const { settings, fleet } = read(stack);
    return { clusters: planClusters(fleet, settings), fleet };
  };

  for (const stack of ["dev", "prod"])
    it(`of ${stack} have every key that the JSON promises`, () => {
      const { clusters, fleet } = shown(stack);
      assert.equal(clusters.length, fleet.clusters.length);
      for (const cluster of JSON.parse(JSON.stringify(clusters)))
        assert.deepEqual(
          keys.filter((key) => !(key in cluster)),
          [],
        );
    });

  it("have no region where settings name none", () => {
    assert.deepEqual(
      shown("dev").clusters.map(({ region }) => region),
      [null, null, null],
    );
    for (const { provider, region } of shown("prod").clusters)
      assert.equal(typeof region === "string", provider !== "existing", provider);
  });
});
