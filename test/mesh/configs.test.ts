import assert from "node:assert/strict";
import { parse } from "yaml";
import { type PlannedCluster, planFleet } from "../../components/fleet";
import { localConfigs, peerConfigs } from "../../components/mesh";
import { type Edits, settingsAfter } from "../support/settings";

/** The peers of the cluster "control". */
function peers(edits: Edits = {}): PlannedCluster[] {
  return planFleet(settingsAfter(edits), "test").clusters.filter(({ name }) => name !== "control");
}

const files = (certificate: string) => ({
  "trusted-ca-file": `/var/lib/cilium/clustermesh/${certificate}-etcd-client-ca.crt`,
  "key-file": `/var/lib/cilium/clustermesh/${certificate}-etcd-client.key`,
  "cert-file": `/var/lib/cilium/clustermesh/${certificate}-etcd-client.crt`,
});

const parsed = (configs: Record<string, string>) =>
  Object.fromEntries(Object.entries(configs).map(([name, text]) => [name, parse(text)]));

describe("what KVStoreMesh reads", () => {
  it("is the fixed address of each peer, where no zone serves its name", () => {
    assert.deepEqual(parsed(peerConfigs(peers())), {
      east: { endpoints: ["https://172.18.255.2:2379"], ...files("common") },
      west: { endpoints: ["https://172.18.255.3:2379"], ...files("common") },
    });
  });

  it("is the name of each peer, where a zone serves it", () => {
    assert.deepEqual(parsed(peerConfigs(peers({ "platform.mesh.dns": "published" }))), {
      east: { endpoints: ["https://east.mesh.choreo.test:2379"], ...files("common") },
      west: { endpoints: ["https://west.mesh.choreo.test:2379"], ...files("common") },
    });
  });

  it("is nothing without peers", () => assert.deepEqual(peerConfigs([]), {}));
});

describe("what agents read", () => {
  it("is the cluster's own copy for each peer", () => {
    const own = { endpoints: ["https://clustermesh-apiserver.kube-system.svc:2379"], ...files("local") };
    assert.deepEqual(parsed(localConfigs(peers())), { east: own, west: own });
  });

  it("is nothing without peers", () => assert.deepEqual(localConfigs([]), {}));
});
