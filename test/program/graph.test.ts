import assert from "node:assert/strict";
import { selectAddons } from "../../components/addons";
import { planFleet } from "../../components/fleet";
import { platformOutput, sharingOutput } from "../../components/stacks";
import { runFleet } from "../support/fleet";
import { type Graph, key, type Registered } from "../support/graph";
import { fakeProbe, type Run } from "../support/program";
import { settingsAfter } from "../support/settings";
import { object } from "../support/stack";

const CLUSTERS = ["control", "east", "west"];

/** The add-ons of the good settings. */
const ADDONS = selectAddons(settingsAfter().platform).map(({ addon }) => addon);

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
    assert.equal(graph.ofType("openchoreo:addons:Addon").length, ADDONS.length * CLUSTERS.length);
    for (const cluster of CLUSTERS) {
      for (const { name } of ADDONS)
        assert.equal(graph.get(`${cluster}.${name}`, "openchoreo:addons:Addon").parent, `${cluster}.addons`);
    }
  });

  it("has a gate for each wave, and links for each cluster", () => {
    const gates = graph.resources.filter(({ parent }) => parent === "waves").map(({ name }) => name);
    assert.deepEqual(gates.sort(), ["waves-0", "waves-1", "waves-namespace"]);
    const links = graph.ofType("openchoreo:mesh:ClusterMeshLinks").map(({ name }) => name);
    assert.deepEqual(
      links,
      CLUSTERS.map((cluster) => `${cluster}.mesh`),
    );
  });

  it("names every child after its parent, and every add-on after its cluster", () => {
    const prefix = (parent: string) => (parent.endsWith(".addons") ? parent.replace(".addons", "") : parent);
    const bad = graph.resources.filter(({ name, parent }) => {
      return parent !== undefined && name !== parent && !/^[.-]/.test(name.slice(prefix(parent).length));
    });
    assert.deepEqual(
      bad.map(({ name, parent }) => `${name} below ${parent}`),
      [],
    );
    for (const { name, parent } of graph.resources)
      assert.ok(parent === undefined || name.startsWith(prefix(parent)), name);
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

  it("waits on each cluster for every kind that add-ons bring, so for those of its custom resources", () => {
    const kinds = ADDONS.flatMap((addon) => addon.kinds.map(({ plural, group }) => `${plural}.${group}`));
    assert.deepEqual([...probe.asked.kinds].sort(), CLUSTERS.flatMap(() => kinds).sort());
    const groups = new Map(
      ADDONS.flatMap((addon) => addon.kinds.map(({ group, kind }) => [`${group} ${kind}`, addon.name])),
    );
    const custom = graph.ofType("kubernetes").filter(({ type }) => isCustom(type));
    assert.ok(custom.length > 0);
    for (const { type, name } of custom) {
      const [, group = "", kind = ""] = /^kubernetes:([^/]+)\/[^:]+:(.+)$/.exec(type) ?? [];
      assert.ok(groups.has(`${group} ${kind}`), `${name}: nothing waits for ${type}`);
    }
  });

  it("waits on each cluster for the workloads of releases that do not wait themselves", () => {
    const { platform } = settingsAfter();
    const { clusters } = planFleet(settingsAfter(), "test");
    const expected = clusters.flatMap((cluster) =>
      ADDONS.flatMap((addon) => addon.workloads?.(cluster, platform.addons[addon.key]) ?? []),
    );
    const names = expected.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`);
    assert.deepEqual([...probe.asked.workloads].sort(), names.sort());
    const waits = graph.ofType("kubernetes:helm.sh/v3:Release").filter(({ inputs }) => inputs.skipAwait !== true);
    for (const { name } of waits)
      assert.ok(!ADDONS.some((addon) => addon.workloads && name.endsWith(`.${addon.name}`)), name);
  });

  it("gives outputs that keep the contract, and kubeconfigs as a secret", () => {
    const { platform, kubeconfigs, tenancySecrets, sharing, tenants, ...rest } = run.outputs;
    assert.deepEqual(platformOutput.strict().parse(platform), platform);
    assert.deepEqual(Object.keys(object(object(tenancySecrets).secret)).sort(), CLUSTERS);
    assert.deepEqual(sharingOutput.parse(sharing), sharing);
    assert.deepEqual(tenants, ["shop"]);
    assert.deepEqual(Object.keys(object(object(kubeconfigs).secret)).sort(), CLUSTERS);
    assert.deepEqual(rest, {});
  });
});

function isCustom(type: string): boolean {
  return /^kubernetes:[^/]+\.[^/]+\/v/.test(type) && !/k8s\.io|helm\.sh/.test(type);
}

/** The cluster that the uppermost component of a resource is for; the gates between waves are on the control cluster. */
function clusterOf(resource: Registered, graph: Graph): string | undefined {
  const parents = graph.resources.filter(({ name, custom }) => name === resource.parent && !custom);
  const parent = parents.find((one) => one !== resource);
  if (parent !== undefined) return clusterOf(parent, graph);
  if (resource.name === "waves") return "control";
  if (resource.type.startsWith("openchoreo:tenants:")) return resource.name.split(".")[0];
  return CLUSTERS.find((cluster) => resource.name === `${cluster}.addons` || resource.name === `${cluster}.mesh`);
}

function objectOf({ type, provider, inputs }: Registered): string {
  if (inputs.metadata === undefined) return `${provider} ${type} ${inputs.namespace}/${inputs.name ?? inputs.chart}`;
  const { namespace, name } = object(inputs.metadata);
  return `${provider} ${type} ${namespace}/${name}`;
}
