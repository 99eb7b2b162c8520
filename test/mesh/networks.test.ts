import assert from "node:assert/strict";
import { runFleet } from "../support/fleet";
import type { Graph, Registered } from "../support/graph";
import { type Edits, eksCluster, ON_EKS } from "../support/settings";

const ROUTE = "aws:ec2/route:Route";
const RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const FOURTH: Edits = { "platform.clusters.south": eksCluster(["data"], 4, { region: "us-east-2" }) };
const HUBS: Edits = { "platform.aws.peering": "transit-gateway" };

async function graphAfter(edits: Edits = {}): Promise<Graph> {
  return (await runFleet({ ...ON_EKS, ...edits })).graph;
}

const named = (graph: Graph, type: string, prefix: string) =>
  graph.ofType(type).filter(({ name }) => name.startsWith(prefix));

/** What of a resource says where it is and where it leads. */
const way = ({ name, provider, inputs }: Registered) => [
  name,
  provider,
  inputs.routeTableId,
  inputs.destinationCidrBlock,
];

describe("networks that are joined each with each", () => {
  let graph: Graph;
  before(async () => {
    graph = await graphAfter();
  });

  it("are as many links as pairs", () => {
    assert.deepEqual(
      graph.ofType("openchoreo:mesh:NetworkLink").map(({ name }) => name),
      ["link.control.east", "link.control.west", "link.east.west"],
    );
  });

  it("name the other region where it is another one, and are accepted there", () => {
    const connection = graph.get("link.east.west-peering", "aws:ec2/vpcPeeringConnection:VpcPeeringConnection");
    assert.equal(connection.provider, "east.aws");
    assert.deepEqual(connection.inputs, {
      autoAccept: false,
      peerRegion: "us-east-2",
      peerVpcId: "west.network-id",
      tags: { Name: "link.east.west-peering" },
      vpcId: "east.network-id",
    });
    assert.equal(graph.get("link.east.west-peering-accepter").provider, "west.aws");
    const near = graph.get("link.control.east-peering", "aws:ec2/vpcPeeringConnection:VpcPeeringConnection");
    assert.equal(near.inputs.peerRegion, undefined);
  });

  it("have routes on both sides, in every zone", () => {
    const tables = (cluster: string, zones: readonly string[], to: string) =>
      zones.map((zone) => [
        `link.east.west-peering-${cluster}-${zone}`,
        `${cluster}.aws`,
        `${cluster}.network-private-${zone}-routes-id`,
        to,
      ]);
    assert.deepEqual(named(graph, ROUTE, "link.east.west").map(way), [
      ...tables("east", ["euw1-az1", "euw1-az2", "euw1-az3"], "10.3.0.0/16"),
      ...tables("west", ["use2-az1", "use2-az2", "use2-az3"], "10.2.0.0/16"),
    ]);
  });

  it("admit the platform's traffic by the other's range, and nothing else", () => {
    const rules = named(graph, RULE, "link.east.west-to-west").map(({ provider, inputs }) => [
      provider,
      inputs.securityGroupId,
      inputs.cidrIpv4,
      `${inputs.ipProtocol} ${inputs.fromPort}-${inputs.toPort}`,
    ]);
    const rule = (group: string, what: string) => ["west.aws", `west.network-${group}-id`, "10.2.0.0/16", what];
    assert.deepEqual(rules.sort(), [
      rule("api", "tcp 443-443"),
      rule("nodes", "icmp 8-0"),
      rule("nodes", "tcp 15008-15008"),
      rule("nodes", "tcp 2379-2379"),
      rule("nodes", "tcp 4240-4240"),
      rule("nodes", "udp 51871-51871"),
    ]);
  });

  it("leave out a cluster that is not in the mesh", async () => {
    const alone = await graphAfter({ "platform.clusters.west.network.mesh": false });
    assert.deepEqual(
      alone.ofType("openchoreo:mesh:NetworkLink").map(({ name }) => name),
      ["link.control.east"],
    );
  });

  it("leave the others alone when a cluster comes or goes", async () => {
    const { added, removed, changed } = (await graphAfter(FOURTH)).changesSince(graph);
    const own = (name: string) => /^(south(\.|$)|mesh\.south\.|link\.(.+\.)?south)/.test(name);
    assert.deepEqual(
      added.filter((name) => !own(name)),
      [],
    );
    assert.deepEqual(removed, []);
    // Lists of peers, which Cilium reads as they change.
    assert.ok(
      changed.every((name) => /\.(mesh-(peers|local)|cilium-mesh-users)$/.test(name)),
      changed.join(" "),
    );
    assert.equal(changed.length, 9);
  });
});

describe("networks that are joined by hubs", () => {
  let graph: Graph;
  before(async () => {
    graph = await graphAfter(HUBS);
  });

  it("are a gateway in each region, joined with each other once", () => {
    const gateways = graph.ofType("aws:ec2transitgateway/transitGateway:TransitGateway");
    assert.deepEqual(
      gateways.map(({ name, provider }) => [name, provider]),
      [
        ["hub.eu-west-1", "hub.eu-west-1-aws"],
        ["hub.us-east-2", "hub.us-east-2-aws"],
      ],
    );
    const [attachment, ...others] = graph.ofType("aws:ec2transitgateway/peeringAttachment:PeeringAttachment");
    assert.deepEqual([attachment?.name, others], ["hub.eu-west-1.us-east-2", []]);
    assert.equal(graph.get("hub.eu-west-1.us-east-2-accepter").provider, "hub.us-east-2-aws");
    assert.deepEqual(graph.ofType("openchoreo:mesh:NetworkLink"), []);
  });

  it("have one route for all, and routes to each network in the other regions' hubs", () => {
    const routes = named(graph, ROUTE, "west.hub").map(way);
    assert.deepEqual(
      routes,
      ["use2-az1", "use2-az2", "use2-az3"].map((zone) => [
        `west.hub-${zone}`,
        "west.aws",
        `west.network-private-${zone}-routes-id`,
        "10.0.0.0/9",
      ]),
    );
    const back = graph.ofType("aws:ec2transitgateway/route:Route").map(({ name, provider, inputs }) => {
      return [name, provider, inputs.destinationCidrBlock];
    });
    assert.deepEqual(back, [
      ["control.hub-from-us-east-2", "hub.us-east-2-aws", "10.1.0.0/16"],
      ["east.hub-from-us-east-2", "hub.us-east-2-aws", "10.2.0.0/16"],
      ["west.hub-from-eu-west-1", "hub.eu-west-1-aws", "10.3.0.0/16"],
    ]);
  });

  it("admit the platform's traffic by the range of the mesh", () => {
    const rules = named(graph, RULE, "control.hub");
    assert.ok(rules.length >= 9);
    for (const { inputs, name } of rules) assert.equal(inputs.cidrIpv4, "10.0.0.0/9", name);
  });

  it("leave the others alone when a cluster comes or goes", async () => {
    const { added, removed, changed } = (await graphAfter({ ...HUBS, ...FOURTH })).changesSince(graph);
    assert.deepEqual(
      added.filter((name) => !/^(south(\.|$)|mesh\.south\.)/.test(name)),
      [],
    );
    assert.deepEqual(removed, []);
    assert.equal(changed.length, 9);
  });
});

describe("networks of clusters that change in another order", () => {
  const isAws = (name: string, graph: Graph) =>
    graph.resources.some((one) => one.name === name && (one.type.startsWith("aws:") || one.provider?.endsWith(".aws")));

  for (const [title, how] of [
    ["each with each", {}],
    ["by hubs", HUBS],
  ] as const) {
    it(`stay as they are: ${title}`, async () => {
      const before = await graphAfter({ ...how, "platform.clusters.west.wave": 2 });
      const swapped = { "platform.clusters.east.wave": 2, "platform.clusters.west.wave": 1 };
      const after = await graphAfter({ ...how, ...swapped });
      const { added, removed, changed } = after.changesSince(before);
      assert.deepEqual([added, removed], [[], []]);
      assert.deepEqual(
        changed.filter((name) => isAws(name, after)),
        [],
      );
      // Neither do lists of peers: what changes says which wave it is of, or waits for one.
      assert.deepEqual(
        changed.filter((name) => /\.(mesh-(peers|local)|cilium-mesh-users|istio-.*)$/.test(name)),
        [],
      );
    });
  }
});
