import assert from "node:assert/strict";
import { CATALOG, NOT_AWAITED } from "../../../components/addons";
import { fleetRules, visibleClusters } from "../../../components/addons/metrics/thanos-global";
import { targetOn, valuesOn } from "../../support/addons";
import { runFleet } from "../../support/fleet";
import { type Edits, everything, type Json, PRODUCTION, switchOn } from "../../support/settings";
import { object } from "../../support/stack";
import { COMMON_VARIANTS } from "../../support/variants";

const thanos = CATALOG.find(({ name }) => name === "thanos") ?? assert.fail();
const global = CATALOG.find(({ name }) => name === "thanos-global") ?? assert.fail();
const SERVICE = "kubernetes:core/v1:Service";
const ON = switchOn("kube-prometheus-stack", "thanos", "thanos-global");
const WITHOUT_EAST: Edits = { ...ON, "platform.clusters.east.network.mesh": false };

const endpoints = (values: Json) => object(object(values.query).endpoints).static;

describe("Thanos of one cluster", () => {
  it("compacts its bucket by one, whatever the settings", async () => {
    for (const [title, edits] of Object.entries(COMMON_VARIANTS)) {
      const values = await valuesOn("control", thanos, edits);
      assert.equal(object(values.compactor).replicaCount, 1, title);
      assert.deepEqual(object(values.receive), { enabled: false }, title);
    }
    assert.equal(object((await valuesOn("control", global, everything())).compactor).enabled, false);
  });

  it("keeps three resolutions as long as settings say", async () => {
    const retention = { raw: "5d", fiveMinutes: "50d", oneHour: "500d" };
    const values = await valuesOn("east", thanos, { ...ON, "platform.thanos.retention": retention });
    assert.deepEqual(object(values.compactor).retention, {
      resolutionRaw: "5d",
      resolution5m: "50d",
      resolution1h: "500d",
    });
  });

  it("asks the sidecars of Prometheus, where it is there", async () => {
    const sidecars = "dnssrv+_grpc._tcp.kube-prometheus-stack-thanos-discovery.monitoring.svc.cluster.local";
    assert.deepEqual(endpoints(await valuesOn("east", thanos, ON)), [sidecars]);
    assert.deepEqual(endpoints(await valuesOn("east", thanos, switchOn("thanos"))), []);
  });

  it("answers to whoever has a certificate of the mesh, and to nobody else", async () => {
    const { extraArgs } = object((await valuesOn("east", thanos, ON)).query);
    for (const flag of ["tls-cert", "tls-key", "tls-client-ca"]) {
      assert.ok(
        (extraArgs as string[]).some((argument) => argument.startsWith(`--grpc-server-${flag}=/etc/thanos/tls/`)),
      );
    }
  });

  it("is spread over zones and nodes where it has replicas", async () => {
    const { query, storegateway, compactor } = await valuesOn("east", thanos, { ...ON, ...PRODUCTION });
    for (const part of [query, storegateway]) {
      assert.equal(object(part).replicaCount, 2);
      assert.deepEqual(object(part).pdb, { enabled: true, maxUnavailable: 1 });
      assert.equal((object(part).topologySpreadConstraints as unknown[]).length, 2);
    }
    assert.equal("pdb" in object(compactor), false);
  });
});

describe("the query over all clusters", () => {
  const own = "thanos-global-ruler-headless.monitoring.svc:10901";
  const at = (cluster: string) => `thanos-${cluster}.monitoring.svc:10901`;
  const cases: readonly (readonly [title: string, edits: Edits, clusters: readonly string[]])[] = [
    ["asks every cluster of the mesh", ON, ["control", "east", "west"]],
    ["leaves out a cluster outside the mesh", WITHOUT_EAST, ["control", "west"]],
    [
      "asks its own alone where that is outside",
      { ...ON, "platform.clusters.control.network.mesh": false },
      ["control"],
    ],
  ];
  for (const [title, edits, clusters] of cases) {
    it(title, async () => {
      assert.deepEqual(endpoints(await valuesOn("control", global, edits)), [...clusters.map(at), own]);
      assert.deepEqual(
        visibleClusters(targetOn("control", edits)).map(({ name }) => name),
        clusters,
      );
    });
  }

  it("raises an alert for each of them that falls silent, also when an answer lacks others", () => {
    const { groups } = fleetRules(targetOn("control", ON)) as { groups: Json[] };
    const [group] = groups;
    assert.equal(object(group).partial_response_strategy, "warn");
    assert.deepEqual(
      (object(group).rules as Json[]).map(({ expr }) => expr),
      ["control", "east", "west"].map((name) => `absent(up{cluster="${name}"})`),
    );
  });

  it("starts its ruler anew with other rules, and replaces the chart's example, which always fires", async () => {
    const before = await valuesOn("control", global, ON);
    const after = await valuesOn("control", global, WITHOUT_EAST);
    const start = (values: Json) => object(object(values.global).podAnnotations)["openchoreo.dev/start"];
    assert.notEqual(start(before), start(after));
    assert.deepEqual(object(before.ruler).rules, { "example-alerts.yaml": "groups: []\n" });
  });

  it("is what Grafana asks, and Prometheus where there is none", async () => {
    const prometheus = CATALOG.find(({ name }) => name === "kube-prometheus-stack") ?? assert.fail();
    const source = async (edits: Edits) =>
      object(object(object((await valuesOn("control", prometheus, edits)).grafana).sidecar).datasources);
    assert.deepEqual(await source(ON), { url: "http://thanos-global-query-frontend.monitoring.svc:9090" });
    assert.deepEqual(await source(switchOn("kube-prometheus-stack")), {});
    assert.deepEqual(object((await valuesOn("east", prometheus, ON)).grafana), { enabled: false });
  });
});

describe("the way from one cluster's metrics to another's query", () => {
  it("is a service of the mesh, with pods on one side and none on the other", async () => {
    const { graph } = await runFleet(ON);
    const ports = [{ name: "grpc", protocol: "TCP", port: 10901 }];
    const has = graph.get("east.thanos-metrics", SERVICE).inputs;
    const uses = graph.get("control.thanos-global-east", SERVICE).inputs;
    assert.deepEqual(has.metadata, {
      name: "thanos-east",
      namespace: "monitoring",
      annotations: { "service.cilium.io/global": "true", ...NOT_AWAITED },
    });
    assert.deepEqual(object(has.spec).ports, [{ ...ports[0], targetPort: "grpc" }]);
    assert.deepEqual(uses, {
      apiVersion: "v1",
      kind: "Service",
      metadata: {
        name: "thanos-east",
        namespace: "monitoring",
        annotations: { "service.cilium.io/global": "true", "service.cilium.io/shared": "false", ...NOT_AWAITED },
      },
      spec: { type: "ClusterIP", ports },
    });
    const services = graph.ofType(SERVICE).filter(({ name }) => name.includes("thanos-global-"));
    assert.deepEqual(
      services.map(({ name }) => name),
      ["control.thanos-global-east", "control.thanos-global-west"],
    );
  });

  it("has a certificate of the cluster's own authority, for the name that it is called by", async () => {
    const { graph } = await runFleet(ON);
    const request = graph.get("east.thanos-tls-request", "tls:index/certRequest:CertRequest").inputs;
    assert.deepEqual(request.dnsNames, ["thanos-east.monitoring.svc", "thanos-east.monitoring.svc.cluster.local"]);
    const signed = graph.get("east.thanos-tls", "tls:index/locallySignedCert:LocallySignedCert").inputs;
    assert.equal(signed.caCertPem, "(certPem of mesh.east.platform)");
    const { type, stringData } = graph.get("east.thanos-tls", "kubernetes:core/v1:Secret").inputs;
    assert.equal(type, "kubernetes.io/tls");
    assert.deepEqual(Object.keys(object(object(stringData).secret)).sort(), ["ca.crt", "tls.crt", "tls.key"]);
  });
});
