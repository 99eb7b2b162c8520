import assert from "node:assert/strict";
import { clustersOf, runFleet } from "../support/fleet";
import type { Graph, Registered } from "../support/graph";
import type { Edits } from "../support/settings";

async function graphAfter(edits: Edits): Promise<Graph> {
  return (await runFleet(edits)).graph;
}

function fleetOf(data: number): Edits {
  return { "platform.clusters": clustersOf(data) };
}

/** Every resource of one cluster: its provider, its add-ons, its links, and its part of the mesh's trust. */
function belongsTo(cluster: string) {
  return (name: string) => name === cluster || name.startsWith(`${cluster}.`) || name.startsWith(`mesh.${cluster}.`);
}

describe("one cluster more or less", () => {
  let two: Graph;
  let three: Graph;
  before(async () => {
    two = await graphAfter(fleetOf(2));
    three = await graphAfter(fleetOf(3));
  });

  /** What names every other member: the peers' own addresses, the users that they come as. */
  const links = ["control", "data-1", "data-2"].flatMap((name) => [
    `${name}.cilium-mesh-users`,
    `${name}.mesh-local`,
    `${name}.mesh-peers`,
  ]);

  it("adds its own resources, and changes the links and mesh users of the others", () => {
    const { added, removed, changed } = three.changesSince(two);
    assert.deepEqual(
      added.filter((name) => !belongsTo("data-3")(name)),
      [],
    );
    assert.deepEqual(removed, []);
    assert.deepEqual(changed, links.sort());
    assert.ok(added.length > 40);
  });

  it("removes its own resources, and changes the links and mesh users of the others", () => {
    const { added, removed, changed } = two.changesSince(three);
    assert.deepEqual(added, []);
    assert.deepEqual(
      removed.filter((name) => !belongsTo("data-3")(name)),
      [],
    );
    assert.deepEqual(changed, links.sort());
  });

  it("changes what others wait for only at the gate of its wave", () => {
    const same = (one: Registered, other: Registered) =>
      JSON.stringify(one.dependencies) === JSON.stringify(other.dependencies);
    assert.deepEqual(three.changesSince(two, same).changed, ["waves-1"]);
  });

  it("changes nothing of the others where it stays outside the mesh", async () => {
    const outside = { network: { meshId: 4, mesh: false } };
    const clusters = { ...clustersOf(2), "data-3": { ...(clustersOf(3)["data-3"] as object), ...outside } };
    const { added, removed, changed } = (await graphAfter({ "platform.clusters": clusters })).changesSince(two);
    assert.deepEqual(
      added.filter((name) => !belongsTo("data-3")(name)),
      [],
    );
    assert.deepEqual([removed, changed], [[], []]);
  });

  it("brings its own gate where it is a wave of its own", async () => {
    const clusters = clustersOf(3, (index) => (index === 2 ? { wave: 2 } : {}));
    const { added, removed, changed } = (await graphAfter({ "platform.clusters": clusters })).changesSince(two);
    assert.deepEqual(
      added.filter((name) => !belongsTo("data-3")(name)),
      ["waves-2"],
    );
    assert.deepEqual([removed, changed], [[], links.sort()]);
  });
});

describe("rotation of the mesh's root", () => {
  const trusts = [
    { roots: ["root-1"] },
    { roots: ["root-1", "root-2"], issuer: "root-1" },
    { roots: ["root-1", "root-2"], issuer: "root-2" },
    { roots: ["root-2"] },
  ];
  const graphs: Graph[] = [];
  before(async () => {
    for (const trust of trusts) graphs.push(await graphAfter({ ...fleetOf(1), "platform.mesh.trust": trust }));
  });

  const at = (index: number) => graphs[index] ?? assert.fail();
  const stepTo = (index: number) => at(index).changesSince(at(index - 1));
  const trustOf = (index: number) => at(index).get("data-1.cilium-ca-bundle").inputs.data;
  /** Everything that holds the bundle of roots, and Cilium, whose pods are started anew to read it. */
  const holders = (index: number) => {
    const found = at(index).resources.filter(({ type, inputs }) => {
      return /:(ConfigMap|Secret)$/.test(type) && JSON.stringify(inputs).includes("(certPem of mesh.root-");
    });
    return [...found.map(({ name }) => name), "control.cilium", "data-1.cilium"].sort();
  };

  it("first adds the new root to what everyone trusts, and re-signs nothing", () => {
    const { added, removed, changed } = stepTo(1);
    assert.deepEqual(added, ["mesh.root-2", "mesh.root-2-key"]);
    assert.deepEqual(removed, []);
    assert.deepEqual(changed, holders(1));
    assert.deepEqual(trustOf(1), { "ca.crt": "(certPem of mesh.root-1)(certPem of mesh.root-2)" });
  });

  it("then signs the intermediates by the new root, and changes neither trust nor keys", () => {
    const { added, removed, changed } = stepTo(2);
    assert.deepEqual([added, removed], [[], []]);
    assert.deepEqual(
      changed,
      ["control", "data-1"].flatMap((name) => [`mesh.${name}.cilium`, `mesh.${name}.istio`, `mesh.${name}.platform`]),
    );
    assert.deepEqual(trustOf(2), trustOf(1));
    const signed = at(2).get("mesh.data-1.cilium", "tls:index/locallySignedCert:LocallySignedCert");
    assert.equal(signed.inputs.caCertPem, "(certPem of mesh.root-2)");
  });

  it("at last drops the old root from what everyone trusts, and re-signs nothing", () => {
    const { added, removed, changed } = stepTo(3);
    assert.deepEqual(added, []);
    assert.deepEqual(removed, ["mesh.root-1", "mesh.root-1-key"]);
    assert.deepEqual(changed, holders(3));
    assert.deepEqual(trustOf(3), { "ca.crt": "(certPem of mesh.root-2)" });
  });
});
