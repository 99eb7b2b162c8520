import assert from "node:assert/strict";
import type { Drilled } from "../../plan/drill/drilled";
import { drill } from "../../plan/drill/lose";
import type { PlanCluster, PlanDatabase } from "../../plan/model";
import { planResource } from "../support/plan-resource";

function cluster(
  name: string,
  region: string,
  planes: readonly string[],
  more: Partial<PlanCluster> = {},
): PlanCluster {
  const objectStore = { place: "cloud", region, replicaRegion: "us-west-2" } as const;
  return { name, region, planes, provider: "eks", wave: 1, drained: false, objectStore, addons: ["cilium"], ...more };
}

function database(name: string, more: Partial<PlanDatabase> = {}): PlanDatabase {
  return {
    database: `shop/store/${name}`,
    engine: "postgresql",
    class: "single",
    cluster: "east",
    replicas: [],
    ...more,
  };
}

const WATCH = planResource("east.gateway-health", "aws:route53/healthCheck:HealthCheck", {}, { area: "mesh" });

/** A control cluster and three data clusters in two regions. */
function fleet(databases: readonly PlanDatabase[] = [], more: Partial<Drilled> = {}): Drilled {
  const component = (name: string, clusters: readonly string[], uses: readonly string[] = []) => {
    return { component: `shop/store/${name}`, type: "service", clusters, replicas: 2, uses };
  };
  const components = [
    component("everywhere", ["east", "north", "west"], ["shop/store/only-east"]),
    component("only-east", ["east"]),
    component("only-west", ["west"]),
  ];
  const kinds = ["cluster mesh", "istio"];
  const route = (host: string, name: string) => ({
    host,
    addresses: [],
    ports: [443],
    purpose: "",
    reach: "clients" as const,
    cluster: name,
  });
  return {
    control: { cluster: "control" },
    clusters: [
      cluster("control", "us-east-1", ["control", "observability"], { addons: ["cilium", "opensearch"] }),
      cluster("east", "us-east-1", ["data"]),
      cluster("north", "us-east-1", ["data"]),
      cluster("west", "eu-west-1", ["data"]),
    ],
    links: [
      { from: "control", to: "east", kinds },
      { from: "east", to: "west", kinds },
      { from: "control", to: "west", kinds },
    ],
    tenants: [{ name: "shop", owners: [], environments: [], components, databases }],
    resources: [],
    endpoints: [route("both.test", "east"), route("both.test", "west"), route("east.test", "east")],
    ...more,
  };
}

describe("the loss of a cluster", () => {
  const found = drill(fleet(), "east");

  it("names components without a replica, those that call them, and those with fewer", () => {
    assert.deepEqual(
      found.components.map(({ component, fate, replicasBefore, replicasLeft, missing }) => [
        component,
        fate,
        replicasBefore,
        replicasLeft,
        missing,
      ]),
      [
        ["shop/store/only-east", "lost", 2, 0, []],
        ["shop/store/everywhere", "broken", 6, 4, ["shop/store/only-east"]],
      ],
    );
  });

  it("names links that are cut, and what is left", () => {
    assert.deepEqual(found.links, {
      cut: ["control ↔ east (cluster mesh, istio)", "east ↔ west (cluster mesh, istio)"],
      left: ["control ↔ west (cluster mesh, istio)"],
    });
  });

  it("names hosts that nobody else serves", () => assert.deepEqual(found.hosts, ["east.test"]));

  it("knows that others hold the plane, and that no service is gone", () => {
    assert.deepEqual(found.planes, [{ plane: "data", left: ["north", "west"], means: "others of the kind go on" }]);
    assert.deepEqual(found.services, []);
  });

  it("leaves traffic to a health check where there is one, else to somebody", () => {
    const traffic = (plan: Drilled) => drill(plan, "east").takeover[0];
    assert.deepEqual(traffic(fleet())?.who, "operator");
    assert.match(traffic(fleet())?.what ?? "", /clusters\.east\.drained: true/);
    assert.deepEqual(traffic(fleet([], { resources: [WATCH] }))?.who, "by itself");
  });

  it("that has the control plane says what stops and what has to be made anew", () => {
    const { planes, services, takeover } = drill(fleet(), "control");
    assert.deepEqual(
      planes.map(({ plane, left }) => [plane, left]),
      [
        ["control", []],
        ["observability", []],
      ],
    );
    assert.deepEqual(services, [{ addon: "opensearch", cluster: "control" }]);
    assert.ok(takeover.some(({ what }) => what.startsWith("make the control cluster control anew")));
  });

  it("is refused where there is none of that name", () => {
    assert.throws(
      () => drill(fleet(), "nowhere"),
      /--lose nowhere: neither a cluster nor a region of the fleet; there are clusters control, east, north, west, regions us-east-1, eu-west-1/,
    );
  });
});

describe("the loss of a region", () => {
  it("loses every cluster of it", () => {
    const { lost, remaining } = drill(fleet(), "us-east-1");
    assert.deepEqual([lost, remaining], [["control", "east", "north"], ["west"]]);
  });
});

describe("a database on what is lost", () => {
  const backup = "0 2 * * *";
  const server = { objectStore: { place: "server" } } as const;
  const cases: readonly (readonly [
    string,
    string,
    Partial<PlanDatabase>,
    Partial<PlanCluster>,
    string | undefined,
    RegExp,
  ])[] = [
    [
      "is taken over by its replica",
      "east",
      { replicas: ["west"], backup },
      {},
      "replica takes over",
      /promote the one on west/,
    ],
    [
      "is restored from the bucket of its region",
      "east",
      { backup },
      {},
      "restore from backup",
      /the bucket in us-east-1/,
    ],
    [
      "is restored from the copy where the region is lost",
      "us-east-1",
      { backup },
      {},
      "restore from backup",
      /the copy in us-west-2/,
    ],
    [
      "whose replica is lost too is restored",
      "us-east-1",
      { replicas: ["north"], backup },
      {},
      "restore from backup",
      /the copy in us-west-2/,
    ],
    ["without a backup has none", "east", {}, {}, "no reachable backup", /no replica elsewhere and no backup/],
    ["that is backed up in the cluster has none", "east", { backup }, server, "no reachable backup", /lost with it/],
    [
      "whose copy is in no other region has none",
      "us-east-1",
      { backup },
      { objectStore: { place: "cloud", region: "us-east-1" } },
      "no reachable backup",
      /lost with it/,
    ],
    ["loses only its replica", "west", { replicas: ["west"], backup }, {}, "loses its replica", /runs on/],
    ["elsewhere is not touched", "west", { backup }, {}, undefined, /^$/],
  ];
  for (const [title, lose, own, site, fate, means] of cases)
    it(title, () => {
      const plan = fleet([database("orders", own)]);
      const clusters = plan.clusters.map((one) => (one.name === "east" ? { ...one, ...site } : one));
      const [found] = drill({ ...plan, clusters }, lose).databases;
      assert.equal(found?.fate, fate);
      assert.match(found?.means ?? "", means);
    });
});
