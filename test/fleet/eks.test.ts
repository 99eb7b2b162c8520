import assert from "node:assert/strict";
import * as fc from "fast-check";
import { Address4 } from "ip-address";
import { eksName, type FleetPlan, planFleet, subnetsOf } from "../../components/fleet";
import { overlap, supernetOf } from "../../components/settings";
import { type Edits, ON_EKS, PRODUCTION_ON_EKS, settingsAfter } from "../support/settings";

const EAST = "platform.clusters.east";

function planAfter(edits: Edits = ON_EKS, stack = "test"): FleetPlan {
  return planFleet(settingsAfter(edits), stack);
}

const east = (edits: Edits) => planAfter(edits).clusters.find(({ name }) => name === "east")?.eks ?? assert.fail();

describe("the plan of a cluster on EKS", () => {
  it("decides every field", () => {
    assert.deepEqual(east(ON_EKS), {
      adopt: undefined,
      physicalName: "test-east",
      region: "eu-west-1",
      partition: "aws",
      kubernetes: "1.35",
      cidr: "10.2.0.0/16",
      services: "10.193.0.0/17",
      zones: [
        {
          id: "euw1-az1",
          private: "10.2.0.0/18",
          public: "10.2.192.0/20",
          reserved: "10.2.63.240/28",
          eastWest: "10.2.63.244",
        },
        {
          id: "euw1-az2",
          private: "10.2.64.0/18",
          public: "10.2.208.0/20",
          reserved: "10.2.127.240/28",
          eastWest: "10.2.127.244",
        },
        {
          id: "euw1-az3",
          private: "10.2.128.0/18",
          public: "10.2.224.0/20",
          reserved: "10.2.191.240/28",
          eastWest: "10.2.191.244",
        },
      ],
      publicCidrs: undefined,
      karpenter: false,
      natPerZone: false,
      logDays: 30,
      access: [
        { name: "deployer", principal: "arn:aws:iam::111122223333:role/deployer", policy: "admin", namespaces: [] },
      ],
      replicaRegion: "eu-central-1",
      protect: false,
      retain: false,
      pools: [
        {
          name: "general",
          instanceTypes: ["m7i.large"],
          architecture: "amd64",
          capacity: "on-demand",
          min: 3,
          max: 6,
          diskSize: 50,
          labels: {},
          taints: [],
        },
      ],
      addons: {},
    });
  });

  it("is careful in production", () => {
    const { natPerZone, logDays, protect, retain } = east(PRODUCTION_ON_EKS);
    assert.deepEqual(
      { natPerZone, logDays, protect, retain },
      { natPerZone: true, logDays: 365, protect: true, retain: true },
    );
  });

  it("keeps data when protection is taken off to destroy a cluster", () => {
    const { protect, retain } = east({ ...PRODUCTION_ON_EKS, [`${EAST}.provider.protect`]: false });
    assert.deepEqual({ protect, retain }, { protect: false, retain: true });
  });

  it("takes what a cluster says instead of what all have in common", () => {
    const plan = east({
      ...ON_EKS,
      [`${EAST}.provider.replicaRegion`]: "eu-north-1",
      [`${EAST}.provider.access`]: { deployer: { principal: "arn:aws:iam::111122223333:role/east", policy: "admin" } },
      [`${EAST}.provider.publicAccess`]: {},
    });
    assert.equal(plan.replicaRegion, "eu-north-1");
    assert.deepEqual(
      plan.access.map(({ principal }) => principal),
      ["arn:aws:iam::111122223333:role/east"],
    );
    assert.deepEqual(plan.publicCidrs, ["0.0.0.0/0"]);
  });

  it("has no range of pods, and routes natively in the supernet", () => {
    const plan = planAfter();
    assert.deepEqual(
      plan.clusters.map(({ routing, ranges }) => [routing, ranges.pods]),
      [1, 2, 3].map(() => ["native", undefined]),
    );
    assert.equal(plan.mesh.nativeRange, "10.0.0.0/9");
    assert.equal(planAfter({ ...ON_EKS, "platform.aws.supernet": "10.0.0.0/8" }).mesh.nativeRange, "10.0.0.0/8");
    assert.equal(supernetOf(settingsAfter(ON_EKS).platform), "10.0.0.0/9");
  });
});

describe("the name of a cluster in AWS", () => {
  for (const [stack, cluster, name] of [
    ["prod", "us-east", "prod-us-east"],
    ["acme.prod", "us-east", "acme-prod-us-east"],
    ["a_b", "c", "a_b-c"],
  ] as const) {
    it(`is ${name} for ${cluster} of ${stack}`, () => assert.equal(eksName(stack, cluster), name));
  }
});

describe("the subnets of a network", () => {
  const networks = fc
    .tuple(fc.integer({ min: 16, max: 24 }), fc.integer({ min: 0, max: 255 }))
    .map(([prefix, block]) => `10.${block}.0.0/${prefix}`);

  it("are six that do not overlap and lie in it, none smaller than AWS takes", () => {
    fc.assert(
      fc.property(networks, (cidr) => {
        const zones = [0, 1, 2].map((index) => subnetsOf(cidr, index));
        const all = zones.flatMap((zone) => [zone.private, zone.public]);
        assert.equal(new Set(all).size, 6);
        for (const [index, one] of all.entries()) {
          assert.ok(overlap(one, cidr) && Number(one.split("/")[1]) <= 28, one);
          for (const other of all.slice(index + 1)) assert.ok(!overlap(one, other), `${one} ${other}`);
        }
        for (const { private: own, reserved, eastWest } of zones) {
          const [end, ofReserved] = [own, reserved].map((range) => new Address4(range).endAddress().correctForm());
          assert.equal(ofReserved, end);
          assert.ok(overlap(own, reserved) && overlap(reserved, `${eastWest}/32`), `${own} ${reserved} ${eastWest}`);
        }
      }),
    );
  });
});
