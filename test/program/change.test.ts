import assert from "node:assert/strict";
import { clustersOf, runFleet } from "../support/fleet";
import type { Graph, Registered } from "../support/graph";
import type { Edits } from "../support/settings";

const ROOTS = "platform.mesh.trust";

async function graphAfter(edits: Edits): Promise<Graph> {
  return (await runFleet(edits)).graph;
}

function fleetOf(data: number): Edits {
  return { "platform.clusters": clustersOf(data) };
}

/** Every resource of one cluster: its provider, its add-ons, its links, and its part of the mesh's trust. */
function belongsTo(cluster: string) {
  return (name: string) => name === cluster || name.startsWith(`${cluster}-`) || name.startsWith(`mesh-${cluster}-`);
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
    `${name}-cilium-mesh-users`,
    `${name}-mesh-local`,
    `${name}-mesh-peers`,
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

  it("changes what others wait for only at the gate of its wave and at links", () => {
    const same = (one: Registered, other: Registered) =>
      JSON.stringify(one.dependencies) === JSON.stringify(other.dependencies);
    const { changed } = three.changesSince(two, same);
    const expected = ["test-waves-1", ...links.filter((name) => !name.endsWith("-users"))];
    assert.deepEqual(changed, expected.sort());
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
      ["test-waves-2"],
    );
    assert.deepEqual([removed, changed], [[], links.sort()]);
  });
});

describe("rotation of the mesh's root", () => {
  const steps: readonly Edits[] = [
    { [ROOTS]: { roots: ["root-1"] } },
    { [ROOTS]: { roots: ["root-1", "root-2"] } },
    { [ROOTS]: { roots: ["root-1", "root-2"], issuer: "root-2" } },
    { [ROOTS]: { roots: ["root-2"] } },
  ];
  const graphs: Graph[] = [];
  before(async () => {
    for (const step of steps) graphs.push(await graphAfter(step));
  });

  const stepTo = (index: number) => (graphs[index] as Graph).changesSince(graphs[index - 1] as Graph);
  const trustOf = (index: number) => (graphs[index] as Graph).get("east-cilium-ca-bundle").inputs.data;
  /** Everything that holds the bundle of roots. */
  const bundles = (index: number) => {
    const holders = (graphs[index] as Graph).resources.filter(({ type, inputs }) => {
      return /:(ConfigMap|Secret)$/.test(type) && JSON.stringify(inputs).includes("(certPem of mesh-root-");
    });
    return holders.map(({ name }) => name).sort();
  };

  it("first adds the new root to what everyone trusts, and re-signs nothing", () => {
    const { added, removed, changed } = stepTo(1);
    assert.deepEqual(added, ["mesh-root-2", "mesh-root-2-key"]);
    assert.deepEqual(removed, []);
    assert.deepEqual(changed, bundles(1));
    assert.deepEqual(trustOf(1), { "ca.crt": "(certPem of mesh-root-1)(certPem of mesh-root-2)" });
  });

  it("then signs the intermediates by the new root, and changes neither trust nor keys", () => {
    const { added, removed, changed } = stepTo(2);
    assert.deepEqual([added, removed], [[], []]);
    const intermediates = ["control", "east", "west"].flatMap((name) => [`mesh-${name}-cilium`, `mesh-${name}-istio`]);
    assert.deepEqual(changed, intermediates);
    assert.deepEqual(trustOf(2), trustOf(1));
    const signed = (graphs[2] as Graph).get("mesh-east-cilium", "tls:index/locallySignedCert:LocallySignedCert");
    assert.equal(signed.inputs.caCertPem, "(certPem of mesh-root-2)");
  });

  it("at last drops the old root from what everyone trusts, and re-signs nothing", () => {
    const { added, removed, changed } = stepTo(3);
    assert.deepEqual(added, []);
    assert.deepEqual(removed, ["mesh-root-1", "mesh-root-1-key"]);
    assert.deepEqual(changed, bundles(3));
    assert.deepEqual(trustOf(3), { "ca.crt": "(certPem of mesh-root-2)" });
  });
});
