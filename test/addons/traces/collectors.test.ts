import assert from "node:assert/strict";
import type { AddonTarget } from "../../../components/addons";
import { agentConfig } from "../../../components/addons/traces/agent-config";
import type { CollectorConfig } from "../../../components/addons/traces/collector";
import { type Destination, gatewayConfig } from "../../../components/addons/traces/gateway-config";
import { type CollectorSettings, destinationOf } from "../../../components/addons/traces/otel-gateway";
import { targetOn, valuesOn } from "../../support/addons";
import { runFleet } from "../../support/fleet";
import { type Edits, type Json, PRODUCTION, refuses, settingsAfter, switchOn } from "../../support/settings";
import { object } from "../../support/stack";
import { OUTSIDE_MESH } from "../../support/variants";
import { addonNamed } from "../logs/support";

const TRACES = switchOn("jaeger", "otel-agent", "otel-gateway");

/** What pipelines name and the configuration does not have, and what it has and no pipeline names. */
function loose(config: CollectorConfig): { missing: string[]; idle: string[] } {
  const { connectors = {}, service } = config;
  const pipelines = Object.values(service.pipelines);
  const named = {
    receivers: pipelines.flatMap(({ receivers }) => receivers),
    processors: pipelines.flatMap(({ processors = [] }) => processors),
    exporters: pipelines.flatMap(({ exporters }) => exporters),
  };
  const known = (kind: keyof typeof named, name: string) =>
    name in config[kind] || (kind !== "processors" && name in connectors);
  const kinds = ["receivers", "processors", "exporters"] as const;
  return {
    missing: kinds.flatMap((kind) => named[kind].filter((name) => !known(kind, name))),
    idle: [
      ...kinds.flatMap((kind) => Object.keys(config[kind]).filter((name) => !named[kind].includes(name))),
      ...Object.keys(connectors).filter((name) => !named.receivers.includes(name) || !named.exporters.includes(name)),
    ],
  };
}

const SAMPLING = { percentage: 10, slowMilliseconds: 1000 };
const gateway = (destination: Destination) => gatewayConfig({ cluster: "east", sampling: SAMPLING, destination });
const KEPT: readonly Destination[] = [{ kind: "jaeger" }, { kind: "ingest", host: "ingest.test" }];

describe("collectors' configurations", () => {
  const all: readonly (readonly [title: string, config: CollectorConfig])[] = [
    ["the agent's", agentConfig("east")],
    ...[...KEPT, { kind: "none" } as const].map((one) => [`the gateway's to ${one.kind}`, gateway(one)] as const),
  ];
  for (const [title, config] of all) {
    it(`${title} names only what it has, and has only what it names`, () => {
      const { missing, idle } = loose(config);
      assert.deepEqual(missing, []);
      assert.deepEqual(idle, title.endsWith("none") ? ["tail_sampling"] : []);
    });

    it(`${title} limits memory first, and answers health checks`, () => {
      for (const [name, { processors = [], receivers }] of Object.entries(config.service.pipelines)) {
        if (receivers.some((one) => one.startsWith("otlp"))) assert.equal(processors[0], "memory_limiter", name);
      }
      assert.deepEqual(config.service.extensions, ["health_check"]);
    });
  }
});

describe("the gateway", () => {
  it("keeps every trace that failed or was slow, and a share of the others", () => {
    const { policies } = object(gateway({ kind: "jaeger" }).processors.tail_sampling);
    assert.deepEqual(policies, [
      { name: "errors", type: "status_code", status_code: { status_codes: ["ERROR"] } },
      {
        name: "server-errors",
        type: "numeric_attribute",
        numeric_attribute: { key: "http.response.status_code", min_value: 500, max_value: 599 },
      },
      { name: "slow", type: "latency", latency: { threshold_ms: 1000 } },
      { name: "share", type: "probabilistic", probabilistic: { sampling_percentage: 10 } },
    ]);
  });

  it("samples and measures only what was brought together by trace", () => {
    for (const destination of KEPT) {
      const { pipelines } = gateway(destination).service;
      assert.deepEqual(pipelines["traces/in"]?.exporters, ["loadbalancing"]);
      assert.deepEqual(pipelines["traces/kept"]?.receivers, ["otlp/peers"]);
      assert.deepEqual(pipelines["traces/metrics"]?.receivers, ["otlp/peers"]);
      assert.ok(pipelines["traces/kept"]?.processors?.includes("tail_sampling"));
    }
  });

  it("beside Jaeger takes in traces by mutual TLS, and does not sample them again", () => {
    const config = gateway({ kind: "jaeger" });
    const tls = object(object(object(config.receivers["otlp/ingest"]).protocols).grpc).tls;
    assert.equal(object(tls).client_ca_file, "/certificates/ca.crt");
    assert.deepEqual(config.service.pipelines["traces/ingest"]?.processors, ["memory_limiter", "batch"]);
  });

  it("elsewhere shows its certificate, and takes in nothing from other clusters", () => {
    const config = gateway({ kind: "ingest", host: "ingest.test" });
    const out = object(config.exporters["otlp/out"]);
    assert.equal(out.endpoint, "ingest.test:4317");
    assert.equal(object(out.tls).cert_file, "/certificates/tls.crt");
    assert.equal(config.receivers["otlp/ingest"], undefined);
  });

  const destinations: readonly (readonly [title: string, cluster: string, edits: Edits, expected: Destination])[] = [
    ["is Jaeger on its own cluster", "control", TRACES, { kind: "jaeger" }],
    ["is the global service elsewhere", "east", TRACES, { kind: "ingest", host: "otel-ingest.tracing.svc" }],
    ["is what settings say outside the mesh", "east", OUTSIDE_MESH, { kind: "ingest", host: "traces.choreo.test" }],
    ["is nothing without Jaeger", "east", switchOn("otel-gateway"), { kind: "none" }],
  ];
  for (const [title, cluster, edits, expected] of destinations) {
    it(`'s destination ${title}`, () => {
      const config = settingsAfter(edits).platform.addons.openTelemetryCollector as CollectorSettings;
      assert.deepEqual(destinationOf(targetOn(cluster, edits) as AddonTarget, config), expected);
    });
  }

  it("in production is replicated over zones, and keeps a tenth", async () => {
    const values = await valuesOn("east", addonNamed("otel-gateway"), { ...TRACES, ...PRODUCTION });
    assert.equal(values.replicaCount, 2);
    assert.deepEqual(values.podDisruptionBudget, { enabled: true, maxUnavailable: 1 });
    const { policies } = object(object(object(values.alternateConfig).processors).tail_sampling) as {
      policies: Json[];
    };
    assert.deepEqual(policies.at(-1)?.probabilistic, { sampling_percentage: 10 });
  });

  it("is reached by the names that were agreed, and by its peers without a proxy", async () => {
    const { graph } = await runFleet(TRACES);
    const peers = graph.get("east.otel-gateway-peers");
    assert.deepEqual(object(peers.inputs.metadata), { name: "otel-gateway-peers", namespace: "tracing" });
    assert.equal(object(peers.inputs.spec).clusterIP, "None");
    const release = graph.get("east.otel-gateway", "kubernetes:helm.sh/v3:Release");
    assert.equal(release.inputs.name, "otel-gateway");
    assert.equal(object(release.inputs.values).fullnameOverride, "otel-gateway");
  });

  it("takes in from other clusters where Jaeger is, and leads there from the others", async () => {
    const { graph } = await runFleet(TRACES);
    const selectors = graph
      .ofType("kubernetes:core/v1:Service")
      .filter(({ name }) => name.endsWith("otel-gateway-ingest"))
      .map(({ name, inputs }) => [name.split(".")[0], "selector" in object(inputs.spec)]);
    assert.deepEqual(selectors, [
      ["control", true],
      ["east", false],
      ["west", false],
    ]);
  });
});

describe("the agent", () => {
  it("tells whose a span is by where it came from, whatever the span says", () => {
    const { processors, service } = agentConfig("east");
    const { pod_association } = object(processors.k8s_attributes);
    assert.deepEqual(pod_association, [{ sources: [{ from: "connection" }] }]);
    const order = service.pipelines.traces?.processors ?? [];
    assert.ok(order.indexOf("resource/claims") < order.indexOf("k8s_attributes"));
  });

  it("opens no port of its node, and reads pods and namespaces alone", async () => {
    const { ports, clusterRole } = await valuesOn("east", addonNamed("otel-agent"), TRACES);
    for (const port of Object.values(object(ports))) assert.ok(!object(port).hostPort);
    const { rules } = clusterRole as { rules: { resources: string[]; verbs: string[] }[] };
    assert.deepEqual(
      rules.flatMap(({ resources }) => resources),
      ["pods", "namespaces", "replicasets"],
    );
    assert.deepEqual([...new Set(rules.flatMap(({ verbs }) => verbs))], ["get", "list", "watch"]);
  });

  it("has a release of its own beside the gateway's, of the same chart", async () => {
    const { graph } = await runFleet(TRACES);
    const [agent, own] = ["east.otel-agent", "east.otel-gateway"].map((name) => {
      return graph.get(name, "kubernetes:helm.sh/v3:Release").inputs;
    });
    assert.equal(agent?.chart, own?.chart);
    assert.notEqual(agent?.name, own?.name);
  });
});

describe("settings of traces", () => {
  refuses([
    [
      "a cluster outside the mesh that is told nothing",
      { ...switchOn("otel-gateway"), "platform.clusters.west.network.mesh": false },
      'platform.openTelemetryCollector.ingestHost: cluster "west" reaches the traces of "control" by no mesh; say by which name it does',
    ],
    [
      "a slowness without a unit",
      { ...switchOn("otel-gateway"), "platform.openTelemetryCollector": { sampling: { slow: "1m" } } },
      'platform.openTelemetryCollector.sampling.slow: not a time such as "500ms" or "2s"',
    ],
    [
      "Jaeger without OpenSearch",
      { ...switchOn("jaeger"), "platform.opensearch": { enabled: false } },
      "platform.opensearch.enabled: false, but jaeger needs it; switch jaeger off too, or leave it on",
    ],
  ]);
});
