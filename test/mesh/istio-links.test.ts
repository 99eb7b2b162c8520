import assert from "node:assert/strict";
import { parse } from "yaml";
import { clustersOf, runFleet } from "../support/fleet";
import { type Graph, key, UNKNOWN } from "../support/graph";
import { type Edits, type Json, ON_EKS, switchOn } from "../support/settings";
import { object } from "../support/stack";

const ISTIO = { ...switchOn("ztunnel"), tenants: {} };

async function graphAfter(edits: Edits = {}, preview = false): Promise<Graph> {
  return (await runFleet({ ...ISTIO, ...edits }, { preview })).graph;
}

const members = (graph: Graph) => graph.ofType("openchoreo:mesh:IstioMember").map(({ name }) => name);
const encoded = (text: string) => Buffer.from(text, "utf8").toString("base64");

/** Which clusters' control planes each cluster's reads. */
function reads(graph: Graph): Record<string, string[]> {
  const found = graph.resources.flatMap(({ type, provider = "", inputs }) => {
    const { name = "", labels = {} } = object(inputs.metadata ?? {}) as { name?: string; labels?: Json };
    if (type !== "kubernetes:core/v1:Secret" || labels["istio/multiCluster"] !== "true") return [];
    return [[provider, name.replace("istio-remote-secret-", "")] as const];
  });
  const clusters = [...new Set(found.map(([cluster]) => cluster))];
  return Object.fromEntries(
    clusters.map((cluster) => [cluster, found.flatMap(([on, peer]) => (on === cluster ? [peer] : [])).sort()]),
  );
}

describe("links of Istio", () => {
  let graph: Graph;
  before(async () => {
    graph = await graphAfter();
  });

  it("are between every pair of clusters, both ways", () => {
    assert.deepEqual(members(graph), ["control.istio", "east.istio", "west.istio"]);
    assert.deepEqual(reads(graph), {
      control: ["east", "west"],
      east: ["control", "west"],
      west: ["control", "east"],
    });
  });

  it("let a control plane read its peer with the peer's own account, by the address that nodes know", () => {
    const { metadata, stringData } = graph.get("east.istio-west").inputs;
    assert.deepEqual(metadata, {
      name: "istio-remote-secret-west",
      namespace: "istio-system",
      labels: { "istio/multiCluster": "true" },
      annotations: { "networking.istio.io/cluster": "west" },
    });
    const { secret } = stringData as { secret: { west: string } };
    assert.deepEqual(parse(secret.west), {
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name: "west",
          cluster: {
            server: "https://west.api.test:6443",
            "certificate-authority-data": encoded("(authority of west.istio-reader-token)"),
          },
        },
      ],
      users: [{ name: "west", user: { token: "(token of west.istio-reader-token)" } }],
      contexts: [{ name: "west", context: { cluster: "west", user: "west" } }],
      "current-context": "west",
    });
  });

  it("have a token that a controller writes, for an account with the role that istiod's chart makes for readers", () => {
    const { type, metadata } = graph.get("west.istio-reader").inputs;
    assert.equal(type, "kubernetes.io/service-account-token");
    assert.deepEqual(metadata, {
      name: "istio-remote-reader",
      namespace: "istio-system",
      annotations: { "kubernetes.io/service-account.name": "istio-remote-reader" },
    });
    const account = graph.get("west.istio-reader-account");
    assert.deepEqual(account.inputs.metadata, { name: "istio-remote-reader", namespace: "istio-system" });
    assert.ok(graph.get("west.istio-reader").dependencies.includes(key(account)));
    const { roleRef, subjects } = graph.get("west.istio-reader-binding").inputs;
    const role = "istio-reader-clusterrole-istio-system";
    assert.deepEqual(roleRef, { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role });
    assert.deepEqual(subjects, [{ kind: "ServiceAccount", name: "istio-remote-reader", namespace: "istio-system" }]);
  });

  it("have a gateway on each cluster, of a name and a network of its own", () => {
    const { metadata, spec } = graph.get("east.istio-gateway").inputs;
    assert.deepEqual(metadata, {
      name: "east-west-east",
      namespace: "istio-east-west",
      labels: { "topology.istio.io/network": "east" },
    });
    assert.deepEqual(spec, {
      gatewayClassName: "istio-east-west",
      listeners: [
        {
          name: "mesh",
          port: 15008,
          protocol: "HBONE",
          tls: { mode: "Terminate", options: { "gateway.istio.io/tls-terminate-mode": "ISTIO_MUTUAL" } },
        },
      ],
    });
  });

  it("have it in a namespace apart from the key of the cluster's authority", () => {
    assert.deepEqual(graph.get("east.istio-namespace").inputs.metadata, {
      name: "istio-east-west",
      labels: { "pod-security.kubernetes.io/enforce": "restricted", "pod-security.kubernetes.io/warn": "restricted" },
    });
    assert.deepEqual(graph.get("east.istio-gateway").dependencies, [
      "kubernetes:core/v1:Namespace east.istio-namespace",
    ]);
    const release = "kubernetes:helm.sh/v3:Release east.istiod";
    assert.ok(graph.get("east.istio-namespace").dependencies.includes(release));
  });

  it("are no clusters' but those of the mesh that have Istio", async () => {
    assert.deepEqual(members(await graphAfter({ "platform.istio.enabled": false })), []);
    const outside = await graphAfter({ "platform.clusters.east.network.mesh": false });
    assert.deepEqual(reads(outside), { control: ["west"], west: ["control"] });
    const alone = { "platform.clusters.east": undefined, "platform.clusters.west": undefined };
    assert.deepEqual(members(await graphAfter(alone)), []);
  });

  it("know nothing of tokens in a first preview, and fail in none", async () => {
    const preview = await graphAfter({}, true);
    const { stringData } = preview.get("east.istio-west").inputs;
    assert.equal(stringData, UNKNOWN);
  });
});

describe("a fixed address of the gateway for peers", () => {
  it("is Cilium's to give and to announce", async () => {
    const address = "172.18.255.22";
    const graph = await graphAfter({ "platform.clusters.east.network.eastWestAddress": address });
    const spec = (name: string) => graph.get(`east.istio-gateway${name}`).inputs.spec as Json;
    assert.deepEqual(spec("").infrastructure, { annotations: { "lbipam.cilium.io/ips": address } });
    const serviceSelector = { matchLabels: { "gateway.networking.k8s.io/gateway-name": "east-west-east" } };
    assert.deepEqual(spec("-address"), { blocks: [{ start: address, stop: address }], serviceSelector });
    assert.deepEqual(spec("-announcement"), { loadBalancerIPs: true, serviceSelector });
    assert.throws(() => graph.get("west.istio-gateway-address"));
  });
});

describe("the gateway for peers on EKS", () => {
  it("has addresses of the plan, one in each zone, as ztunnel dials no names", async () => {
    const graph = await graphAfter({ ...ON_EKS, "platform.clusters.west": undefined });
    const { metadata, spec } = graph.get("east.istio-gateway").inputs as { metadata: Json; spec: Json };
    assert.deepEqual(metadata.annotations, { "networking.istio.io/service-type": "ClusterIP" });
    assert.deepEqual(spec.infrastructure, {
      parametersRef: { group: "", kind: "ConfigMap", name: "east-west-east" },
    });
    const reserved = graph.ofType("aws:ec2/subnetCidrReservation:SubnetCidrReservation");
    const blocks = reserved.filter(({ provider }) => provider === "east.aws").map(({ inputs }) => inputs.cidrBlock);
    assert.deepEqual(blocks, ["10.2.63.240/28", "10.2.127.240/28", "10.2.191.240/28"]);
    const addresses = ["10.2.63.244", "10.2.127.244", "10.2.191.244"];
    const { data } = graph.get("east.istio-gateway-addresses").inputs as { data: { service: string } };
    assert.deepEqual(parse(data.service), { spec: { externalIPs: addresses } });
    const balancer = graph.get("east.istio-gateway-balancer").inputs as {
      metadata: { annotations: Record<string, string> };
      spec: Json;
    };
    const annotation = (name: string) =>
      balancer.metadata.annotations[`service.beta.kubernetes.io/aws-load-balancer-${name}`];
    assert.equal(annotation("scheme"), "internal");
    assert.equal(annotation("private-ipv4-addresses"), addresses.join(","));
    assert.equal(annotation("subnets")?.split(",").length, 3);
    assert.equal(balancer.metadata.annotations["pulumi.com/skipAwait"], "true");
    assert.deepEqual(balancer.spec, {
      type: "LoadBalancer",
      loadBalancerClass: "service.k8s.aws/nlb",
      loadBalancerSourceRanges: ["10.0.0.0/9"],
      selector: { "gateway.networking.k8s.io/gateway-name": "east-west-east" },
      ports: [{ name: "hbone", port: 15008, targetPort: 15008, protocol: "TCP" }],
    });
  });
});

describe("one cluster more", () => {
  it("is that cluster, and its links with the others", async () => {
    const fleet = async (data: number) => graphAfter({ "platform.clusters": clustersOf(data) });
    const { added, removed, changed } = (await fleet(3)).changesSince(await fleet(2));
    assert.deepEqual(removed, []);
    const links = added.filter((name) => !/^(mesh\.)?data-3(\.|$)/.test(name));
    assert.deepEqual(links, ["control.istio-data-3", "data-1.istio-data-3", "data-2.istio-data-3"]);
    // Cilium's lists of peers are objects that every cluster has one of.
    assert.deepEqual(
      changed.filter((name) => !/\.(cilium-mesh-users|mesh-local|mesh-peers)$/.test(name)),
      [],
    );
  });
});
