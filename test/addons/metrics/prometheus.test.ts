import assert from "node:assert/strict";
import { CATALOG } from "../../../components/addons";
import { valuesOn } from "../../support/addons";
import { runFleet } from "../../support/fleet";
import { type Edits, type Json, PRODUCTION, switchOn } from "../../support/settings";
import { object } from "../../support/stack";

const prometheus = CATALOG.find(({ name }) => name === "kube-prometheus-stack") ?? assert.fail();
const ON = switchOn("kube-prometheus-stack", "thanos");
const SECRET = "kubernetes:core/v1:Secret";

/** One part of the values on a cluster. */
async function part(path: string, cluster = "east", edits: Edits = ON): Promise<Json> {
  const values = await valuesOn(cluster, prometheus, edits);
  return path.split(".").reduce<Json>((holder, key) => object(holder[key]), values);
}

describe("Prometheus", () => {
  it("hears monitors and rules of every namespace", async () => {
    const spec = await part("prometheus.prometheusSpec");
    for (const kind of ["serviceMonitor", "podMonitor", "probe", "scrapeConfig", "rule"]) {
      assert.equal(spec[`${kind}SelectorNilUsesHelmValues`], false, kind);
    }
  });

  it("says which cluster and stack its metrics are of", async () => {
    const { externalLabels } = await part("prometheus.prometheusSpec");
    assert.deepEqual(externalLabels, { cluster: "east", stack: "test" });
  });

  it("puts metrics into the bucket where Thanos reads them, and nowhere without it", async () => {
    const { objectStorageConfig } = await part("prometheus.prometheusSpec.thanos");
    assert.deepEqual(objectStorageConfig, { existingSecret: { name: "prometheus-bucket", key: "objstore.yml" } });
    const alone = await part("prometheus", "east", switchOn("kube-prometheus-stack"));
    assert.equal("thanos" in object(alone.prometheusSpec), false);
    assert.deepEqual(alone.thanosService, { enabled: false });
  });

  it("is small in development, and replicated in production with volumes that stay", async () => {
    const whole = async (edits: Edits) => {
      const { podDisruptionBudget, prometheusSpec } = await part("prometheus", "east", edits);
      const { replicas, retention, persistentVolumeClaimRetentionPolicy } = object(prometheusSpec);
      return [replicas, retention, persistentVolumeClaimRetentionPolicy, podDisruptionBudget];
    };
    assert.deepEqual(await whole(ON), [1, "1d", { whenDeleted: "Delete" }, { enabled: false }]);
    const production = { ...ON, ...PRODUCTION };
    assert.deepEqual(await whole(production), [2, "3d", { whenDeleted: "Retain" }, { enabled: true }]);
    const { alertmanagerSpec } = await part("alertmanager", "east", production);
    assert.equal(object(alertmanagerSpec).replicas, 3);
  });

  it("has certificates and passwords from Secrets that are there before, so that no preview changes them", async () => {
    assert.deepEqual(await part("prometheusOperator.admissionWebhooks"), {
      failurePolicy: "Ignore",
      caBundle: Buffer.from("(bundle)").toString("base64"),
      patch: { enabled: false },
    });
    assert.deepEqual((await part("grafana", "control")).admin, { existingSecret: "grafana-admin" });
    const { useExistingSecret, configSecret } = await part("alertmanager.alertmanagerSpec");
    assert.deepEqual([useExistingSecret, configSecret], [true, "choreo-alertmanager"]);
  });

  it("gives each of those Secrets where it is asked for, for the name that the webhook is called by", async () => {
    const { graph } = await runFleet(ON);
    const secrets = (cluster: string) =>
      graph
        .ofType(SECRET)
        .filter(({ name }) => name.startsWith(`${cluster}.kube-prometheus-stack-`))
        .map(({ inputs }) => object(inputs.metadata).name);
    const everywhere = ["choreo-alertmanager", "prometheus-bucket"];
    assert.deepEqual(secrets("east"), [...everywhere, "kube-prometheus-stack-admission"]);
    assert.deepEqual(secrets("control"), [...everywhere, "grafana-admin", "kube-prometheus-stack-admission"]);
    const name = "east.kube-prometheus-stack-webhook-request";
    const { dnsNames } = graph.get(name, "tls:index/certRequest:CertRequest").inputs;
    assert.deepEqual(dnsNames, ["kube-prometheus-stack-operator.monitoring.svc"]);
  });

  it("leaves only the node exporter where pods may see their node", async () => {
    const { graph } = await runFleet(ON);
    const level = (name: string) => object(object(graph.get(name).inputs.metadata).labels);
    const enforce = "pod-security.kubernetes.io/enforce";
    assert.equal(level("east.kube-prometheus-stack-nodes")[enforce], "privileged");
    assert.equal(level("east.addons-monitoring")[enforce], "restricted");
    assert.equal((await part("prometheus-node-exporter")).namespaceOverride, "monitoring-nodes");
  });

  it("brings its kinds up to date before each upgrade, by images of one version", async () => {
    const { enabled, image } = await part("crds.upgradeJob");
    assert.equal(enabled, true);
    assert.match(String(object(object(image).busybox).tag), /^\d+\.\d+\.\d+$/);
  });
});
