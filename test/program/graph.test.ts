import assert from "node:assert/strict";
import { CATALOG } from "../../components/addons";
import { platformOutput } from "../../components/stacks";
import { runFleet } from "../support/fleet";
import { type Graph, key, type Registered } from "../support/graph";
import { fakeProbe, type Run } from "../support/program";
import { object } from "../support/stack";

const CLUSTERS = ["control", "east", "west"];

describe("the graph of a fleet of three", () => {
  const probe = fakeProbe();
  let run: Run;
  let graph: Graph;
  before(async () => {
    run = await runFleet({}, { probe });
    graph = run.graph;
  });

  it("has one provider for each cluster, and a component for each add-on of it", () => {
    assert.deepEqual(
      graph.ofType("pulumi:providers:kubernetes").map(({ name }) => name),
      CLUSTERS,
    );
    assert.equal(graph.ofType("openchoreo:addons:Addon").length, CATALOG.length * CLUSTERS.length);
    for (const cluster of CLUSTERS) {
      for (const { name } of CATALOG)
        assert.equal(graph.get(`${cluster}-${name}`, "openchoreo:addons:Addon").parent, cluster);
    }
  });

  it("has a gate for each wave, and links for each cluster", () => {
    const gates = graph.resources.filter(({ parent }) => parent === "test-waves").map(({ name }) => name);
    assert.deepEqual(gates.sort(), ["test-waves-0", "test-waves-1", "test-waves-namespace"]);
    const links = graph.ofType("openchoreo:mesh:ClusterMeshLinks").map(({ name }) => name);
    assert.deepEqual(
      links,
      CLUSTERS.map((cluster) => `${cluster}-mesh`),
    );
  });

  it("names every child after its parent", () => {
    const bad = graph.resources.filter(({ name, parent }) => {
      return parent !== undefined && name !== parent && !name.startsWith(`${parent}-`);
    });
    assert.deepEqual(
      bad.map(({ name, parent }) => `${name} below ${parent}`),
      [],
    );
    assert.ok(graph.resources.filter(({ parent }) => parent !== undefined).length > 100);
  });

  it("puts every Kubernetes resource on the cluster that it belongs to, by an explicit provider", () => {
    const resources = graph.resources.filter(({ type }) => /^kubernetes(-cert-manager)?:/.test(type));
    assert.deepEqual(
      resources.filter(({ provider }) => provider === undefined).map(({ name }) => name),
      [],
    );
    assert.deepEqual(
      resources.filter((resource) => resource.provider !== clusterOf(resource, graph)).map(({ name }) => name),
      [],
    );
    assert.ok(resources.length > 50);
  });

  it("leaves nothing but certificates to a default provider", () => {
    const ambient = graph.resources.filter((one) => one.custom && one.provider === undefined);
    const types = new Set(ambient.map(({ type }) => type.split(/[:/]/)[0]));
    assert.deepEqual([...types].sort(), ["pulumi", "tls"]);
  });

  it("makes no two objects of one kind and name on a cluster", () => {
    const objects = graph.resources.filter(({ type }) => type.startsWith("kubernetes:")).map(objectOf);
    assert.deepEqual(
      objects.filter((object, index) => objects.indexOf(object) !== index),
      [],
    );
  });

  it("has no cycle", () => {
    const state = new Map<string, "open" | "done">();
    const waits = new Map(graph.resources.map((one) => [key(one), one.dependencies]));
    const visit = (name: string, path: readonly string[]): void => {
      assert.notEqual(state.get(name), "open", [...path, name].join(" → "));
      if (state.has(name)) return;
      state.set(name, "open");
      for (const dependency of waits.get(name) ?? []) visit(dependency, [...path, name]);
      state.set(name, "done");
    };
    for (const one of graph.resources) visit(key(one), []);
    for (const dependency of graph.resources.flatMap((one) => one.dependencies))
      assert.ok(waits.has(dependency), dependency);
  });

  it("shows no secret in plain text", () => {
    const shown = JSON.stringify([run.outputs, graph.resources.map(({ inputs }) => inputs)], (key, value) => {
      return key === "secret" ? undefined : value;
    });
    for (const secret of ["token-of-", "(privateKeyPem"]) assert.ok(!shown.includes(secret), secret);
    const hidden = JSON.stringify([run.outputs, graph.resources.map(({ inputs }) => inputs)]);
    for (const secret of ["token-of-", "(privateKeyPem"]) assert.ok(hidden.includes(secret), secret);
  });

  it("waits on each cluster for the kinds of its custom resources, and for no others", () => {
    const kinds = CATALOG.flatMap((addon) => addon.kinds.map(({ plural, group }) => `${plural}.${group}`));
    assert.ok(probe.asked.kinds.length > 0);
    for (const kind of probe.asked.kinds) assert.ok(kinds.includes(kind), kind);
    for (const kind of new Set(probe.asked.kinds)) {
      assert.equal(probe.asked.kinds.filter((asked) => asked === kind).length, CLUSTERS.length, kind);
    }
    for (const { type } of graph.ofType("kubernetes").filter((resource) => isCustom(resource))) {
      const [, group = "", kind = ""] = /^kubernetes:([^/]+)\/[^:]+:(.+)$/.exec(type) ?? [];
      const found = CATALOG.flatMap((addon) => addon.kinds).find((one) => one.group === group && one.kind === kind);
      assert.ok(found !== undefined && probe.asked.kinds.includes(`${found.plural}.${group}`), type);
    }
  });

  it("gives outputs that keep the contract, and kubeconfigs as a secret", () => {
    const { platform, kubeconfigs, ...rest } = run.outputs;
    assert.deepEqual(platformOutput.strict().parse(platform), platform);
    assert.deepEqual(Object.keys(object(object(kubeconfigs).secret)).sort(), CLUSTERS);
    assert.deepEqual(rest, {});
  });
});

function isCustom({ type }: Registered): boolean {
  return /^kubernetes:[^/]+\.[^/]+\/v/.test(type) && !/k8s\.io|helm\.sh/.test(type);
}

/** The cluster that the uppermost component of a resource is for; the gates between waves are on the control cluster. */
function clusterOf(resource: Registered, graph: Graph): string | undefined {
  const parents = graph.resources.filter(({ name, custom }) => name === resource.parent && !custom);
  const parent = parents.find((one) => one !== resource);
  if (parent !== undefined) return clusterOf(parent, graph);
  if (resource.name === "test-waves") return "control";
  return CLUSTERS.find((cluster) => resource.name === cluster || resource.name === `${cluster}-mesh`);
}

function objectOf({ type, provider, inputs }: Registered): string {
  if (inputs.metadata === undefined) return `${provider} ${type} ${inputs.namespace}/${inputs.name ?? inputs.chart}`;
  const { namespace, name } = object(inputs.metadata);
  return `${provider} ${type} ${namespace}/${name}`;
}
