import assert from "node:assert/strict";
import { CATALOG, NOT_AWAITED } from "../../../components/addons";
import { valuesOn } from "../../support/addons";
import { runFleet } from "../../support/fleet";
import type { Graph } from "../../support/graph";
import { type Edits, type Json, switchOn } from "../../support/settings";
import { object } from "../../support/stack";

const ON = switchOn("openchoreo-control-plane");
const addon = (name: string) => CATALOG.find((one) => one.name === name) ?? assert.fail(name);

async function agentOn(cluster: string, plane: string, edits: Edits = {}): Promise<Json> {
  const values = await valuesOn(cluster, addon(`openchoreo-${plane}-plane`), { ...ON, ...edits });
  return object(values.clusterAgent);
}

describe("OpenChoreo's agents", () => {
  const urls: readonly (readonly [title: string, cluster: string, plane: string, edits: Edits, url: string])[] = [
    [
      "of the control plane's own cluster",
      "control",
      "workflow",
      {},
      "wss://cluster-gateway-mesh.openchoreo-control-plane.svc:8443/ws",
    ],
    [
      "of another cluster of the mesh",
      "east",
      "data",
      {},
      "wss://cluster-gateway-mesh.openchoreo-control-plane.svc:8443/ws",
    ],
    [
      "of a cluster outside the mesh",
      "east",
      "data",
      { "platform.clusters.east.network.mesh": false },
      "wss://cluster-gateway.choreo.test/ws",
    ],
  ];
  for (const [title, cluster, plane, edits, url] of urls) {
    it(`${title} dial ${url}`, async () => {
      const { serverUrl, planeID } = await agentOn(cluster, plane, edits);
      assert.deepEqual({ serverUrl, planeID }, { serverUrl: url, planeID: cluster });
    });
  }

  it("mount the Secret and the ConfigMap that the program makes, not cert-manager's", async () => {
    for (const [cluster, plane] of [
      ["control", "workflow"],
      ["control", "observability"],
      ["east", "data"],
    ] as const) {
      const { tls } = await agentOn(cluster, plane);
      assert.deepEqual(tls, {
        clientSecretName: "cluster-agent-client-tls",
        serverCAConfigMap: "cluster-gateway-roots",
      });
    }
  });

  it("start anew when what they read at their start changes", async () => {
    const of = async (bundle: string) => {
      const values = await valuesOn("east", addon("openchoreo-data-plane"), ON, { bundle });
      return object(object(values.clusterAgent).podAnnotations)["openchoreo.dev/trust"];
    };
    assert.equal(await of("one root"), await of("one root"));
    assert.notEqual(await of("one root"), await of("another root"));
  });

  it("are several only where that is wanted, and then one at a time is taken away", async () => {
    const one = await agentOn("east", "data");
    assert.deepEqual([one.replicas, one.podDisruptionBudget], [1, { enabled: false }]);
    const three = await agentOn("east", "data", { "platform.openchoreo.replicas": 3 });
    assert.deepEqual([three.replicas, three.podDisruptionBudget], [3, { enabled: true }]);
  });
});

describe("certificates of OpenChoreo's agents and of the gateway that they dial", () => {
  const SIGNED = "tls:index/locallySignedCert:LocallySignedCert";
  let graph: Graph;
  before(async () => {
    graph = (await runFleet(ON)).graph;
  });

  it("are signed by an authority of their own, which signs nothing else", () => {
    const planes = ["control.workflow", "control.observability", "east.data", "west.data"];
    for (const plane of planes) {
      const name = `identities.${plane}-agent`;
      const cluster = plane.split(".")[0];
      const { caCertPem, validityPeriodHours, earlyRenewalHours } = graph.get(name, SIGNED).inputs;
      assert.equal(caCertPem, `(certPem of ${name}-authority)`);
      assert.deepEqual([validityPeriodHours, earlyRenewalHours], [16800, 8760]);
      assert.equal(graph.get(`${name}-authority`, SIGNED).inputs.caCertPem, `(certPem of mesh.${cluster}.platform)`);
      const others = graph.resources.filter(({ inputs }) => inputs.caCertPem === caCertPem);
      assert.deepEqual(
        others.map((one) => one.name),
        [name],
      );
    }
  });

  it("are good for every name of the gateway", () => {
    assert.deepEqual(graph.get("identities.control.cluster-gateway-request").inputs.dnsNames, [
      "cluster-gateway.openchoreo-control-plane.svc",
      "cluster-gateway.openchoreo-control-plane.svc.cluster.local",
      "cluster-gateway-mesh.openchoreo-control-plane.svc",
      "cluster-gateway-mesh.openchoreo-control-plane.svc.cluster.local",
      "cluster-gateway.choreo.test",
    ]);
  });

  it("reach the agents as a Secret and the roots, before their release", () => {
    const secret = graph.get("east.openchoreo-data-plane-agent");
    assert.deepEqual(secret.inputs.metadata, { name: "cluster-agent-client-tls", namespace: "openchoreo-data-plane" });
    assert.equal(secret.provider, "east");
    const roots = graph.get("east.openchoreo-data-plane-roots");
    assert.deepEqual(roots.inputs.data, { "ca.crt": "(certPem of mesh.root-1)" });
    const { dependencies } = graph.get("east.openchoreo-data-plane", "kubernetes:helm.sh/v3:Release");
    for (const { type, name } of [secret, roots]) assert.ok(dependencies.includes(`${type} ${name}`), name);
  });

  it("reach the gateway in a Secret whose name changes with them", () => {
    const { name } = object(graph.get("control.openchoreo-control-plane-cluster-gateway").inputs.metadata);
    assert.match(String(name), /^cluster-gateway-[0-9a-f]{16}$/);
    const release = graph.get("control.openchoreo-control-plane", "kubernetes:helm.sh/v3:Release").inputs;
    const { tls } = object(object(release.values).clusterGateway);
    assert.deepEqual(tls, { secretName: name, issuerRef: { kind: "ClusterIssuer", name: "made-by-the-platform" } });
    const issuers = graph.resources.filter(({ inputs }) => inputs.kind === "ClusterIssuer");
    assert.ok(issuers.length > 0);
    assert.ok(!issuers.some(({ inputs }) => object(inputs.metadata).name === "made-by-the-platform"));
  });
});

describe("Services of the cluster gateway", () => {
  const services = (graph: Graph) =>
    graph.resources.flatMap(({ type, name, provider, inputs }) => {
      const { metadata, spec } = inputs;
      if (type !== "kubernetes:core/v1:Service" || !name.includes("openchoreo")) return [];
      return [{ provider, name: object(metadata).name, annotations: object(metadata).annotations, spec: object(spec) }];
    });
  const global = { "service.cilium.io/global": "true", ...NOT_AWAITED };
  const caller = { ...global, "service.cilium.io/shared": "false" };

  it("lead to it from every cluster of the mesh, and from nowhere else", async () => {
    const { graph } = await runFleet(ON);
    const found = services(graph).map(({ provider, name, annotations, spec }) => [
      provider,
      name,
      annotations,
      spec.selector !== undefined,
    ]);
    assert.deepEqual(found, [
      ["control", "cluster-gateway-mesh", global, true],
      ["east", "cluster-gateway-mesh", caller, false],
      ["west", "cluster-gateway-mesh", caller, false],
    ]);
  });

  const published: readonly (readonly [title: string, edits: Edits])[] = [
    ["a cluster is outside the mesh", { "platform.clusters.east.network.mesh": false }],
    ["planes of other stacks shall come", { "platform.openchoreo.otherStacks": true }],
  ];
  for (const [title, edits] of published) {
    it(`are public where ${title}`, async () => {
      const { graph } = await runFleet({ ...ON, ...edits });
      const [service, ...others] = services(graph).filter(({ spec }) => spec.type === "LoadBalancer");
      assert.deepEqual(others, []);
      assert.deepEqual(service?.annotations, {
        "external-dns.alpha.kubernetes.io/hostname": "cluster-gateway.choreo.test",
      });
      assert.deepEqual(service?.spec.ports, [{ name: "websocket", protocol: "TCP", port: 443, targetPort: 8443 }]);
    });
  }
});
