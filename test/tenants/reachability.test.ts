import assert from "node:assert/strict";
import { clustersOf, eastWestOf, runFleet } from "../support/fleet";
import type { Graph } from "../support/graph";
import { type Pod, principalOf, Reach } from "../support/reach";
import { type Json, switchOn } from "../support/settings";
import { object } from "../support/stack";
import { fullName, type GeneratedComponent, generateTenants } from "../support/tenants";

const CLUSTERS = ["data-1", "data-2", "data-3"];

const { tenants, declared, components } = generateTenants({ count: 200, clusters: CLUSTERS });

/** Pods of a component, on every cluster that it is on. */
function podsOf(component: GeneratedComponent): Pod[] {
  const suffix = component.kind === "database" ? "-data" : "";
  return component.clusters.map((cluster) => ({
    cluster,
    namespace: `${component.tenant}-${component.project}-development${suffix}`,
    labels: { "choreo.dev/component": component.name },
    account: component.name,
  }));
}

/** A component, and one of its pods. */
interface Placed {
  readonly component: GeneratedComponent;
  readonly pod: Pod;
}

const shown = ({ component, pod }: Placed) => `${fullName(component)} on ${pod.cluster}`;

/** A pod of the platform on the same cluster. */
function platformPod({ cluster }: Pod, namespace: string, labels: Record<string, string>, account?: string): Pod {
  return { cluster, namespace, labels, account };
}

const gatewayOf = (pod: Pod) =>
  platformPod(pod, "envoy-gateway-system", { "choreo.dev/component": "api-gateway" }, "choreo-gateway");
const prometheusOf = (pod: Pod) => platformPod(pod, "monitoring", { "app.kubernetes.io/name": "prometheus" });

describe("200 tenants of 5 components on 3 clusters", function () {
  // Millions of pairs, and as many resources as a large installation has: half a minute, on a machine that does nothing else.
  this.timeout(900_000);
  let graph: Graph;
  let reach: Reach;
  const pods = new Map(components.map((component) => [component, podsOf(component)]));
  const all = components.flatMap((component) => (pods.get(component) ?? []).map((pod) => ({ component, pod })));

  before(async () => {
    const platform = switchOn("ztunnel", "envoy-gateway", "cloudnative-pg", "plugin-barman-cloud");
    ({ graph } = await runFleet({ ...platform, "platform.clusters": clustersOf(3, eastWestOf), tenants }));
    const addresses = CLUSTERS.map((cluster, index) => [cluster, `172.18.254.${index + 2}`] as const);
    reach = new Reach(graph, new Map(addresses));
  });

  /** Every pair of pods of which the first has no connection to the second. */
  function* undeclared(): Generator<readonly [from: Placed, to: Placed, port: number]> {
    const byName = new Map(components.map((component) => [fullName(component), component]));
    const allowed = new Map(components.map((to) => [to, new Set<GeneratedComponent>([to])]));
    for (const pair of declared) {
      const [from, to] = pair.split(" → ").map((name) => byName.get(name) ?? assert.fail(name));
      if (from && to) allowed.get(to)?.add(from);
    }
    for (const to of all) {
      const callers = allowed.get(to.component);
      const others = all.filter(({ component }) => !callers?.has(component));
      for (const from of others) yield [from, to, to.component.port ?? assert.fail(shown(to))];
    }
  }

  it("reach, by every way that there is, only what they declare; and each of the two systems alone sees to it", () => {
    const open: string[] = [];
    let pairs = 0;
    for (const [from, to, port] of undeclared()) {
      const pair = () => `${shown(from)} → ${shown(to)}`;
      pairs += 1;
      const near = from.pod.cluster === to.pod.cluster;
      if (near && reach.network(from.pod, to.pod, port)) open.push(`network: ${pair()}`);
      if (reach.mesh(principalOf(from.pod), to.pod, port)) open.push(`mesh: ${pair()}`);
      if (reach.reaches(from.pod, to.pod, port)) open.push(pair());
    }
    assert.deepEqual(open.slice(0, 5), []);
    assert.ok(pairs > 1_000_000);
  });

  it("reach what they declare, on the own cluster and on others, and no other port of it", () => {
    const byName = new Map(components.map((component) => [fullName(component), component]));
    const ends = [...declared].map((pair) => pair.split(" → ").map((name) => byName.get(name) ?? assert.fail(name)));
    const wrong = ends.flatMap(([from = assert.fail(), to = assert.fail()]) => {
      const ways = (pods.get(from) ?? []).flatMap((caller) =>
        (pods.get(to) ?? []).map((called) => [caller, called] as const),
      );
      return ways
        .filter(
          ([caller, called]) => !reach.reaches(caller, called, to.port ?? 0) || reach.reaches(caller, called, 8999),
        )
        .map(([caller, called]) => `${fullName(from)} on ${caller.cluster} → ${fullName(to)} on ${called.cluster}`);
    });
    assert.deepEqual(wrong.slice(0, 5), []);
    assert.ok(declared.size > 500);
  });

  it("are reached by the gateway where they are exposed, and by Prometheus where they say how they are", () => {
    const wrong: string[] = [];
    for (const { component, pod } of all) {
      const { port = 0, exposed, metrics } = component;
      if (reach.reaches(gatewayOf(pod), pod, port) !== exposed) wrong.push(`gateway: ${fullName(component)}`);
      if (reach.reaches(prometheusOf(pod), pod, 9100) !== (metrics === 9100))
        wrong.push(`metrics: ${fullName(component)}`);
      if (reach.reaches(prometheusOf(pod), pod, port)) wrong.push(`prometheus: ${fullName(component)}`);
    }
    assert.deepEqual(wrong.slice(0, 5), []);
  });

  it("are reached by the gateway of another cluster, should their own pods there be gone", () => {
    for (const { component, pod } of all) {
      const [other] = component.clusters.filter((cluster) => cluster !== pod.cluster);
      if (!component.exposed || other === undefined) continue;
      assert.ok(reach.reaches(gatewayOf({ ...pod, cluster: other }), pod, component.port ?? 0), fullName(component));
    }
  });

  it("reach what every pod of the platform's tenants needs", () => {
    for (const { component, pod } of all) {
      const dns = platformPod(pod, "kube-system", { "k8s-app": "kube-dns" });
      const spans = platformPod(pod, "tracing", { app: "otel-agent" });
      assert.ok(reach.network(pod, dns, 53), fullName(component));
      if (component.kind === "component") assert.ok(reach.network(pod, spans, 4317), fullName(component));
      assert.ok(!reach.network(pod, spans, 80), fullName(component));
    }
  });

  it("have kubelet's probes answered, which come from an address of the mesh's own", () => {
    const [{ pod }] = all as [(typeof all)[number]];
    const policies = graph.ofType("kubernetes:cilium.io/v2:CiliumClusterwideNetworkPolicy");
    assert.ok(
      policies.some(
        ({ provider, inputs }) => provider === pod.cluster && JSON.stringify(inputs).includes("169.254.7.127/32"),
      ),
    );
  });

  it("have databases that their operator and their own members reach", () => {
    for (const { component, pod } of all.filter((one) => one.component.kind === "database")) {
      const operator = platformPod(pod, "cnpg-system", { "app.kubernetes.io/name": "cloudnative-pg" });
      assert.ok(reach.reaches(operator, pod, 8000), fullName(component));
      assert.ok(!reach.reaches(operator, pod, 5432), fullName(component));
      assert.ok(reach.reaches(pod, pod, 5432), fullName(component));
    }
  });

  it("have guard rails in each of their namespaces", () => {
    const namespaces = graph
      .ofType("kubernetes:core/v1:Namespace")
      .filter(({ inputs }) => object(object(inputs.metadata).labels)["choreo.dev/holds"] !== undefined);
    const kinds = ["core/v1:ResourceQuota", "core/v1:LimitRange", "rbac.authorization.k8s.io/v1:RoleBinding"];
    const places = new Map(kinds.map((kind) => [kind, placesOf(graph, `kubernetes:${kind}`)]));
    const closed = {
      network: placesOf(graph, "kubernetes:cilium.io/v2:CiliumNetworkPolicy", "default-deny"),
      mesh: placesOf(graph, "kubernetes:security.istio.io/v1:AuthorizationPolicy", "default-deny"),
    };
    assert.ok(namespaces.length > 600);
    for (const { provider, inputs } of namespaces) {
      const { name, labels } = object(inputs.metadata);
      const place = `${provider}/${name}`;
      assert.equal(object(labels)["pod-security.kubernetes.io/enforce"], "restricted", place);
      for (const [kind, found] of places) assert.ok(found.has(place), `${place}: no ${kind}`);
      assert.ok(closed.network.has(place) && closed.mesh.has(place), `${place}: not closed`);
    }
  });
});

function placesOf(graph: Graph, type: string, name?: string): ReadonlySet<string> {
  const found = graph.ofType(type).map(({ provider, inputs }) => ({ provider, metadata: inputs.metadata as Json }));
  return new Set(
    found
      .filter(({ metadata }) => name === undefined || metadata.name === name)
      .map(({ provider, metadata }) => `${provider}/${metadata.namespace}`),
  );
}
