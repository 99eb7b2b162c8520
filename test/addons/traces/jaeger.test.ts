import assert from "node:assert/strict";
import { jaegerConfig } from "../../../components/addons/traces/jaeger-config";
import { valuesOn } from "../../support/addons";
import { runFleet } from "../../support/fleet";
import { type Json, PRODUCTION, switchOn } from "../../support/settings";
import { object } from "../../support/stack";
import { addonNamed } from "../logs/support";

const JAEGER = switchOn("jaeger");

/** The part of Jaeger's configuration that says how it reaches OpenSearch. */
function opensearchOf(values: Json): Json {
  const { extensions } = object(values.userconfig);
  return object(object(object(object(object(extensions).jaeger_storage).backends).opensearch).opensearch);
}

describe("Jaeger", () => {
  it("keeps traces in OpenSearch by TLS, as a user of its own, whose password is in no configuration", async () => {
    const values = await valuesOn("control", addonNamed("jaeger"), JAEGER);
    const { server_urls, auth, tls, max_span_age } = opensearchOf(values);
    assert.deepEqual(server_urls, ["https://opensearch.logging.svc:9200"]);
    assert.deepEqual(object(auth).basic, { username: "jaeger", password: `$\{env:OPENSEARCH_PASSWORD}` });
    assert.deepEqual(tls, { ca_file: "/certificates/ca.crt" });
    assert.equal(max_span_age, "48h");
    assert.doesNotMatch(JSON.stringify(values), /\(password/);
  });

  it("has one copy of each span on one node, two on more", async () => {
    const copies = async (edits: Json) =>
      object(object(opensearchOf(await valuesOn("control", addonNamed("jaeger"), edits)).indices).spans).replicas;
    assert.equal(await copies(JAEGER), 0);
    assert.equal(await copies({ ...JAEGER, ...PRODUCTION }), 1);
  });

  it("shows metrics of spans where something answers for them", () => {
    const without = jaegerConfig({ replicas: 0, retention: "48h" });
    const metrics = "http://prometheus.test:9090";
    const { jaeger_query, jaeger_storage } = jaegerConfig({ replicas: 0, retention: "48h", metrics }).extensions;
    assert.equal("metrics" in without.extensions.jaeger_query.storage, false);
    assert.deepEqual(jaeger_query.storage, { traces: "opensearch", metrics: "prometheus" });
    assert.equal(object(object(object(jaeger_storage).metric_backends).prometheus).prometheus !== undefined, true);
  });

  it("has its map of dependencies made once a day, with roots that Java reads", async () => {
    const { graph } = await runFleet(JAEGER);
    const { inputs, parent } = graph.get("control.jaeger-dependencies");
    assert.equal(parent, "control.jaeger");
    const spec = object(inputs.spec);
    assert.equal(spec.schedule, "45 23 * * *");
    const pod = object(object(object(object(spec.jobTemplate).spec).template).spec);
    const [container] = pod.containers as readonly Json[];
    const environment = (container?.env ?? []) as readonly { name: string; value?: string }[];
    assert.ok(
      environment.some(({ name, value }) => name === "OS_NODES" && value === "https://opensearch.logging.svc:9200"),
    );
    assert.match(JSON.stringify(container?.command), /keytool -importcert/);
    assert.equal(object(pod.securityContext).runAsNonRoot, true);
  });

  it("is on the observability plane alone", async () => {
    const { graph } = await runFleet(JAEGER);
    const releases = graph.ofType("kubernetes:helm.sh/v3:Release").filter(({ name }) => name.endsWith(".jaeger"));
    assert.deepEqual(
      releases.map(({ name }) => name),
      ["control.jaeger"],
    );
  });
});

describe("instrumentation", () => {
  it("is one object on every cluster, for the languages that need no privilege", async () => {
    const { graph } = await runFleet(switchOn("opentelemetry-operator"));
    const objects = graph.resources.filter(({ name }) => name.endsWith("opentelemetry-operator-instrumentation"));
    assert.deepEqual(
      objects.map(({ name }) => name.split(".")[0]),
      ["control", "east", "west"],
    );
    const { metadata, spec } = objects[0]?.inputs ?? {};
    assert.deepEqual(metadata, { name: "choreo", namespace: "tracing" });
    const languages = ["java", "nodejs", "python", "dotnet", "go", "apacheHttpd", "nginx"].filter(
      (one) => one in object(spec),
    );
    assert.deepEqual(languages, ["java", "nodejs", "python", "dotnet"]);
    assert.equal(object(object(spec).exporter).endpoint, "http://otel-agent.tracing.svc:4318");
  });

  it("of Go programs is asked for by a label, and done from the nodes of the data plane", async () => {
    const ebpf = addonNamed("ebpf-instrumentation");
    assert.equal(ebpf.namespace.podSecurity, "privileged");
    const { config } = await valuesOn("east", ebpf, switchOn("ebpf-instrumentation"));
    const { discovery, otel_traces_export } = object(object(config).data);
    assert.deepEqual(object(discovery).instrument, [{ k8s_pod_labels: { "choreo.dev/instrumentation": "go" } }]);
    assert.equal(object(otel_traces_export).endpoint, "http://otel-agent.tracing.svc:4317");
    const { graph } = await runFleet(switchOn("ebpf-instrumentation"));
    const releases = graph
      .ofType("kubernetes:helm.sh/v3:Release")
      .filter(({ name }) => name.endsWith(".ebpf-instrumentation"));
    assert.deepEqual(
      releases.map(({ name }) => name.split(".")[0]),
      ["east", "west"],
    );
  });
});
