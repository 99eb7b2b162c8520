import assert from "node:assert/strict";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { addonContract, installAddons } from "../../components/addons";
import type { ClusterSources } from "../../components/clusters";
import { planFleet } from "../../components/fleet";
import { parseSettings } from "../../components/settings";
import { MeshTrust } from "../../components/trust";
import type { Graph } from "../support/graph";
import { fakeProbe, runProgram } from "../support/program";
import { type Edits, edit, good } from "../support/settings";

const ONE: Edits = { "platform.clusters.east": undefined, "platform.clusters.west": undefined, tenants: {} };

/** Clusters whose nodes are made after their network. */
function clustersWithNodes(): ClusterSources {
  return {
    make: ({ name }, after) => {
      const provider = new kubernetes.Provider(name, { kubeconfig: "{}" }, { dependsOn: [...after] });
      return {
        name,
        provider,
        kubeconfig: pulumi.secret("{}"),
        apiServer: pulumi.output({ host: "api.test", port: 443 }),
        probe: fakeProbe(),
        nodes: (network) => {
          const metadata = { name: "nodes", namespace: "kube-system" };
          const opts = { provider, dependsOn: network };
          return pulumi.output([new kubernetes.core.v1.ConfigMap(`${name}-nodes`, { metadata }, opts)]) as never;
        },
      };
    },
    otherControl: () => undefined,
  };
}

async function install(clusters: ClusterSources): Promise<Graph> {
  const settings = parseSettings(edit(good(), ONE), addonContract);
  const fleet = planFleet({ ...settings, tenants: {} }, "test");
  const { graph } = await runProgram(async () => {
    const trust = new MeshTrust("mesh", { fleet });
    installAddons({ fleet, platform: settings.platform, clusters, trust });
    return {};
  });
  return graph;
}

describe("nodes of a cluster that is made", () => {
  const RELEASE = "kubernetes:helm.sh/v3:Release control.cilium";
  const NODES = "kubernetes:core/v1:ConfigMap control-nodes";

  it("come after the network, and before everything else", async () => {
    const graph = await install(clustersWithNodes());
    assert.deepEqual(graph.get("control-nodes").dependencies, [RELEASE]);
    for (const name of ["control.cilium-ambient-probes", "control.cert-manager"]) {
      const found = graph.resources.find((one) => one.name === name && one.type !== "openchoreo:addons:Addon");
      assert.ok(found?.dependencies.includes(NODES), name);
      assert.ok(found?.dependencies.includes(RELEASE), name);
    }
    assert.ok(!graph.get("control.cilium", "kubernetes:helm.sh/v3:Release").dependencies.includes(NODES));
  });
});
