import assert from "node:assert/strict";
import type { ClusterProbe } from "../../components/clusters";
import { runFleet } from "../support/fleet";
import { type Graph, key, UNKNOWN } from "../support/graph";
import { fakeProbe } from "../support/program";
import { type Edits, ON_CLUSTER_API } from "../support/settings";
import { object } from "../support/stack";

const EDITS: Edits = { ...ON_CLUSTER_API, tenants: {} };
const CLUSTER = "kubernetes:cluster.x-k8s.io/v1beta2:Cluster east.cluster-api-cluster";

describe("a cluster that Cluster API makes", () => {
  const probe = fakeProbe();
  let graph: Graph;
  let reads: readonly string[];
  before(async () => {
    ({ graph, reads } = await runFleet(EDITS, { probe }));
  });

  const own = () => graph.resources.filter(({ parent }) => parent === "east.cluster-api");

  it("is made of objects on the control cluster, in a namespace of its own", () => {
    const objects = own().filter(({ type }) => type.startsWith("kubernetes:"));
    assert.equal(objects.length, 11);
    for (const { name, provider, inputs, type } of objects) {
      assert.equal(provider, "control", name);
      const { namespace } = object(inputs.metadata);
      assert.equal(namespace, type.endsWith(":Namespace") ? undefined : "cluster-test-east", name);
    }
  });

  it("comes after the control cluster's wave, with the providers that make it", () => {
    assert.deepEqual(graph.get("east.cluster-api").dependencies, ["kubernetes:core/v1:ConfigMap waves-0"]);
    const gate = graph.get("waves-0").dependencies;
    assert.ok(gate.some((one) => one.endsWith(" control.cluster-api-docker-infrastructure")));
  });

  it("has its Cluster last, so that it goes first and takes the machines with it", () => {
    const { dependencies } = graph.get("east.cluster-api-cluster");
    const others = own().filter((one) => one.type.startsWith("kubernetes:") && key(one) !== CLUSTER);
    assert.deepEqual(dependencies, others.map(key).sort());
  });

  it("is reached by the kubeconfig that Cluster API writes, once its control plane answers", () => {
    assert.ok(reads.includes("kubernetes:core/v1:Secret east.cluster-api-kubeconfig"));
    const [first] = probe.asked.objects;
    assert.equal(first, "clusters/test-east: ControlPlaneInitialized=True");
    const { kubeconfig, clusterIdentifier } = graph.get("east", "pulumi:providers:kubernetes").inputs;
    assert.match(JSON.stringify(kubeconfig), /^\{"secret":.*test-east\.api\.test/);
    assert.equal(clusterIdentifier, "test/east");
  });

  it("gets Cilium first, then its nodes, then everything else", () => {
    assert.deepEqual(probe.asked.objects.slice(1), [
      "kubeadmcontrolplanes/test-east: Available=True, RollingOut=False",
      "machinedeployments/test-east-general: Available=True, RollingOut=False",
      "clusters/test-east: Available=True",
    ]);
    const cilium = graph.get("east.cilium", "kubernetes:helm.sh/v3:Release");
    assert.ok(!cilium.dependencies.includes(CLUSTER));
    const { dependencies } = graph.get("east.cilium-ambient-probes");
    assert.ok(dependencies.includes(CLUSTER));
    assert.ok(dependencies.includes(key(cilium)));
    const values = object(cilium.inputs.values);
    assert.deepEqual([values.k8sServiceHost, values.k8sServicePort], ["test-east.api.test", 6443]);
  });

  it("keeps templates that machines still point at", () => {
    const templates = own().filter(({ type }) => /Template$/.test(type));
    assert.equal(templates.length, 3);
    for (const { name, retainOnDelete } of templates) assert.equal(retainOnDelete, true, name);
    assert.equal(graph.get("east.cluster-api-cluster").retainOnDelete, false);
  });

  it("encrypts Secrets with a key of its own, which is in no plain text", () => {
    const secret = graph.get("east.cluster-api-encryption", "kubernetes:core/v1:Secret");
    assert.equal(secret.provider, "control");
    const { metadata, stringData } = secret.inputs;
    assert.equal(object(metadata).name, "test-east-encryption");
    assert.deepEqual(Object.keys(object(stringData)), ["secret"]);
    assert.match(JSON.stringify(stringData), /secretbox/);
  });

  it("has an hour to go: machines are drained, and what they stand on is taken down", () => {
    const objects = own().filter(({ type }) => type.includes("cluster.x-k8s.io/"));
    assert.equal(objects.length, 9);
    for (const { name, deleteTimeout } of objects) assert.equal(deleteTimeout, "60m", name);
  });

  it("previews as creates with unknown outputs before it is there, and asks nothing", async () => {
    const asked = fakeProbe();
    const { graph: preview } = await runFleet(EDITS, { probe: asked, preview: true });
    assert.deepEqual(asked.asked.objects, []);
    assert.deepEqual(preview.resources.map(key), graph.resources.map(key));
    assert.deepEqual(preview.get("east", "pulumi:providers:kubernetes").inputs.kubeconfig, UNKNOWN);
  });

  it("says where to look when it does not come up", async () => {
    const met: ClusterProbe["met"] = async () => {
      throw new Error("not as it should be after 1800 s: clusters/test-east (ControlPlaneInitialized)");
    };
    await assert.rejects(runFleet(EDITS, { probe: { ...fakeProbe(), met } }), (error: Error) => {
      assert.equal(
        error.message,
        'cluster east: not as it should be after 1800 s: clusters/test-east (ControlPlaneInitialized); on the control cluster look at: kubectl -n cluster-test-east get clusters,machines; kubectl -n cluster-test-east get events; then run "up" again',
      );
      return true;
    });
  });

  it("is upgraded by its versions, and replaced by nothing", async () => {
    const { graph: after } = await runFleet({ ...EDITS, "platform.clusters.east.provider.kubernetes": "1.35.1" });
    assert.deepEqual(after.changesSince(graph), {
      added: [],
      removed: [],
      changed: ["east.cluster-api-control-plane", "east.cluster-api-general-nodes"],
    });
  });

  it("has its versions in the stack's outputs", async () => {
    const { outputs } = await runFleet(EDITS);
    const { east } = object(object(outputs.platform).clusters);
    const { kubernetes, nodePools } = object(east);
    assert.deepEqual({ kubernetes, nodePools }, { kubernetes: "1.34.3", nodePools: { general: "1.34.3" } });
  });
});
