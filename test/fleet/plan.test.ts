import assert from "node:assert/strict";
import fc from "fast-check";
import { MESH_PORT, pairs, peersOf, planFleet } from "../../components/fleet";
import { cluster, type Edits, PRODUCTION, settingsAfter } from "../support/settings";

const EAST = "platform.clusters.east";
const WEST = "platform.clusters.west";

function planAfter(edits: Edits = {}) {
  return planFleet(settingsAfter(edits), "test");
}

describe("planFleet", () => {
  it("decides every field of a cluster", () => {
    assert.deepEqual(planAfter().clusters[1], {
      name: "east",
      planes: ["data"],
      wave: 1,
      zone: false,
      provider: { kind: "existing", kubeconfig: { context: "kind-test" } },
      ranges: { cidr: "10.2.0.0/16", pods: "10.129.0.0/17", services: "10.193.0.0/17" },
      routing: "tunnel",
      eks: undefined,
      clusterApi: undefined,
      cilium: "managed",
      objectStore: "server",
      drained: false,
      lost: false,
      addresses: { gateway: undefined, eastWest: undefined },
      mesh: { id: 2, host: "east.mesh.choreo.test", address: "172.18.255.2", fixedAddress: "172.18.255.2" },
    });
  });

  it("decides what the fleet has in common", () => {
    const { clusters, placements, ...plan } = planAfter();
    assert.deepEqual(plan, {
      stack: "test",
      namespace: "openchoreo-test",
      objectStore: undefined,
      releaseTimeout: 600,
      shards: undefined,
      aws: undefined,
      profile: "development",
      domain: "choreo.test",
      control: { kind: "own", cluster: "control" },
      waves: [["control"], ["east", "west"]],
      mesh: {
        encryption: "wireguard",
        roots: ["root-1"],
        issuer: "root-1",
        links: [
          ["control", "east"],
          ["control", "west"],
          ["east", "west"],
        ],
        nativeRange: "10.128.0.0/10",
      },
    });
    assert.equal(clusters.length, 3);
    assert.equal(placements.length, 3);
  });

  it("takes a cluster's own ranges instead of blocks", () => {
    const plan = planAfter({ [`${EAST}.network.pods`]: "172.20.0.0/16" });
    assert.deepEqual(plan.clusters[1]?.ranges, {
      cidr: "10.2.0.0/16",
      pods: "172.20.0.0/16",
      services: "10.193.0.0/17",
    });
  });

  it("is the same for the same settings", () => assert.deepEqual(planAfter(), planAfter()));

  const dialled: readonly (readonly [title: string, edits: Edits, address: string, fixed: string | undefined])[] = [
    ["a fixed address in development", {}, "172.18.255.2", "172.18.255.2"],
    ["a name in a zone", { "platform.mesh.dns": "published" }, "east.mesh.choreo.test", "172.18.255.2"],
    [
      "a name in a zone without an address",
      { "platform.mesh.dns": "published", [`${EAST}.network.meshAddress`]: undefined },
      "east.mesh.choreo.test",
      undefined,
    ],
    ["a name in production", PRODUCTION, "east.mesh.choreo.test", "172.18.255.2"],
  ];
  for (const [title, edits, address, fixedAddress] of dialled) {
    it(`lets peers dial ${title}`, () => {
      const host = "east.mesh.choreo.test";
      assert.deepEqual(planAfter(edits).clusters[1]?.mesh, { id: 2, host, address, fixedAddress });
    });
  }

  it("serves the mesh where Cilium's chart does", () => assert.equal(MESH_PORT, 2379));
});

describe("the fleet's namespace", () => {
  const namespaceOf = (stack: string) => planFleet(settingsAfter(), stack).namespace;
  const stacks = fc.stringMatching(/^[A-Za-z0-9_.-]{1,100}$/);

  it("is named after the stack", () => assert.equal(namespaceOf("dev"), "openchoreo-dev"));

  it("is a name that Kubernetes takes, whatever the stack is called", () => {
    fc.assert(
      fc.property(stacks, (stack) => {
        assert.match(namespaceOf(stack), /^openchoreo-[a-z0-9-]{0,51}[a-z0-9]$/);
      }),
      { numRuns: 50 },
    );
  });

  it("is another for each stack", () => {
    const names = ["dev", "Dev", "DEV", "d.ev", "d_ev", "d-ev", "a".repeat(50), "a".repeat(51)];
    assert.equal(new Set(names.map(namespaceOf)).size, names.length);
  });

  it("is a name that Kubernetes takes where the stack's ends in a dash", () => {
    assert.match(namespaceOf("dev-"), /[a-z0-9]$/);
  });
});

describe("the fleet's control plane", () => {
  const without = { "platform.clusters.control": undefined };
  const cases: readonly (readonly [title: string, edits: Edits, control: object])[] = [
    ["a cluster of its own", {}, { kind: "own", cluster: "control" }],
    [
      "another stack's",
      { ...without, "platform.controlPlane": { stack: "acme/openchoreo/hub" } },
      { kind: "stack", stack: "acme/openchoreo/hub" },
    ],
    [
      "a named cluster of another stack",
      { ...without, "platform.controlPlane": { stack: "acme/openchoreo/hub", cluster: "hub" } },
      { kind: "stack", stack: "acme/openchoreo/hub", cluster: "hub" },
    ],
  ];
  for (const [title, edits, control] of cases) {
    it(`is ${title}`, () => assert.deepEqual(planAfter(edits).control, control));
  }
});

describe("waves", () => {
  const without = { "platform.clusters.control": undefined, "platform.controlPlane": { stack: "acme/openchoreo/hub" } };
  const cases: readonly (readonly [title: string, edits: Edits, waves: string[][]])[] = [
    ["the control plane first, all others together", {}, [["control"], ["east", "west"]]],
    ["one after the other", { [`${WEST}.wave`]: 2 }, [["control"], ["east"], ["west"]]],
    ["by number, not by place", { [`${EAST}.wave`]: 2, [`${WEST}.wave`]: 1 }, [["control"], ["west"], ["east"]]],
    ["all at once", { [`${EAST}.wave`]: 0, [`${WEST}.wave`]: 0 }, [["control", "east", "west"]]],
    ["none in wave 0, where the control plane is elsewhere", without, [[], ["east", "west"]]],
  ];
  for (const [title, edits, waves] of cases) {
    it(`are ${title}`, () => {
      const plan = planAfter(edits);
      assert.deepEqual(plan.waves, waves);
      assert.deepEqual(
        plan.clusters.map(({ name }) => name),
        waves.flat(),
      );
    });
  }
});

describe("links", () => {
  it("join every two names once, in order", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 20 }), (names) => {
        const found = pairs(names);
        assert.equal(found.length, (names.length * (names.length - 1)) / 2);
        assert.equal(new Set(found.map((pair) => JSON.stringify(pair))).size, found.length);
        for (const [a, b] of found) assert.ok(names.indexOf(a) < names.indexOf(b));
      }),
    );
  });

  it("make every member a peer of every other, and nobody else", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }), (inMesh) => {
        const data = inMesh.map((mesh, index) => {
          const network = { meshId: index + 2, meshAddress: `172.18.255.${index + 2}`, mesh };
          return [`data-${index}`, cluster(["data"], index + 2, { network })] as const;
        });
        const clusters = { control: cluster(["control"], 1), ...Object.fromEntries(data) };
        const plan = planAfter({ "platform.clusters": clusters });
        const members = plan.clusters.filter(({ mesh }) => mesh !== undefined).map(({ name }) => name);
        assert.deepEqual(members, ["control", ...data.flatMap(([name], index) => (inMesh[index] ? [name] : []))]);
        for (const { name } of plan.clusters) {
          const peers = members.includes(name) ? members.filter((other) => other !== name).sort() : [];
          assert.deepEqual(
            peersOf(plan, name).map((peer) => peer.name),
            peers,
          );
        }
      }),
      { numRuns: 25 },
    );
  });

  it("leave out a cluster whose Cilium is someone else's", () => {
    const plan = planAfter({ [`${EAST}.cilium`]: "present", [`${EAST}.network.mesh`]: false });
    assert.deepEqual(plan.mesh.links, [["control", "west"]]);
    assert.equal(plan.clusters[1]?.mesh, undefined);
    assert.equal(plan.clusters[1]?.cilium, "present");
  });
});
