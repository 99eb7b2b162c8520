import assert from "node:assert/strict";
import { CATALOG } from "../../../components/addons";
import { targetOn, valuesOn } from "../../support/addons";
import { runFleet } from "../../support/fleet";
import type { Graph } from "../../support/graph";
import { edit, type Json, PRODUCTION, switchOn } from "../../support/settings";

const addon = (name: string) => CATALOG.find((one) => one.name === name) ?? assert.fail();
const ISTIO = switchOn("ztunnel");

const SPREAD = {
  maxSkew: 1,
  topologyKey: "topology.kubernetes.io/zone",
  whenUnsatisfiable: "ScheduleAnyway",
};

const ISTIOD: Json = {
  profile: "ambient",
  global: {
    meshID: "openchoreo-test",
    network: "east",
    multiCluster: { clusterName: "east" },
    logAsJson: true,
    waypoint: {
      topologySpreadConstraints: [
        {
          ...SPREAD,
          labelSelector: { matchExpressions: [{ key: "gateway.istio.io/managed", operator: "Exists" }] },
          matchLabelKeys: ["gateway.networking.k8s.io/gateway-name"],
        },
      ],
    },
  },
  env: { AMBIENT_ENABLE_MULTI_NETWORK: "true", AMBIENT_ENABLE_BAGGAGE: "true" },
  autoscaleEnabled: false,
  autoscaleMin: 1,
  autoscaleMax: 1,
  replicaCount: 1,
  podAnnotations: { "openchoreo.dev/trust": "cd47b1fc1a847e30" },
  topologySpreadConstraints: [{ ...SPREAD, labelSelector: { matchLabels: { app: "istiod" } } }],
  resources: { requests: { cpu: "100m", memory: "512Mi" } },
  seccompProfile: { type: "RuntimeDefault" },
  gateways: { seccompProfile: { type: "RuntimeDefault" } },
  gatewayClasses: {
    "istio-waypoint": { deployment: { spec: { replicas: 1 } } },
    "istio-east-west": { deployment: { spec: { replicas: 1 } } },
  },
  meshConfig: { accessLogEncoding: "JSON" },
};

describe("Istio's values", () => {
  it("make each cluster a primary of one mesh, on a network of its own", async () => {
    assert.deepEqual(await valuesOn("east", addon("istiod"), ISTIO), ISTIOD);
    const west = edit(ISTIOD, { "global.network": "west", "global.multiCluster.clusterName": "west" });
    assert.deepEqual(await valuesOn("west", addon("istiod"), ISTIO), west);
  });

  it("in production follow the load, and keep a proxy of each gateway through disruptions", async () => {
    const proxies = {
      horizontalPodAutoscaler: { spec: { minReplicas: 2, maxReplicas: 5 } },
      podDisruptionBudget: { spec: { minAvailable: 1 } },
    };
    assert.deepEqual(
      await valuesOn("east", addon("istiod"), { ...PRODUCTION, ...ISTIO }),
      edit(ISTIOD, {
        autoscaleEnabled: true,
        autoscaleMin: 2,
        autoscaleMax: 5,
        replicaCount: 2,
        resources: { requests: { cpu: "100m", memory: "2Gi" } },
        gatewayClasses: { "istio-waypoint": proxies, "istio-east-west": proxies },
      }),
    );
  });

  it("start istiod anew when the roots change, as it reads them at its start only", async () => {
    const annotations = async (bundle: string) =>
      (await valuesOn("east", addon("istiod"), ISTIO, { bundle })).podAnnotations;
    assert.notDeepEqual(await annotations("one"), await annotations("two"));
  });

  const logs: readonly (readonly [accessLogs: string, level: string])[] = [
    ["all", "info"],
    ["errors", "info,access=error"],
    ["none", "info,access=off"],
  ];
  for (const [accessLogs, logLevel] of logs) {
    it(`let ztunnel log ${accessLogs} of its connections`, async () => {
      assert.deepEqual(await valuesOn("east", addon("ztunnel"), { ...ISTIO, "platform.istio": { accessLogs } }), {
        multiCluster: { clusterName: "east" },
        network: "east",
        logAsJson: true,
        logLevel,
      });
    });
  }

  it("say nothing of the kinds, whose chart has nothing to set", async () => {
    assert.deepEqual(await valuesOn("east", addon("istio-base"), ISTIO), {});
  });
});

describe("Istio on a cluster", () => {
  let graph: Graph;
  before(async () => {
    graph = (await runFleet({ ...ISTIO, tenants: {} })).graph;
  });

  const release = "kubernetes:helm.sh/v3:Release";
  const spec = (name: string) => graph.get(name).inputs.spec;

  it("is in a namespace that says which network the cluster is", () => {
    assert.deepEqual(graph.get("west.addons-istio-system").inputs.metadata, {
      name: "istio-system",
      labels: {
        "pod-security.kubernetes.io/enforce": "privileged",
        "pod-security.kubernetes.io/warn": "restricted",
        "topology.istio.io/network": "west",
      },
    });
  });

  it("signs by an intermediate of the cluster's own, which is there before istiod", () => {
    const { type, metadata, stringData } = graph.get("east.istiod-cacerts").inputs;
    assert.equal(type, undefined);
    assert.deepEqual(metadata, { name: "cacerts", namespace: "istio-system" });
    const own = "(certPem of mesh.east.istio)";
    assert.deepEqual(stringData, {
      secret: {
        "ca-cert.pem": own,
        "ca-key.pem": "(privateKeyPemPkcs8 of mesh.east.istio-key)",
        "cert-chain.pem": own,
        "root-cert.pem": "(certPem of mesh.root-1)",
      },
    });
    assert.ok(graph.get("east.istiod", release).dependencies.includes("kubernetes:core/v1:Secret east.istiod-cacerts"));
  });

  it("installs kinds, control plane and node agents in the order in which they need each other", () => {
    const waits = (name: string) => {
      const { dependencies } = graph.get(name, release);
      const releases = dependencies.filter((one) => one.startsWith(release) && !one.includes("cert-manager"));
      return releases.map((one) => one.slice(release.length + 1));
    };
    assert.deepEqual(waits("east.istio-base"), []);
    assert.deepEqual(waits("east.istiod"), ["east.cilium", "east.istio-base"]);
    assert.deepEqual(waits("east.istio-cni"), ["east.cilium"]);
    assert.deepEqual(waits("east.ztunnel"), ["east.istio-cni", "east.istiod"]);
  });

  it("asks for mutual TLS everywhere, and denies what nobody allowed", () => {
    assert.deepEqual(graph.get("east.istiod-mutual-tls").inputs, {
      apiVersion: "security.istio.io/v1",
      kind: "PeerAuthentication",
      metadata: { name: "default", namespace: "istio-system" },
      spec: { mtls: { mode: "STRICT" } },
    });
    assert.deepEqual(graph.get("east.istiod-default-deny").inputs, {
      apiVersion: "security.istio.io/v1",
      kind: "AuthorizationPolicy",
      metadata: { name: "default-deny", namespace: "istio-system" },
      spec: {},
    });
  });

  it("leaves out endpoints that fail, never more than half of them", () => {
    assert.deepEqual(spec("east.istiod-traffic"), {
      host: "*.svc.cluster.local",
      trafficPolicy: {
        connectionPool: { tcp: { connectTimeout: "5s", tcpKeepalive: { time: "300s", interval: "30s", probes: 3 } } },
        outlierDetection: {
          consecutive5xxErrors: 5,
          interval: "10s",
          baseEjectionTime: "30s",
          maxEjectionPercent: 50,
        },
      },
    });
  });

  it("sends metrics and logs, and no spans where nobody takes them", () => {
    assert.deepEqual(spec("east.istiod-telemetry"), {
      accessLogging: [{ providers: [{ name: "envoy" }] }],
      metrics: [{ providers: [{ name: "prometheus" }] }],
    });
  });
});

describe("Istio's telemetry", () => {
  const telemetry = async (settings: Json) => {
    const one = { "platform.clusters.east": undefined, "platform.clusters.west": undefined, tenants: {} };
    const { graph } = await runFleet({ ...ISTIO, ...one, "platform.istio": settings });
    return graph.get("control.istiod-telemetry").inputs.spec as Json;
  };

  it("logs what failed, where only errors are wanted", async () => {
    const { accessLogging } = await telemetry({ accessLogs: "errors" });
    const filter = { expression: "response.code >= 400 || response.code == 0" };
    assert.deepEqual(accessLogging, [{ providers: [{ name: "envoy" }], filter }]);
  });

  it("is switched off for logs that nobody wants", async () => {
    const { accessLogging } = await telemetry({ accessLogs: "none" });
    assert.deepEqual(accessLogging, [{ providers: [{ name: "envoy" }], disabled: true }]);
  });
});

describe("what is watched of Istio", () => {
  it("is every component, on a port that its pods or Service have by that name", () => {
    const scrapes = ["istiod", "istio-cni", "ztunnel"].flatMap((name) => {
      const { monitoring } = addon(name);
      return monitoring?.(targetOn("east", ISTIO), {}).scrapes ?? [];
    });
    assert.deepEqual(
      scrapes.map(({ name, of, port }) => [name, of, port]),
      [
        ["istiod", "services", "http-monitoring"],
        ["istio-cni", "pods", "metrics"],
        ["ztunnel", "pods", "ztunnel-stats"],
      ],
    );
  });
});
