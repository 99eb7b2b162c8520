import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { PINS } from "../../components/addons";
import type { ClusterProbe } from "../../components/clusters";
import { runFleet, tryFleet } from "../support/fleet";
import { type Graph, key } from "../support/graph";
import { fakeProbe } from "../support/program";
import { type Edits, lines, problemsAfter } from "../support/settings";

/** A fleet of one cluster, "control", with an extension. */
const ONE: Edits = {
  "platform.clusters.east": undefined,
  "platform.clusters.west": undefined,
  tenants: {},
  "platform.extensions.widget": {
    chart: { repository: "oci://charts.choreo.test/widget", name: "widget", version: "1.2.3" },
    namespace: "widgets",
    podSecurity: "baseline",
    planes: ["control"],
    needs: ["cert-manager"],
    values: { replicas: 2, list: [1] },
  },
};

describe("add-ons on a cluster", () => {
  let graph: Graph;
  before(async () => {
    graph = (await runFleet(ONE)).graph;
  });

  const waits = (name: string, type?: string) =>
    graph.get(name, type).dependencies.filter((one) => !one.startsWith("tls:"));
  const release = "kubernetes:helm.sh/v3:Release";
  const certManager = "kubernetes-cert-manager:index:CertManager control.cert-manager";
  const custom = (kind: string) => `kubernetes:cert-manager.io/v1:${kind}`;

  it("are good settings", () => assert.deepEqual(lines(problemsAfter(ONE)), []));

  it("install Cilium without waiting, as its address comes from a pool that is made after it", () => {
    const { values, ...inputs } = graph.get("control.cilium", release).inputs;
    assert.ok(typeof values === "object");
    assert.deepEqual(inputs, {
      atomic: false,
      chart: "cilium",
      name: "cilium",
      namespace: "kube-system",
      repositoryOpts: { repo: PINS.cilium.repository },
      skipAwait: true,
      timeout: 600,
      version: PINS.cilium.version,
      compat: "true",
    });
  });

  it("give Cilium what its chart expects before its release, and its custom resources after it", () => {
    const prepared = graph.resources.filter(
      ({ type, name }) => name.startsWith("control.cilium-") && /:(ConfigMap|Secret)$/.test(type),
    );
    assert.equal(prepared.length, 9);
    for (const one of prepared) {
      assert.deepEqual(waits(one.name, one.type), [], one.name);
      assert.ok(waits("control.cilium", release).includes(key(one)), one.name);
    }
    assert.deepEqual(waits("control.cilium-ambient-probes"), [`${release} control.cilium`]);
  });

  it("put cert-manager into a namespace with Pod Security, after Cilium", () => {
    assert.deepEqual(graph.get("control.addons-cert-manager").inputs.metadata, {
      name: "cert-manager",
      labels: { "pod-security.kubernetes.io/enforce": "restricted", "pod-security.kubernetes.io/warn": "restricted" },
    });
    const { dependencies } = graph.get("control.cert-manager", "kubernetes-cert-manager:index:CertManager");
    assert.ok(dependencies.includes("kubernetes:core/v1:Namespace control.addons-cert-manager"));
    assert.ok(dependencies.includes(`${release} control.cilium`));
  });

  it("sign by a root of the cluster's own, made after cert-manager, one after the other", () => {
    assert.deepEqual(waits("control.cert-manager-self-signed"), [certManager]);
    assert.deepEqual(waits("control.cert-manager-root"), [
      `${custom("ClusterIssuer")} control.cert-manager-self-signed`,
    ]);
    assert.deepEqual(waits("control.cert-manager-issuer"), [`${custom("Certificate")} control.cert-manager-root`]);
    assert.deepEqual(graph.get("control.cert-manager-issuer").inputs, {
      apiVersion: "cert-manager.io/v1",
      kind: "ClusterIssuer",
      metadata: { name: "choreo-issuer" },
      spec: { ca: { secretName: "choreo-root" } },
    });
  });

  it("give cert-manager each value once, where it arrives", () => {
    const { helmOptions, ...known } = graph.get(
      "control.cert-manager",
      "kubernetes-cert-manager:index:CertManager",
    ).inputs;
    const { values, ...options } = helmOptions as Record<string, unknown>;
    assert.deepEqual(known, {
      replicaCount: 1,
      webhook: { replicaCount: 1 },
      cainjector: { replicaCount: 1 },
      prometheus: { enabled: true },
    });
    assert.deepEqual(values, { crds: { enabled: true, keep: false }, podDisruptionBudget: { enabled: false } });
    assert.deepEqual(options, {
      atomic: false,
      chart: "cert-manager",
      name: "cert-manager",
      namespace: "cert-manager",
      repositoryOpts: { repo: PINS["cert-manager"].repository },
      skipAwait: false,
      timeout: 600,
      version: PINS["cert-manager"].version,
    });
  });

  it("install an extension by its settings, after all of what it needs", () => {
    assert.deepEqual(graph.get("control.addons-widgets").inputs.metadata, {
      name: "widgets",
      labels: { "pod-security.kubernetes.io/enforce": "baseline", "pod-security.kubernetes.io/warn": "restricted" },
    });
    assert.deepEqual(graph.get("control.widget", release).inputs, {
      atomic: false,
      chart: "oci://charts.choreo.test/widget",
      compat: "true",
      name: "widget",
      namespace: "widgets",
      skipAwait: false,
      timeout: 600,
      values: { replicas: 2, list: [1] },
      version: "1.2.3",
    });
    const needed = [
      certManager,
      `${custom("ClusterIssuer")} control.cert-manager-self-signed`,
      `${custom("Certificate")} control.cert-manager-root`,
      `${custom("ClusterIssuer")} control.cert-manager-issuer`,
    ];
    assert.deepEqual(waits("control.addons-widgets"), []);
    assert.deepEqual(
      waits("control.widget", release),
      [...needed, "kubernetes:core/v1:Namespace control.addons-widgets"].sort(),
    );
  });
});

describe("a gate that does not open", () => {
  /** A probe that finds everything but what `fails` says, and never that on "east". */
  const probe = (fails: Partial<ClusterProbe>): ClusterProbe => ({ ...fakeProbe(), ...fails });
  const refuseOn = (cluster: string, message: string) => async (kubeconfig: string) => {
    if (kubeconfig.includes(`token-of-${cluster}`)) throw new Error(message);
  };
  const help = 'look at the pods and their events (kubectl get pods,events -A), then run "up" again';

  it("names the cluster and the kinds, and stops the waves that follow", async () => {
    const established = refuseOn("control", "not established after 300 s: certificates.cert-manager.io");
    const run = await tryFleet({}, { probe: probe({ established }) });
    const [error] = run.errors;
    assert.ok(pulumi.RunError.isInstance(error), error?.stack);
    assert.equal(error.message, `cluster control: not established after 300 s: certificates.cert-manager.io; ${help}`);
    const later = run.graph.resources.filter(
      ({ type, name }) => type.startsWith("kubernetes:") && /^(east|west)\./.test(name),
    );
    assert.deepEqual(
      later.map(({ name }) => name),
      [],
    );
    assert.throws(() => run.graph.get("waves-0"));
  });

  it("names the workloads that do not run", async () => {
    const ready = refuseOn("east", "not ready after 600 s: DaemonSet kube-system/cilium");
    const run = await tryFleet({}, { probe: probe({ ready }) });
    assert.equal(run.errors[0]?.message, `cluster east: not ready after 600 s: DaemonSet kube-system/cilium; ${help}`);
    assert.ok(run.graph.get("waves-0"));
    assert.throws(() => run.graph.get("waves-1"));
    assert.throws(() => run.graph.get("east.cilium-ambient-probes"));
    assert.ok(run.graph.get("west.cilium-ambient-probes"));
  });
});
