import assert from "node:assert/strict";
import { selectAddons } from "../../components/addons";
import { clustersOf, runFleet } from "../support/fleet";
import { type Graph, key, type Registered } from "../support/graph";
import { settingsAfter } from "../support/settings";

/** The add-ons of the good settings. */
const ADDONS = selectAddons(settingsAfter().platform).map(({ addon }) => addon);

/** One control cluster and `data` data clusters, each a wave of its own. */
async function inWaves(data: number): Promise<Graph> {
  const clusters = clustersOf(data, (index) => ({ wave: index + 1 }));
  return (await runFleet({ "platform.clusters": clusters, tenants: {} })).graph;
}

const gate = (wave: number) => `kubernetes:core/v1:ConfigMap waves-${wave}`;

/** Everything of the add-ons of a cluster, without its component. */
function addonsOf(cluster: string, graph: Graph): Registered[] {
  const names = ADDONS.map((addon) => `${cluster}.${addon.name}`);
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
        const foreign = dependencies.filter((one) => others.some((other) => one.includes(` ${other}.`)));
        assert.deepEqual(foreign, [], name);
        const gates = dependencies.filter((one) => one.includes(" waves-"));
        assert.deepEqual(
          gates.filter((one) => one !== before),
          [],
          name,
        );
      }
    }
  });

  it("closes a gate when each add-on of its wave is ready: its release and its custom resources", () => {
    for (const [wave, cluster] of ["control", "data-1", "data-2"].entries()) {
      const { dependencies } = graph.get(`waves-${wave}`);
      const [own, others] = [new Set(addonsOf(cluster, graph).map(key)), ["Namespace waves-namespace"]];
      const foreign = dependencies.filter((one) => !own.has(one) && !others.some((other) => one.endsWith(other)));
      assert.deepEqual(foreign, []);
      for (const { name } of ADDONS) {
        const addon = addonsOf(cluster, graph).filter(
          (one) => one.name === `${cluster}.${name}` && /Release|Chart|CertManager/.test(one.type),
        );
        assert.equal(addon.length, 1, name);
        for (const installed of addon) assert.ok(dependencies.includes(key(installed)), `${name} in wave ${wave}`);
      }
      const custom = addonsOf(cluster, graph).filter(({ type }) => /^kubernetes:(cilium|cert-manager)\.io/.test(type));
      for (const resource of custom) assert.ok(dependencies.includes(key(resource)), resource.name);
    }
  });

  it("says nothing of the clusters in a gate, so that one more or less does not change it", () => {
    assert.deepEqual(graph.get("waves-1").inputs.data, { stack: "test", wave: "1" });
  });

  it("lets links wait for the network of their own cluster, and for nothing else", () => {
    const network = new Set(
      addonsOf("data-2", graph)
        .filter(({ name }) => name.startsWith("data-2.cilium"))
        .map(key),
    );
    for (const name of ["data-2.mesh-peers", "data-2.mesh-local"]) {
      const { dependencies } = graph.get(name);
      assert.deepEqual(
        dependencies.filter((one) => !network.has(one)),
        [],
      );
      assert.ok(dependencies.includes("kubernetes:helm.sh/v3:Release data-2.cilium"), name);
    }
  });
});

describe("edges of the graph", () => {
  const edges = ({ resources }: Graph) =>
    resources.reduce((sum, { dependencies }) => sum + dependencies.length, 0) / resources.length;

  it("are as many for each resource in a large fleet as in a small one", async () => {
    const [small, large] = [edges(await inWaves(2)), edges(await inWaves(5))];
    assert.ok(large <= small * 1.05, `${small.toFixed(2)} in the small one, ${large.toFixed(2)} in the large one`);
  });
});
