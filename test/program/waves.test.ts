import assert from "node:assert/strict";
import { CATALOG } from "../../components/addons";
import { clustersOf, runFleet } from "../support/fleet";
import { type Graph, key, type Registered } from "../support/graph";

/** One control cluster and `data` data clusters, each a wave of its own. */
async function inWaves(data: number): Promise<Graph> {
  const clusters = clustersOf(data, (index) => ({ wave: index + 1 }));
  return (await runFleet({ "platform.clusters": clusters, tenants: {} })).graph;
}

const gate = (wave: number) => `kubernetes:core/v1:ConfigMap test-waves-${wave}`;

/** Everything of the add-ons of a cluster, without its component. */
function addonsOf(cluster: string, graph: Graph): Registered[] {
  const names = CATALOG.map((addon) => `${cluster}-${addon.name}`);
  return graph.resources.filter(({ name, custom, remote }) => {
    return (custom || remote) && names.some((addon) => name === addon || name.startsWith(`${addon}-`));
  });
}

describe("a fleet of three waves", () => {
  let graph: Graph;
  before(async () => {
    graph = await inWaves(2);
  });

  it("lets the roots of wave 2 wait for the gate of wave 1 alone", () => {
    const resources = addonsOf("data-2", graph);
    const inside = new Set(resources.map(key));
    const roots = resources.filter(({ type, dependencies }) => {
      return type.startsWith("kubernetes:") && !dependencies.some((one) => inside.has(one));
    });
    assert.ok(roots.length > 2);
    for (const { name, dependencies } of roots) {
      assert.deepEqual(
        dependencies.filter((one) => !one.startsWith("tls:")),
        [gate(1)],
        name,
      );
    }
  });

  it("lets everything of wave 2 wait for that gate, through what is before it", () => {
    const waits = new Map(graph.resources.map((one) => [key(one), one.dependencies]));
    const reaches = (name: string): boolean => name === gate(1) || (waits.get(name) ?? []).some(reaches);
    const kubernetes = addonsOf("data-2", graph).filter(({ type }) => !type.startsWith("tls:"));
    for (const resource of kubernetes) assert.ok(reaches(key(resource)), resource.name);
  });

  it("lets nothing of a cluster's add-ons wait for another cluster, but by a gate", () => {
    for (const [cluster, before] of [
      ["control", undefined],
      ["data-1", gate(0)],
      ["data-2", gate(1)],
    ] as const) {
      const others = ["control", "data-1", "data-2"].filter((other) => other !== cluster);
      for (const { name, dependencies } of addonsOf(cluster, graph)) {
        const foreign = dependencies.filter((one) => others.some((other) => one.includes(` ${other}-`)));
        assert.deepEqual(foreign, [], name);
        const gates = dependencies.filter((one) => one.includes(" test-waves-"));
        assert.deepEqual(
          gates.filter((one) => one !== before),
          [],
          name,
        );
      }
    }
  });

  it("closes a gate when everything of its wave is there, and nothing of another", () => {
    for (const [wave, cluster] of ["control", "data-1", "data-2"].entries()) {
      const { dependencies } = graph.get(`test-waves-${wave}`);
      const expected = addonsOf(cluster, graph).map(key);
      assert.deepEqual(dependencies, [...expected, "kubernetes:core/v1:Namespace test-waves-namespace"].sort());
    }
  });

  it("says nothing of the clusters in a gate, so that one more or less does not change it", () => {
    assert.deepEqual(graph.get("test-waves-1").inputs.data, { stack: "test", wave: "1" });
  });

  it("lets links wait for the network of the clusters that they join, and for nothing else", () => {
    const networks = ["control", "data-1", "data-2"].flatMap((cluster) => {
      return addonsOf(cluster, graph).filter(({ name }) => name.startsWith(`${cluster}-cilium`));
    });
    const expected = new Set(networks.map(key));
    for (const name of ["data-2-mesh-peers", "data-2-mesh-local"]) {
      const { dependencies } = graph.get(name);
      assert.deepEqual(
        dependencies.filter((one) => !expected.has(one)),
        [],
      );
      for (const cluster of ["control", "data-1", "data-2"]) {
        assert.ok(dependencies.includes(`kubernetes:helm.sh/v3:Release ${cluster}-cilium`), `${name} ${cluster}`);
      }
    }
  });
});

describe("edges of the graph", () => {
  const edges = (graph: Graph) => {
    const resources = graph.resources.filter(({ parent }) => parent === undefined || !parent.endsWith("-mesh"));
    return resources.reduce((sum, { dependencies }) => sum + dependencies.length, 0) / resources.length;
  };

  it("without links are as many for each resource in a large fleet as in a small one", async () => {
    const [small, large] = [edges(await inWaves(2)), edges(await inWaves(8))];
    assert.ok(large <= small * 1.05, `${small.toFixed(2)} in the small one, ${large.toFixed(2)} in the large one`);
  });
});
