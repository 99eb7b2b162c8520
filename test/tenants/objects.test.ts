import assert from "node:assert/strict";
import { definition, describeWithCharts } from "../support/charts";
import { definitionProblems } from "../support/crd";
import { runFleet } from "../support/fleet";
import type { Graph, Registered } from "../support/graph";
import { type Edits, edit, type Json, switchOn } from "../support/settings";
import { object } from "../support/stack";

const STORE = "tenants.shop.projects.store.components";
const WEB = `${STORE}.web`;
const API = `${STORE}.api`;
const CELL = "east.shop-store-production";

/** A component that says everything. */
const FULL: Edits = {
  "tenants.shop.environments": { production: {} },
  [`${WEB}.expose`]: {
    host: "shop.choreo.test",
    paths: ["/", "/cart"],
    rewrite: "/app",
    requestHeaders: { set: { "x-from": "gateway" }, add: { "x-more": "1" }, remove: ["x-secret"] },
    responseHeaders: { set: { "strict-transport-security": "max-age=31536000" } },
    timeout: "15s",
    retries: { attempts: 3, on: ["connect-failure", "gateway-error"], perTryTimeout: "5s" },
    rateLimit: { perClient: { requests: 10 }, global: { requests: 1000, unit: "Minute" } },
    circuitBreaker: { connections: 100, pending: 50, requests: 200 },
    jwt: {
      issuer: "https://id.test",
      jwks: "https://id.test/keys",
      audiences: ["shop"],
      claimHeaders: { "x-user": "sub" },
    },
    cors: { origins: ["https://shop.choreo.test"], credentials: true, exposeHeaders: ["x-total"], maxAge: "10m" },
  },
  [`${API}.deploy`]: "plain",
  [`${API}.env`]: { LEVEL: "info" },
  [`${API}.secrets`]: { TOKEN: "shop/api#token", KEY: "shop/key" },
  [`${API}.egress`]: [{ host: "bank.test" }, { range: "0.0.0.0/0", ports: [443] }],
  [`${API}.monitoring`]: { port: 9090, alerts: { Slow: { expression: "up == 0", for: "1m", summary: "It is slow" } } },
  [`${API}.mesh`]: {
    timeout: "2s",
    retries: { attempts: 2 },
    circuitBreaker: { connections: 10 },
    permissions: { web: { methods: ["GET"], paths: ["/items/*"] } },
  },
};

const ADDONS = switchOn("ztunnel", "envoy-gateway", "kube-prometheus-stack", "external-secrets", "cloudnative-pg");

const spec = ({ inputs }: Registered) => object(inputs.spec);

describe("objects of a component that says everything", () => {
  let graph: Graph;
  before(async () => {
    ({ graph } = await runFleet({ ...ADDONS, ...FULL }));
  });
  const get = (name: string, kind: string) => graph.get(`${CELL}.${name}`, `kubernetes:${kind}`);

  it("are a route with a rule for each path, as a rewritten prefix is a rule's only match", () => {
    const { parentRefs, hostnames, rules } = spec(get("web", "gateway.networking.k8s.io/v1:HTTPRoute"));
    assert.deepEqual(parentRefs, [{ name: "choreo-gateway", namespace: "envoy-gateway-system", sectionName: "https" }]);
    assert.deepEqual(hostnames, ["shop.choreo.test"]);
    const rule = (value: string) => ({
      matches: [{ path: { type: "PathPrefix", value } }],
      filters: [
        { type: "URLRewrite", urlRewrite: { path: { type: "ReplacePrefixMatch", replacePrefixMatch: "/app" } } },
        {
          type: "RequestHeaderModifier",
          requestHeaderModifier: {
            set: [{ name: "x-from", value: "gateway" }],
            add: [{ name: "x-more", value: "1" }],
            remove: ["x-secret"],
          },
        },
        {
          type: "ResponseHeaderModifier",
          responseHeaderModifier: { set: [{ name: "strict-transport-security", value: "max-age=31536000" }] },
        },
      ],
      timeouts: { request: "15s" },
      backendRefs: [{ name: "web", port: 3000 }],
    });
    assert.deepEqual(rules, [rule("/"), rule("/cart")]);
  });

  it("are limits, retries and the circuit breaker of the route, merged with the gateway's own", () => {
    assert.deepEqual(spec(get("web", "gateway.envoyproxy.io/v1alpha1:BackendTrafficPolicy")), {
      targetRefs: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "web" }],
      mergeType: "StrategicMerge",
      rateLimit: {
        type: "Global",
        global: {
          rules: [
            {
              clientSelectors: [{ sourceCIDR: { type: "Distinct", value: "0.0.0.0/0" } }],
              limit: { requests: 10, unit: "Second" },
            },
            { limit: { requests: 1000, unit: "Minute" } },
          ],
        },
      },
      retry: {
        numRetries: 3,
        retryOn: { triggers: ["connect-failure", "gateway-error"] },
        perRetry: { timeout: "5s" },
      },
      circuitBreaker: { maxConnections: 100, maxPendingRequests: 50, maxParallelRequests: 200 },
    });
  });

  it("are tokens and calls across origins", () => {
    const { cors, jwt } = spec(get("web", "gateway.envoyproxy.io/v1alpha1:SecurityPolicy"));
    assert.deepEqual(cors, {
      allowOrigins: ["https://shop.choreo.test"],
      allowMethods: ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
      allowHeaders: ["authorization", "content-type"],
      exposeHeaders: ["x-total"],
      allowCredentials: true,
      maxAge: "10m",
    });
    assert.deepEqual(object(jwt).providers, [
      {
        name: "tokens",
        issuer: "https://id.test",
        audiences: ["shop"],
        remoteJWKS: { uri: "https://id.test/keys" },
        claimToHeaders: [{ header: "x-user", claim: "sub" }],
      },
    ]);
  });

  it("are a waypoint, the same on every cluster, with what it does to calls", () => {
    for (const cluster of ["east", "west"]) {
      const gateway = graph.get(
        `${cluster}.shop-store-production-waypoint`,
        "kubernetes:gateway.networking.k8s.io/v1:Gateway",
      );
      assert.equal(spec(gateway).gatewayClassName, "istio-waypoint");
      assert.equal(object(gateway.inputs.metadata).name, "waypoint");
      const { labels } = object(
        graph.get(`${cluster}.shop-store-production`, "kubernetes:core/v1:Namespace").inputs.metadata,
      );
      assert.equal(object(labels)["istio.io/use-waypoint"], "waypoint");
    }
    const host = "api.shop-store-production.svc.cluster.local";
    assert.deepEqual(spec(get("api", "networking.istio.io/v1:VirtualService")), {
      hosts: [host],
      http: [
        {
          route: [{ destination: { host } }],
          timeout: "2s",
          retries: { attempts: 2, retryOn: "connect-failure,refused-stream" },
        },
      ],
    });
    assert.equal(spec(get("api", "networking.istio.io/v1:DestinationRule")).host, host);
  });

  it("are who may ask for what, at the waypoint, and the waypoint alone at the pods", () => {
    const requests = spec(get("api.requests", "security.istio.io/v1:AuthorizationPolicy"));
    assert.deepEqual(requests, {
      targetRefs: [{ group: "", kind: "Service", name: "api" }],
      action: "ALLOW",
      rules: [
        {
          from: [{ source: { principals: ["cluster.local/ns/shop-store-production/sa/web"] } }],
          to: [{ operation: { ports: ["8080"], methods: ["GET"], paths: ["/items/*"] } }],
        },
      ],
    });
    const { rules } = spec(get("api", "security.istio.io/v1:AuthorizationPolicy"));
    const waypoint = "cluster.local/ns/shop-store-production/sa/waypoint";
    assert.deepEqual((rules as Json[])[0], {
      from: [{ source: { principals: [waypoint] } }],
      to: [{ operation: { ports: ["8080"] } }],
    });
  });

  it("are its variables, with the addresses of what it calls, and its secrets", () => {
    assert.deepEqual(get("web", "core/v1:ConfigMap").inputs.data, {
      API_HOST: "api.shop-store-production.svc.cluster.local",
      API_PORT: "8080",
      API_URL: "http://api.shop-store-production.svc.cluster.local:8080",
    });
    assert.deepEqual(get("api", "core/v1:ConfigMap").inputs.data, { LEVEL: "info" });
    const { data } = spec(get("api", "external-secrets.io/v1:ExternalSecret"));
    assert.deepEqual(data, [
      { secretKey: "TOKEN", remoteRef: { key: "shop/api", property: "token" } },
      { secretKey: "KEY", remoteRef: { key: "shop/key" } },
    ]);
    const { labels } = object(graph.get(CELL, "kubernetes:core/v1:Namespace").inputs.metadata);
    assert.equal(object(labels)["openchoreo.dev/secret-store"], "choreo-store");
  });

  it("are a Service where Argo CD deploys it, one with those of other clusters, and scraped", () => {
    const { metadata, spec: own } = get("api", "core/v1:Service").inputs as { metadata: Json; spec: Json };
    assert.deepEqual(metadata.labels, {
      "choreo.dev/component": "api",
      "choreo.dev/monitoring": "enabled",
      "istio.io/global": "true",
    });
    assert.deepEqual(own.ports, [
      { name: "http", appProtocol: "http", port: 8080, targetPort: 8080, protocol: "TCP" },
      { name: "metrics", port: 9090, targetPort: 9090, protocol: "TCP" },
    ]);
  });

  it("are alerts: the platform's, and its own", () => {
    const rule = graph.get(`${CELL}-alerts`, "kubernetes:monitoring.coreos.com/v1:PrometheusRule");
    const [group] = spec(rule).groups as { rules: Json[] }[];
    const names = group?.rules.map(({ alert }) => alert);
    const pods = ["ComponentRestarts", "ComponentNotReady", "ComponentMemoryFull", "TaskFailed", "QuotaNearlyUsed"];
    assert.deepEqual(names, [...pods, "ComponentErrors", "Slow"]);
    const slow = group?.rules.at(-1);
    assert.deepEqual(slow, {
      alert: "Slow",
      expr: "up == 0",
      for: "1m",
      labels: { severity: "warning", tenant: "shop", project: "store", environment: "production", component: "api" },
      annotations: { summary: "It is slow" },
    });
  });

  it("are ways out to names, whose addresses Cilium reads, and to ranges without the nodes' own addresses", () => {
    const { egress } = spec(get("api", "cilium.io/v2:CiliumNetworkPolicy")) as { egress: { toPorts: Json[] }[] };
    assert.deepEqual(egress[0]?.toPorts[0]?.rules, { dns: [{ matchPattern: "*" }] });
    const toPorts = [{ ports: [{ port: "443", protocol: "TCP" }] }];
    assert.ok(
      egress.some(
        (rule) => JSON.stringify(rule) === JSON.stringify({ toFQDNs: [{ matchName: "bank.test" }], toPorts }),
      ),
    );
    const range = { toCIDRSet: [{ cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] }], toPorts };
    assert.ok(egress.some((rule) => JSON.stringify(rule) === JSON.stringify(range)));
  });

  it("are none of kinds that are not there", async () => {
    const { graph: bare } = await runFleet(edit(FULL, {}));
    const kinds = new Set(bare.resources.filter(({ name }) => name.includes(".shop-store")).map(({ type }) => type));
    assert.deepEqual(
      [...kinds].filter((type) => /istio|envoy|gateway|monitoring|external-secrets/.test(type)),
      [],
    );
  });
});

describeWithCharts("objects of tenants", () => {
  it("are what their definitions say", async () => {
    const { graph } = await runFleet({ ...ADDONS, ...FULL });
    const own = graph.ofType("kubernetes").filter(({ name }) => /^(east|west)\.shop-/.test(name));
    const checked = own.flatMap(({ name, type, inputs }) => {
      const [, group = "", kind = ""] = /^kubernetes:([^/]+)\/[^:]+:(.+)$/.exec(type) ?? [];
      const found = definition(`${plural(kind)}.${group}`);
      return found === undefined ? [] : [[name, kind, definitionProblems(found, inputs)] as const];
    });
    const kinds = new Set(checked.map(([, kind]) => kind));
    for (const kind of [
      "HTTPRoute",
      "BackendTrafficPolicy",
      "SecurityPolicy",
      "Gateway",
      "VirtualService",
      "DestinationRule",
      "AuthorizationPolicy",
      "PeerAuthentication",
      "PrometheusRule",
      "ExternalSecret",
    ])
      assert.ok(kinds.has(kind), kind);
    assert.deepEqual(
      checked.filter(([, , problems]) => problems.length > 0),
      [],
    );
  });
});

function plural(kind: string): string {
  return `${kind.toLowerCase().replace(/(?<=[^aeiou])y$/, "ie")}s`;
}
