import assert from "node:assert/strict";
import { CATALOG } from "../../components/addons";
import { ciliumCertificates } from "../../components/addons/networking/cilium-certificates";
import type { PlannedCluster } from "../../components/fleet";
import { targetOn, valuesOn } from "../support/addons";
import { type Edits, edit, type Json, PRODUCTION } from "../support/settings";
import { object } from "../support/stack";

const cilium = CATALOG.find(({ name }) => name === "cilium") ?? assert.fail();
const EAST = "platform.clusters.east.network";

/** The digest of the roots that the cluster trusts: pods that read them at their start are started anew with another. */
const TRUST = { "openchoreo.dev/trust": "cd47b1fc1a847e30" };

/** Everything that is set on a cluster of the mesh in development, with a fixed address. */
const BASE: Json = {
  cluster: { name: "east", id: 2 },
  k8sServiceHost: "east.api.test",
  k8sServicePort: 6443,
  kubeProxyReplacement: "true",
  routingMode: "tunnel",
  tunnelProtocol: "vxlan",
  ipam: {
    mode: "cluster-pool",
    operator: { clusterPoolIPv4PodCIDRList: ["10.129.0.0/17"], clusterPoolIPv4MaskSize: 24 },
  },
  podAnnotations: TRUST,
  l2announcements: { enabled: true },
  k8sClientRateLimit: { qps: 20, burst: 40 },
  encryption: { enabled: true, type: "wireguard" },
  cni: { exclusive: false },
  socketLB: { hostNamespaceOnly: true },
  bpf: { masquerade: false },
  rollOutCiliumPods: true,
  operator: { replicas: 1, rollOutPods: true, prometheus: { enabled: true } },
  prometheus: { enabled: true },
  tls: { caBundle: { enabled: true, name: "cilium-root-ca.crt", key: "ca.crt" } },
  hubble: {
    enabled: true,
    metrics: { enabled: ["dns", "drop", "tcp", "flow", "port-distribution", "icmp"], enableOpenMetrics: true },
    tls: { enabled: true, auto: { enabled: false }, server: { existingSecret: "hubble-server-certs" } },
    relay: {
      enabled: true,
      rollOutPods: true,
      podAnnotations: TRUST,
      prometheus: { enabled: true },
      tls: { client: { existingSecret: "hubble-relay-client-certs" } },
    },
    ui: { enabled: true, rollOutPods: true },
  },
  clustermesh: {
    useAPIServer: true,
    maxConnectedClusters: 255,
    config: { enabled: false },
    apiserver: {
      replicas: 1,
      podAnnotations: TRUST,
      service: {
        type: "LoadBalancer",
        loadBalancerIP: "172.18.255.2",
        annotations: {
          "external-dns.alpha.kubernetes.io/hostname": "east.mesh.choreo.test",
          "lbipam.cilium.io/ips": "172.18.255.2",
        },
      },
      tls: { authMode: "cluster", auto: { enabled: false }, enableSecrets: false },
      metrics: { enabled: true },
    },
  },
};

/** Without a fixed address there is nothing to announce. */
const UNANNOUNCED = { l2announcements: undefined, k8sClientRateLimit: undefined };

describe("Cilium's values", () => {
  const cases: readonly (readonly [title: string, settings: Edits, values: Json])[] = [
    ["in development", {}, BASE],
    ["in production", PRODUCTION, edit(BASE, { "operator.replicas": 2, "clustermesh.apiserver.replicas": 2 })],
    [
      "with native routing",
      Object.fromEntries(
        ["control", "east", "west"].map((name) => [`platform.clusters.${name}.network.routing`, "native"]),
      ),
      edit(BASE, {
        routingMode: "native",
        tunnelProtocol: undefined,
        autoDirectNodeRoutes: true,
        directRoutingSkipUnreachable: true,
        ipv4NativeRoutingCIDR: "10.128.0.0/10",
      }),
    ],
    [
      "with addresses of its own",
      { [`${EAST}.pods`]: "172.20.0.0/16", "platform.cilium.podCidrMaskSize": 26 },
      edit(BASE, { "ipam.operator": { clusterPoolIPv4PodCIDRList: ["172.20.0.0/16"], clusterPoolIPv4MaskSize: 26 } }),
    ],
    ["without encryption", { "platform.mesh.encryption": "none" }, edit(BASE, { "encryption.enabled": false })],
    [
      "without Hubble's relay",
      { "platform.cilium.hubble": { relay: false, ui: false, metrics: ["dns"] } },
      edit(BASE, { "hubble.relay.enabled": false, "hubble.ui.enabled": false, "hubble.metrics.enabled": ["dns"] }),
    ],
    [
      "with its name in a zone and no fixed address",
      { "platform.mesh.dns": "published", [`${EAST}.meshAddress`]: undefined },
      edit(BASE, {
        ...UNANNOUNCED,
        "clustermesh.apiserver.service": {
          type: "LoadBalancer",
          annotations: { "external-dns.alpha.kubernetes.io/hostname": "east.mesh.choreo.test" },
        },
      }),
    ],
    [
      "outside the mesh",
      { [`${EAST}.mesh`]: false },
      edit(BASE, {
        ...UNANNOUNCED,
        "cluster.id": 0,
        clustermesh: { useAPIServer: false, maxConnectedClusters: 255 },
      }),
    ],
  ];
  for (const [title, settings, values] of cases) {
    it(`are these ${title}`, async () => assert.deepEqual(await valuesOn("east", cilium, settings), values));
  }

  it("say nothing of another cluster, so that no two clusters wait for each other", async () => {
    const alone = { "platform.clusters.west": undefined };
    assert.deepEqual(await valuesOn("east", cilium, alone), await valuesOn("east", cilium));
  });

  it("change with the roots that are trusted, and only where pods are started anew by it", async () => {
    const other = await valuesOn("east", cilium, {}, { bundle: "(another bundle)" });
    const podAnnotations = other.podAnnotations;
    assert.notDeepEqual(podAnnotations, TRUST);
    const paths = ["podAnnotations", "hubble.relay.podAnnotations", "clustermesh.apiserver.podAnnotations"];
    assert.deepEqual(other, edit(BASE, Object.fromEntries(paths.map((path) => [path, podAnnotations]))));
  });

  it("have the same limit of clusters inside and outside the mesh, and at any size", async () => {
    for (const edits of [{}, { [`${EAST}.mesh`]: false }, { "platform.clusters.west": undefined }]) {
      assert.equal(object((await valuesOn("east", cilium, edits)).clustermesh).maxConnectedClusters, 255);
    }
  });

  it("are for clusters whose Cilium is managed here", () => {
    const { cluster } = targetOn("east");
    assert.equal(cilium.on(cluster), true);
    assert.equal(cilium.on({ ...cluster, cilium: "present" }), false);
  });
});

describe("Cilium's certificates", () => {
  const cluster = (edits: Edits = {}): PlannedCluster => targetOn("east", edits).cluster;
  const hubble = [
    {
      secret: "hubble-server-certs",
      commonName: "*.east.hubble-grpc.cilium.io",
      dnsNames: ["*.east.hubble-grpc.cilium.io"],
    },
    {
      secret: "hubble-relay-client-certs",
      commonName: "*.hubble-relay.cilium.io",
      dnsNames: ["*.hubble-relay.cilium.io"],
    },
  ];
  const server = {
    secret: "clustermesh-apiserver-server-cert",
    commonName: "clustermesh-apiserver.cilium.io",
    dnsNames: [
      "clustermesh-apiserver.cilium.io",
      "*.mesh.cilium.io",
      "clustermesh-apiserver.kube-system.svc",
      "east.mesh.choreo.test",
    ],
    ipAddresses: ["127.0.0.1", "::1", "172.18.255.2"],
  };
  const clients = [
    { secret: "clustermesh-apiserver-admin-cert", commonName: "admin-east" },
    { secret: "clustermesh-apiserver-remote-cert", commonName: "remote-east" },
    { secret: "clustermesh-apiserver-local-cert", commonName: "local-east" },
  ];

  it("in the mesh have the name and the address that peers dial", () => {
    assert.deepEqual(ciliumCertificates(cluster(), true), [...hubble, server, ...clients]);
  });

  it("without a fixed address have the name alone", () => {
    const edits = { "platform.mesh.dns": "published", [`${EAST}.meshAddress`]: undefined };
    const named = { ...server, ipAddresses: ["127.0.0.1", "::1"] };
    assert.deepEqual(ciliumCertificates(cluster(edits), true), [...hubble, named, ...clients]);
  });

  it("outside the mesh are Hubble's alone", () => {
    assert.deepEqual(ciliumCertificates(cluster({ [`${EAST}.mesh`]: false }), true), hubble);
  });

  it("without the relay lack its own", () => {
    const secrets = ciliumCertificates(cluster({ [`${EAST}.mesh`]: false }), false).map(({ secret }) => secret);
    assert.deepEqual(secrets, ["hubble-server-certs"]);
  });
});
