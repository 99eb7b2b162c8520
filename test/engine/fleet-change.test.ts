import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { parse } from "yaml";
import { expectedClusters, useFleet } from "./support/fleet";
import { get, texts } from "./support/kubectl";
import { processesOf } from "./support/processes";

const NORTH =
  "platform.clusters.north={planes: [data], provider: {kind: existing, kubeconfig: {context: kind-north}}, " +
  "network: {meshId: 4, meshAddress: 172.18.255.4}}";

describe("changes of the running fleet", () => {
  const fleet = useFleet();
  const names = expectedClusters().map(({ name }) => name);
  const onEach = (...suffixes: readonly string[]) =>
    names.flatMap((name) => suffixes.map((suffix) => `${name}${suffix}`)).sort();
  after(() => fleet.bring());

  /** The resources of a cluster's links: its lists of peers, and whom its cluster-mesh API server admits. */
  const links = onEach(".mesh-peers", ".mesh-local", ".cilium-mesh-users");

  /** The stand-in chart of Cilium writes down the values that it got. */
  async function hubbleUi(cluster: string): Promise<unknown> {
    const values = await get(fleet.kubeconfig(cluster), "configmap", "cilium-values", "kube-system");
    assert.ok(values);
    return parse(texts(values)["values.yaml"] ?? "").hubble.ui.enabled;
  }

  /** Identities of the link Secrets: an object that was deleted and made anew has another. */
  async function linkIds(): Promise<string[]> {
    const objects = names.flatMap((name) =>
      ["secret/cilium-clustermesh", "secret/cilium-kvstoremesh", "configmap/clustermesh-remote-users"].map((object) =>
        get(fleet.kubeconfig(name), ...(object.split("/") as [string, string]), "kube-system"),
      ),
    );
    return (await Promise.all(objects)).map((object) => object?.metadata.uid ?? "none");
  }

  it("changes one value: only Cilium's release, on each cluster", async () => {
    for (const enabled of [false, true]) {
      const { phase, changes } = await fleet.change(...(enabled ? [] : ["platform.cilium.hubble.ui=false"]));
      assert.deepEqual(changes, { created: [], deleted: [], updated: onEach(".cilium"), replaced: [] });
      const { created, updated, deleted } = phase;
      assert.deepEqual({ created, updated, deleted }, { created: 0, updated: 3, deleted: 0 });
      for (const name of names) assert.equal(await hubbleUi(name), enabled, name);
    }
  });

  it("adds a cluster: its own resources, and the links of the others", async () => {
    const before = await linkIds();
    const { phase, changes } = await fleet.change(NORTH);
    assert.deepEqual(
      changes.created.filter((name) => !ofNorth(name)),
      [],
    );
    assert.ok(changes.created.length > 0);
    assert.deepEqual({ ...changes, created: [] }, { created: [], deleted: [], updated: links, replaced: [] });
    const { created, updated, deleted } = phase;
    assert.deepEqual({ created, updated, deleted }, { created: changes.created.length, updated: 9, deleted: 0 });
    assert.deepEqual(await linkIds(), before, "a link was deleted and made anew, so the mesh was cut for a moment");
    assert.deepEqual(await peers("east"), ["control", "north", "west"]);
    assert.deepEqual(await peers("north"), names.toSorted());
  });

  it("removes it: its own resources, and the links of the others", async () => {
    const before = await linkIds();
    const own = [...fleet.state.keys()].map((urn) => urn.split("::").slice(3).join("::")).filter(ofNorth);
    const { phase, changes } = await fleet.change();
    assert.deepEqual(changes, { created: [], deleted: own.sort(), updated: links, replaced: [] });
    const { created, updated, deleted } = phase;
    assert.deepEqual({ created, updated, deleted }, { created: 0, updated: 9, deleted: own.length });
    assert.deepEqual(await linkIds(), before, "a link was deleted and made anew, so the mesh was cut for a moment");
    assert.deepEqual(await peers("east"), ["control", "west"]);
    assert.equal(existsSync(fleet.kubeconfig("north")), false);
    const running = processesOf(fleet.folders.base).filter(({ command }) => command.includes("/clusters/north/"));
    assert.deepEqual(running, []);
  });

  async function peers(cluster: string): Promise<string[]> {
    const secret = await get(fleet.kubeconfig(cluster), "secret", "cilium-kvstoremesh", "kube-system");
    return Object.keys(secret?.data ?? {}).sort();
  }
});

/** Whether a resource belongs to the cluster that comes and goes: names begin with the cluster's, in the trust after its own. */
function ofNorth(name: string): boolean {
  return /^(mesh\.)?north(\.|$)/.test(name);
}
