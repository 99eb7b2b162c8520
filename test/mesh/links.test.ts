import assert from "node:assert/strict";
import { planFleet } from "../../components/fleet";
import { localConfigs, peerConfigs } from "../../components/mesh";
import { runFleet } from "../support/fleet";
import type { Graph } from "../support/graph";
import { type Edits, settingsAfter } from "../support/settings";

async function graphAfter(edits: Edits): Promise<Graph> {
  return (await runFleet({ tenants: {}, ...edits })).graph;
}

const linked = (graph: Graph) => graph.ofType("openchoreo:mesh:ClusterMeshLinks").map(({ name }) => name);

describe("links of clusters", () => {
  it("are two Secrets on each, with what Cilium reads of its peers", async () => {
    const graph = await graphAfter({});
    const { clusters } = planFleet(settingsAfter(), "test");
    assert.deepEqual(linked(graph), ["control.mesh", "east.mesh", "west.mesh"]);
    const peers = clusters.filter(({ name }) => name !== "east");
    const secret = (name: string, stringData: object) => ({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name, namespace: "kube-system" },
      stringData: { secret: stringData },
    });
    assert.deepEqual(graph.get("east.mesh-peers").inputs, secret("cilium-kvstoremesh", peerConfigs(peers)));
    assert.deepEqual(graph.get("east.mesh-local").inputs, secret("cilium-clustermesh", localConfigs(peers)));
    for (const name of ["east.mesh-peers", "east.mesh-local"]) assert.equal(graph.get(name).provider, "east");
  });

  it("are none in a fleet of one", async () => {
    const one = { "platform.clusters.east": undefined, "platform.clusters.west": undefined };
    assert.deepEqual(linked(await graphAfter(one)), []);
  });

  it("are none on a cluster outside the mesh, nor to it", async () => {
    const graph = await graphAfter({ "platform.clusters.east.network.mesh": false });
    assert.deepEqual(linked(graph), ["control.mesh", "west.mesh"]);
    const { stringData } = graph.get("west.mesh-peers").inputs;
    assert.deepEqual(Object.keys((stringData as { secret: object }).secret), ["control"]);
  });

  it("let in each peer under a name of its own", async () => {
    const users = (graph: Graph, name: string) => graph.get(`${name}.cilium-mesh-users`).inputs.data;
    const graph = await graphAfter({});
    const user = (peer: string) => `- name: remote-${peer}\n  role: remote\n`;
    assert.deepEqual(users(graph, "east"), { "users.yaml": `users:\n${user("control")}${user("west")}` });
    const alone = await graphAfter({ "platform.clusters.east": undefined, "platform.clusters.west": undefined });
    assert.deepEqual(users(alone, "control"), { "users.yaml": "users: []\n" });
  });
});
