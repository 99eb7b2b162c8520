import assert from "node:assert/strict";
import { planeSpec } from "../../components/planes/registration";
import { targetOn } from "../support/addons";
import { clustersOf, runFleet } from "../support/fleet";
import type { Graph } from "../support/graph";
import { cluster, type Edits, type Json, switchOn } from "../support/settings";
import { kubeconfigOf, object } from "../support/stack";

const ON = switchOn("openchoreo-control-plane");
const KINDS = /:Cluster(Data|Workflow|Observability)Plane$/;

function planesIn(graph: Graph) {
  return graph.resources.filter(({ type }) => KINDS.test(type));
}

function specOf(graph: Graph, name: string): Json {
  return object(graph.get(name).inputs.spec);
}

describe("registration of planes", () => {
  let graph: Graph;
  before(async () => {
    graph = (await runFleet(ON)).graph;
  });

  it("is made on the control plane, for every plane of every cluster", () => {
    const found = planesIn(graph).map(({ name, parent, provider, inputs }) => {
      return [name, parent, provider, inputs.kind, object(inputs.metadata).name];
    });
    assert.deepEqual(found, [
      ["east.planes-data", "east.planes", "control", "ClusterDataPlane", "east"],
      ["west.planes-data", "west.planes", "control", "ClusterDataPlane", "west"],
      ["control.planes-observability", "control.planes", "control", "ClusterObservabilityPlane", "control"],
      ["control.planes-workflow", "control.planes", "control", "ClusterWorkflowPlane", "control"],
    ]);
  });

  it("admits the authority of this plane's agent, and the agent says the same id", () => {
    for (const { name, inputs } of planesIn(graph)) {
      const [site = "", plane = ""] = name.split(".planes-");
      const { planeID, clusterAgent } = object(inputs.spec);
      const clientCA = { value: `(certPem of identities.${site}.${plane}-agent-authority)` };
      assert.deepEqual([planeID, clusterAgent], [site, { clientCA }]);
      const release = graph.get(`${site}.openchoreo-${plane}-plane`, "kubernetes:helm.sh/v3:Release").inputs;
      assert.equal(object(object(release.values).clusterAgent).planeID, planeID);
    }
  });

  it("comes after the control plane and after the agent, so that it goes before both", () => {
    const { dependencies } = graph.get("east.planes-data");
    const release = "kubernetes:helm.sh/v3:Release";
    assert.ok(dependencies.includes(`${release} control.openchoreo-control-plane`));
    assert.ok(dependencies.includes(`${release} east.openchoreo-data-plane`));
    assert.ok(!dependencies.some((one) => one.includes("west.") || one.includes("waves-")));
  });

  it("names the observability plane that shows what a cluster's workloads say", () => {
    const observabilityPlaneRef = { kind: "ClusterObservabilityPlane", name: "control" };
    assert.deepEqual(specOf(graph, "east.planes-data").observabilityPlaneRef, observabilityPlaneRef);
    assert.deepEqual(specOf(graph, "control.planes-workflow").observabilityPlaneRef, observabilityPlaneRef);
    assert.equal(specOf(graph, "control.planes-observability").observerURL, "https://observer-control.choreo.test");
  });

  it("names the gateway and the secret store where the cluster has them", () => {
    assert.deepEqual(Object.keys(specOf(graph, "east.planes-data")).sort(), [
      "clusterAgent",
      "gateway",
      "observabilityPlaneRef",
      "planeID",
    ]);
    const { fleet, cluster: east } = targetOn("east", ON);
    const full = { fleet, cluster: east, agentCa: "(ca)", hasGateway: true, hasSecretStore: true };
    const { gateway, secretStoreRef } = object(planeSpec("data", full));
    assert.deepEqual(secretStoreRef, { name: "choreo-store" });
    assert.deepEqual(gateway, {
      ingress: {
        external: {
          name: "choreo-gateway",
          namespace: "envoy-gateway-system",
          https: { host: "east.apps.choreo.test", port: 443, listenerName: "https" },
        },
      },
    });
    assert.ok(!("gateway" in planeSpec("workflow", full)));
  });

  it("is of one cluster more or less, with an environment of each tenant's", async () => {
    const fleetOf = async (data: number) => (await runFleet({ ...ON, "platform.clusters": clustersOf(data) })).graph;
    const [two, three] = [await fleetOf(2), await fleetOf(3)];
    const { added, removed, changed } = three.changesSince(two);
    const own = (name: string) => /^((mesh|identities|passwords)\.)?data-3(\.|$)|\.istio-data-3$/.test(name);
    assert.deepEqual(
      added.filter((name) => !own(name)),
      ["tenant-shop-development-data-3", "tenant-shop-production-data-3"],
    );
    assert.deepEqual(removed, []);
    assert.deepEqual(
      changed.filter((name) => !/cilium-mesh-users|mesh-(local|peers)$/.test(name)),
      // Components run on every data plane, unless they say otherwise.
      ["tenant-shop-pipeline", ...["api", "nightly", "web"].map((name) => `tenant-shop.projects.${name}`)],
    );
  });

  it("is not there where OpenChoreo is off", async () => {
    const off = (await runFleet()).graph;
    assert.deepEqual(
      off.resources.filter(({ type }) => type.includes("openchoreo.dev") || type.startsWith("openchoreo:planes:")),
      [],
    );
  });
});

describe("registration with another stack's control plane", () => {
  const hub = "acme/openchoreo/hub";
  const edits: Edits = {
    ...ON,
    "platform.clusters": { east: cluster(["data"], 2) },
    "platform.controlPlane": { stack: hub },
  };
  const platform = {
    contract: 1,
    stack: "hub",
    profile: "development",
    domain: "hub.test",
    controlPlane: "control",
    clusters: { control: { planes: ["control"], wave: 0, apiServer: "control.api.test:6443" } },
    trust: { bundle: "(roots of hub)", authorities: {} },
  };
  const stacks = { [hub]: { platform, kubeconfigs: { control: kubeconfigOf("hub-control") } } };
  let graph: Graph;
  before(async () => {
    graph = (await runFleet(edits, { stacks })).graph;
  });

  it("is made there, under a name that no other stack has, and nothing else that stacks share", () => {
    const [plane, ...others] = planesIn(graph);
    assert.deepEqual(others, []);
    assert.equal(plane?.provider, "controlPlane");
    const { name } = object(plane?.inputs.metadata);
    assert.match(String(name), /^east-[0-9a-f]{6}$/);
    assert.equal(specOf(graph, "east.planes-data").planeID, name);
    assert.deepEqual(graph.ofType("openchoreo:planes:PlatformTypes"), []);
    assert.equal(graph.ofType("pulumi:providers:kubernetes").length, 2);
  });

  it("lets the agent dial that stack's public name, and trust that stack's roots", () => {
    const { values } = graph.get("east.openchoreo-data-plane", "kubernetes:helm.sh/v3:Release").inputs;
    assert.equal(object(object(values).clusterAgent).serverUrl, "wss://cluster-gateway.hub.test/ws");
    const roots = graph.get("east.openchoreo-data-plane-roots").inputs.data;
    assert.deepEqual(roots, { "ca.crt": "(roots of hub)" });
  });

  it("puts the tenants' environments there", () => {
    const environments = graph.resources.filter(({ inputs }) => inputs.kind === "Environment");
    assert.equal(environments.length, 2);
    for (const { provider } of environments) assert.equal(provider, "controlPlane");
  });
});
