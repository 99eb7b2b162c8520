import assert from "node:assert/strict";
import { clustersOf, runFleet } from "../support/fleet";
import type { Graph } from "../support/graph";
import { HUB, hubOutputs } from "../support/hub";
import { cluster, type Edits, ON_EKS, switchOn } from "../support/settings";
import { object } from "../support/stack";

const ARGO: Edits = { ...switchOn("argo-cd"), tenants: {} };
const registered = (graph: Graph) => graph.ofType("openchoreo:mesh:ArgoCluster").map(({ name }) => name);

describe("data clusters, registered with Argo CD", () => {
  let graph: Graph;
  before(async () => {
    graph = (await runFleet(ARGO)).graph;
  });

  it("are all of them, and no other", () => assert.deepEqual(registered(graph).sort(), ["east.argo", "west.argo"]));

  it("are a Secret on the control cluster, after Argo CD and the account alone", () => {
    const secret = graph.get("east.argo", "kubernetes:core/v1:Secret");
    assert.equal(secret.provider, "control");
    assert.deepEqual(secret.inputs.metadata, {
      name: "cluster-east",
      namespace: "argocd",
      labels: {
        "argocd.argoproj.io/secret-type": "cluster",
        "choreo.dev/cluster": "east",
        "choreo.dev/wave": "1",
      },
    });
    // All of it is a secret, the token with it.
    assert.deepEqual(Object.keys(object(secret.inputs.stringData)), ["secret"]);
    const { name, server, config } = object(object(secret.inputs.stringData).secret);
    assert.deepEqual([name, server], ["east", "https://east.api.test:6443"]);
    assert.deepEqual(Object.keys(object(JSON.parse(String(config)))), ["bearerToken", "tlsClientConfig"]);
    assert.ok(secret.dependencies.includes("kubernetes:helm.sh/v3:Release control.argo-cd"));
    const others = secret.dependencies.filter((one) => / west[.]/.test(one));
    assert.deepEqual(others, []);
  });

  it("give it an account that reads everything, and writes nothing of the cluster's own", () => {
    const role = graph.get("east.argo-role");
    assert.equal(role.provider, "east");
    const rules = role.inputs.rules as readonly { apiGroups: string[]; resources: string[]; verbs: string[] }[];
    for (const { apiGroups, resources, verbs } of rules) {
      const writes = verbs.some((verb) => !["get", "list", "watch"].includes(verb));
      if (writes) assert.ok(![...apiGroups, ...resources].includes("*"), JSON.stringify(resources));
    }
    const written = rules.filter(({ verbs }) => verbs.includes("create")).flatMap(({ resources }) => resources);
    for (const own of ["nodes", "namespaces", "clusterroles", "rolebindings"]) assert.ok(!written.includes(own), own);
  });

  it("are gone with Argo CD", async () => {
    const { graph: without } = await runFleet({ ...ARGO, "platform.argoCd.enabled": false });
    assert.deepEqual(registered(without), []);
  });

  it("are none that Argo CD cannot reach, which is said", async () => {
    const outside: Edits = {
      ...ON_EKS,
      ...ARGO,
      "platform.clusters.east.network.mesh": false,
      "platform.fluentBit.opensearchHost": "opensearch.choreo.test",
      "platform.openTelemetryCollector.ingestHost": "traces.choreo.test",
    };
    const { graph: without, said } = await runFleet(outside);
    assert.deepEqual(registered(without), ["west.argo"]);
    assert.ok(
      said.some((line) => /^Argo CD does not know east: .* nothing reaches its private API server/.test(line)),
      said.join("; "),
    );
    const open = await runFleet({ ...outside, "platform.clusters.east.provider.publicAccess": {} });
    assert.deepEqual(registered(open.graph).sort(), ["east.argo", "west.argo"]);
  });

  it("touch only their own when one is added", async () => {
    const two = await runFleet({ ...ARGO, "platform.clusters": clustersOf(2) });
    const three = await runFleet({ ...ARGO, "platform.clusters": clustersOf(3) });
    const { changed } = three.graph.changesSince(two.graph);
    assert.deepEqual(
      changed.filter((name) => name.includes(".argo")),
      [],
    );
  });
});

describe("data clusters, registered with another stack's Argo CD", () => {
  const stacks = { [HUB]: hubOutputs() };
  const edits: Edits = {
    ...ARGO,
    "platform.clusters": { east: cluster(["data"], 2), west: cluster(["data"], 3) },
    "platform.controlPlane": { stack: HUB },
  };

  it("are Secrets on that stack's control cluster, under names that no other stack has", async () => {
    const { graph } = await runFleet(edits, { stacks });
    assert.deepEqual(registered(graph).sort(), ["east.argo", "west.argo"]);
    const { provider, inputs } = graph.get("east.argo", "kubernetes:core/v1:Secret");
    assert.equal(provider, "controlPlane");
    const { name, labels } = object(inputs.metadata);
    assert.match(String(name), /^cluster-east-[0-9a-f]{6}$/);
    const known = String(name).replace("cluster-", "");
    assert.equal(object(labels)["choreo.dev/cluster"], known);
    assert.equal(object(object(inputs.stringData).secret).name, known);
    assert.equal(graph.get("east.argo-role").provider, "east");
  });

  it("are none where this stack wants no Argo CD", async () => {
    const { graph } = await runFleet({ ...edits, "platform.argoCd.enabled": false }, { stacks });
    assert.deepEqual(registered(graph), []);
  });
});
