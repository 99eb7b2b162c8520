import assert from "node:assert/strict";
import {
  allow,
  allowScrapes,
  denyAll,
  ENROLMENT,
  GATEWAY_IN_MESH,
  type Manifest,
  principal,
  strictMutualTls,
  TENANT_IN_MESH,
  waypoint,
  waypointOf,
} from "../../../components/addons/networking/istio";
import { definition, describeWithCharts } from "../../support/charts";
import { definitionProblems } from "../../support/crd";
import { runFleet } from "../../support/fleet";
import { everything, type Json } from "../../support/settings";
import { object } from "../../support/stack";

type Labels = Readonly<Record<string, string>>;
type Selector = (typeof ENROLMENT)[number]["podSelector"];

/** As Kubernetes does it. */
function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  const equal = Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
  return (
    equal &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === "Exists") return value !== undefined;
      if (operator === "DoesNotExist") return value === undefined;
      return (value !== undefined && values.includes(value)) === (operator === "In");
    })
  );
}

const inMesh = (namespace: Labels, pod: Labels) =>
  ENROLMENT.some((one) => selects(one.namespaceSelector, namespace) && selects(one.podSelector, pod));

describe("enrolment in the mesh", () => {
  const named = (name: string): Labels => ({ "kubernetes.io/metadata.name": name });
  const openchoreo = { "openchoreo.dev/project": "store", "openchoreo.dev/environment": "production" };
  const cases: readonly (readonly [title: string, namespace: Labels, pod: Labels, enrolled: boolean])[] = [
    ["a pod of a tenant's namespace", { ...named("shop"), ...TENANT_IN_MESH }, {}, true],
    ["a pod that opts out", { ...named("shop"), ...TENANT_IN_MESH }, { "istio.io/dataplane-mode": "none" }, false],
    ["a pod of a namespace that OpenChoreo made", { ...named("dp-shop"), ...openchoreo }, {}, true],
    ["a pod of a namespace that only has a project", { ...named("x"), "openchoreo.dev/project": "store" }, {}, false],
    ["the gateway's proxy", named("envoy-gateway-system"), GATEWAY_IN_MESH.labels, true],
    ["the gateway's controller, which serves a webhook", named("envoy-gateway-system"), {}, false],
    ["istiod", named("istio-system"), {}, false],
    ["a pod with the label elsewhere", named("monitoring"), GATEWAY_IN_MESH.labels, false],
    ["a pod of the cluster's own", named("kube-system"), {}, false],
  ];
  for (const [title, namespace, pod, enrolled] of cases) {
    it(`${enrolled ? "is for" : "is not for"} ${title}`, () => assert.equal(inMesh(namespace, pod), enrolled));
  }

  it("takes no namespace of an add-on in", async () => {
    const { graph } = await runFleet({ ...everything(), tenants: {} });
    const namespaces = graph.ofType("kubernetes:core/v1:Namespace");
    assert.ok(namespaces.length > 0);
    for (const { name, inputs } of namespaces) {
      const labels = object(inputs.metadata).labels as Labels;
      assert.equal(inMesh({ ...named(String(object(inputs.metadata).name)), ...labels }, {}), false, name);
    }
  });
});

describe("policies of the mesh", () => {
  it("name identities as Istio does", () => {
    assert.equal(principal("shop", "web"), "cluster.local/ns/shop/sa/web");
  });

  it("allow a caller a port of some pods", () => {
    const from = [{ namespace: "shop", serviceAccount: "web" }, waypointOf("shop")];
    assert.deepEqual(allow({ name: "web-to-api", namespace: "shop", pods: { app: "api" }, ports: [8080], from }).spec, {
      selector: { matchLabels: { app: "api" } },
      action: "ALLOW",
      rules: [
        {
          from: [{ source: { principals: ["cluster.local/ns/shop/sa/web", "cluster.local/ns/shop/sa/waypoint"] } }],
          to: [{ operation: { ports: ["8080"] } }],
        },
      ],
    });
  });

  it("open a port to be scraped in plain text, and nothing else of the pods", () => {
    const [exception, rule] = allowScrapes({ name: "metrics", namespace: "shop", pods: { app: "api" }, port: 9090 });
    assert.deepEqual(exception?.spec, {
      selector: { matchLabels: { app: "api" } },
      mtls: { mode: "STRICT" },
      portLevelMtls: { "9090": { mode: "PERMISSIVE" } },
    });
    assert.deepEqual(rule?.spec, {
      selector: { matchLabels: { app: "api" } },
      action: "ALLOW",
      rules: [{ to: [{ operation: { ports: ["9090"] } }] }],
    });
  });
});

describeWithCharts("policies of the mesh", () => {
  const manifests: readonly Manifest[] = [
    strictMutualTls("shop"),
    denyAll("shop"),
    allow({ name: "a", namespace: "shop", pods: { app: "api" }, ports: [1, 2], from: [waypointOf("shop")] }),
    ...allowScrapes({ name: "metrics", namespace: "shop", pods: { app: "api" }, port: 9090 }),
    waypoint("shop"),
  ];
  const kinds: Readonly<Record<string, string>> = {
    PeerAuthentication: "peerauthentications.security.istio.io",
    AuthorizationPolicy: "authorizationpolicies.security.istio.io",
    Gateway: "gateways.gateway.networking.k8s.io",
  };
  for (const manifest of manifests) {
    const { kind, metadata } = manifest;
    it(`are what the definition of ${kind} asks for: ${metadata.name}`, () => {
      const found = definition(kinds[kind] ?? "") ?? assert.fail();
      assert.deepEqual(definitionProblems(found, manifest as unknown as Json), []);
    });
  }
});
