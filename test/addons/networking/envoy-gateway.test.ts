import assert from "node:assert/strict";
import { CATALOG } from "../../../components/addons";
import { proxyDefaults } from "../../../components/addons/networking/envoy-gateway/proxies";
import { type TargetArgs, targetOn, valuesOn } from "../../support/addons";
import { runFleet } from "../../support/fleet";
import { type Graph, key } from "../../support/graph";
import { type Edits, edit, type Json, PRODUCTION, refuses, switchOn } from "../../support/settings";

const addon = (name: string) => CATALOG.find((one) => one.name === name) ?? assert.fail();
const GATEWAY = switchOn("envoy-gateway");
const MESHED = { ...GATEWAY, ...switchOn("ztunnel") };
const ONE: Edits = { "platform.clusters.east": undefined, "platform.clusters.west": undefined, tenants: {} };
const SETTINGS = "platform.envoyGateway";

const VALUES: Json = {
  crds: { enabled: false },
  topologyInjector: { enabled: false },
  podDisruptionBudget: { minAvailable: 0 },
  deployment: {
    replicas: 1,
    pod: {
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "topology.kubernetes.io/zone",
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: { matchLabels: { "control-plane": "envoy-gateway" } },
        },
      ],
    },
  },
  config: {
    envoyGateway: {
      gateway: { controllerName: "gateway.envoyproxy.io/gatewayclass-controller" },
      provider: {
        type: "Kubernetes",
        kubernetes: {
          rateLimitDeployment: {
            replicas: 1,
            container: {
              env: [{ name: "REDIS_AUTH", valueFrom: { secretKeyRef: { name: "ratelimit-redis", key: "password" } } }],
              resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "512Mi" } },
            },
          },
        },
      },
      logging: { level: { default: "info" }, encoder: "JSON" },
      rateLimit: {
        backend: {
          type: "Redis",
          redis: { url: "ratelimit-redis.envoy-gateway-system.svc.cluster.local:6379" },
        },
        failClosed: false,
      },
    },
  },
};

describe("Envoy Gateway's values", () => {
  const cases: readonly (readonly [title: string, settings: Edits, values: Json])[] = [
    ["in development", {}, VALUES],
    [
      "in production",
      PRODUCTION,
      edit(VALUES, {
        "podDisruptionBudget.minAvailable": 1,
        "deployment.replicas": 2,
        "config.envoyGateway.provider.kubernetes.rateLimitDeployment.replicas": 2,
      }),
    ],
    [
      "without rate limits",
      { [SETTINGS]: { rateLimit: { enabled: false } } },
      edit(VALUES, {
        "config.envoyGateway.provider.kubernetes": undefined,
        "config.envoyGateway.rateLimit": undefined,
      }),
    ],
  ];
  for (const [title, settings, values] of cases) {
    it(title, async () =>
      assert.deepEqual(await valuesOn("east", addon("envoy-gateway"), { ...GATEWAY, ...settings }), values),
    );
  }
});

describe("Envoy Gateway's settings", () => {
  refuses([
    [
      "fewer proxies at most than at least",
      { [SETTINGS]: { proxies: { min: 3, max: 2 } } },
      `${SETTINGS}.proxies.max: is smaller than min`,
    ],
    [
      "a limit without the service that counts",
      { [SETTINGS]: { rateLimit: { enabled: false, perClient: { requests: 5 } } } },
      `${SETTINGS}.rateLimit.perClient: needs the rate-limit service; switch that on, or leave this out`,
    ],
    [
      "an address that another load balancer has",
      {
        "platform.clusters.east.network.gatewayAddress": "172.18.255.1",
        "platform.clusters.west.network.eastWestAddress": "172.18.255.3",
      },
      'platform.clusters.east.network.gatewayAddress: gateway address 172.18.255.1 is cluster "control"\'s already; each load balancer needs its own',
      'platform.clusters.west.network.eastWestAddress: east-west address 172.18.255.3 is cluster "west"\'s already; each load balancer needs its own',
    ],
  ]);
});

describe("Envoy Gateway", () => {
  it("is on clusters that serve people or components", () => {
    const planes = (edits: Edits) => addon("envoy-gateway").on(targetOn("control", edits).cluster);
    assert.equal(planes({}), true);
    assert.equal(planes({ "platform.clusters.east.planes": ["data"] }), true);
    const builds = { ...targetOn("east").cluster, planes: ["workflow" as const] };
    assert.equal(addon("envoy-gateway").on(builds), false);
    assert.equal(addon("envoy-gateway-crds").on(builds), false);
  });
});

describe("the gateway of a cluster", () => {
  let graph: Graph;
  before(async () => {
    graph = (await runFleet({ ...MESHED, tenants: {} })).graph;
  });

  const name = (why: string) => `east.envoy-gateway-${why}`;
  const spec = (why: string) => graph.get(name(why)).inputs.spec as Json;
  const custom = (why: string) => {
    const { apiVersion, kind } = graph.get(name(why)).inputs;
    return `kubernetes:${apiVersion}:${kind} ${name(why)}`;
  };

  it("is the one of the source document", () => {
    assert.deepEqual(graph.get(name("gateway")).inputs, {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "Gateway",
      metadata: { name: "choreo-gateway", namespace: "envoy-gateway-system" },
      spec: {
        gatewayClassName: "envoy-gateway",
        infrastructure: {
          parametersRef: { group: "gateway.envoyproxy.io", kind: "EnvoyProxy", name: "choreo-gateway" },
        },
        listeners: [
          { name: "http", port: 80, protocol: "HTTP", allowedRoutes: { namespaces: { from: "Same" } } },
          {
            name: "https",
            port: 443,
            protocol: "HTTPS",
            tls: { mode: "Terminate", certificateRefs: [{ name: "choreo-tls-cert" }] },
            allowedRoutes: { namespaces: { from: "All" } },
          },
        ],
      },
    });
  });

  it("sends plain HTTP to HTTPS", () => {
    assert.deepEqual(spec("redirect"), {
      parentRefs: [{ name: "choreo-gateway", sectionName: "http" }],
      rules: [{ filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } }] }],
    });
  });

  it("has a certificate for the platform's names, its own and those of its components", () => {
    const names = (cluster: string) =>
      (graph.get(`${cluster}.envoy-gateway-certificate`).inputs.spec as { dnsNames: string[] }).dnsNames;
    const shared = ["choreo.test", "*.choreo.test"];
    assert.deepEqual(names("control"), [...shared, "control.gateway.choreo.test"]);
    assert.deepEqual(names("east"), [...shared, "east.gateway.choreo.test", "*.east.apps.choreo.test"]);
    const { dnsNames: _, ...rest } = spec("certificate");
    assert.deepEqual(rest, {
      secretName: "choreo-tls-cert",
      privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
      issuerRef: { name: "choreo-issuer", kind: "ClusterIssuer", group: "cert-manager.io" },
    });
  });

  it("is of a class that Envoy Gateway does not make itself", () => {
    assert.deepEqual(graph.get(name("class")).inputs.metadata, { name: "envoy-gateway" });
    assert.deepEqual(spec("class"), {
      controllerName: "gateway.envoyproxy.io/gatewayclass-controller",
      description: "The platform's gateways",
      parametersRef: {
        group: "gateway.envoyproxy.io",
        kind: "EnvoyProxy",
        name: "choreo-proxies",
        namespace: "envoy-gateway-system",
      },
    });
  });

  it("goes before its controller, and takes what is attached to it first", () => {
    const waits = (why: string) => graph.get(name(why)).dependencies;
    const release = "kubernetes:helm.sh/v3:Release east.envoy-gateway";
    for (const why of ["proxies", "gateway-proxies", "certificate"]) assert.ok(waits(why).includes(release), why);
    assert.deepEqual(waits("class"), [custom("proxies")]);
    assert.deepEqual(waits("gateway"), [custom("class"), custom("gateway-proxies"), custom("certificate")].sort());
    for (const why of ["redirect", "clients", "backends"]) assert.deepEqual(waits(why), [custom("gateway")], why);
  });

  it("takes TLS from 1.2 on, and no connection that is held without a use", () => {
    assert.deepEqual(spec("clients"), {
      targetRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: "choreo-gateway" }],
      tls: { minVersion: "1.2", maxVersion: "1.3", alpnProtocols: ["h2", "http/1.1"] },
      timeout: { http: { requestReceivedTimeout: "300s", idleTimeout: "5m", streamIdleTimeout: "5m" } },
      tcpKeepalive: { probes: 3, idleTime: "60s", interval: "15s" },
      http2: { maxConcurrentStreams: 100 },
      connection: { bufferLimit: "32Ki" },
      path: { escapedSlashesAction: "UnescapeAndRedirect", disableMergeSlashes: false },
      headers: { requestID: "Generate" },
      healthCheck: { path: "/.well-known/choreo-gateway/health" },
    });
  });

  it("tries again only what cannot have been done already", () => {
    const { retry, rateLimit } = spec("backends") as { retry: { retryOn: Json }; rateLimit?: Json };
    assert.deepEqual(retry.retryOn, { triggers: ["connect-failure", "refused-stream", "reset-before-request"] });
    assert.equal(rateLimit, undefined);
  });

  it("has proxies in the mesh, which clients reach by TLS and not by the mesh", () => {
    const { routingType, provider } = spec("proxies") as { routingType: string; provider: { kubernetes: Json } };
    assert.equal(routingType, "Service");
    const { pod } = provider.kubernetes.envoyDeployment as { pod: Json };
    assert.deepEqual(pod.labels, { "choreo.dev/component": "api-gateway", "istio.io/dataplane-mode": "ambient" });
    assert.deepEqual(pod.annotations, { "ambient.istio.io/bypass-inbound-capture": "true" });
  });

  it("writes a line of JSON for each request to stdout", () => {
    const { telemetry } = spec("proxies") as { telemetry: { accessLog: { settings: Json[] }; tracing?: Json } };
    const [{ format, sinks } = {}] = telemetry.accessLog.settings as { format?: Json; sinks?: unknown }[];
    assert.equal(format?.type, "JSON");
    assert.deepEqual(sinks, [{ type: "File", file: { path: "/dev/stdout" } }]);
    assert.equal(telemetry.tracing, undefined, "nobody takes spans");
  });

  it("has names that others rely on", () => {
    const { mergeType, provider } = spec("gateway-proxies") as { mergeType: string; provider: { kubernetes: Json } };
    assert.equal(mergeType, "StrategicMerge");
    assert.deepEqual(provider.kubernetes, {
      envoyDeployment: { name: "choreo-gateway" },
      envoyServiceAccount: { name: "choreo-gateway" },
      envoyService: {
        name: "choreo-gateway",
        annotations: { "external-dns.alpha.kubernetes.io/hostname": "east.gateway.choreo.test" },
      },
    });
  });

  it("counts in a Redis with a password, which only the rate-limit service reaches", () => {
    const redis = graph.resources.filter((one) => one.name.startsWith(name("redis")));
    assert.deepEqual(redis.map(key).sort(), [
      `kubernetes:apps/v1:Deployment ${name("redis")}`,
      `kubernetes:core/v1:Secret ${name("redis-password")}`,
      `kubernetes:core/v1:Service ${name("redis")}`,
      `kubernetes:networking.k8s.io/v1:NetworkPolicy ${name("redis")}`,
    ]);
    const { stringData } = graph.get(name("redis-password")).inputs;
    assert.ok(typeof stringData === "object" && stringData !== null && "secret" in stringData);
    const policy = graph.get(name("redis"), "kubernetes:networking.k8s.io/v1:NetworkPolicy").inputs.spec as Json;
    assert.deepEqual(policy.ingress, [
      {
        from: [
          {
            podSelector: {
              matchLabels: {
                "app.kubernetes.io/component": "ratelimit",
                "app.kubernetes.io/managed-by": "envoy-gateway",
              },
            },
          },
        ],
        ports: [{ protocol: "TCP", port: 6379 }],
      },
    ]);
    const release = graph.get("east.envoy-gateway", "kubernetes:helm.sh/v3:Release");
    for (const one of redis) assert.ok(release.dependencies.includes(key(one)), key(one));
  });
});

describe("the gateway's load balancer", () => {
  const service = (edits: Edits, args: TargetArgs = {}): Json => {
    const target = targetOn("control", { ...GATEWAY, ...edits }, args);
    const config = target.selected.find((one) => one.addon.name === "envoy-gateway")?.config;
    const defaults = proxyDefaults(target, config as never) as { provider: { kubernetes: { envoyService: Json } } };
    return defaults.provider.kubernetes.envoyService;
  };

  it("keeps the client's address where a cloud gives it", () => {
    assert.deepEqual(service({}), { type: "LoadBalancer", externalTrafficPolicy: "Local" });
  });

  it("admits some ranges only, where settings name them", () => {
    assert.deepEqual(service({ [SETTINGS]: { sourceRanges: ["203.0.113.0/24"] } }), {
      type: "LoadBalancer",
      externalTrafficPolicy: "Local",
      loadBalancerSourceRanges: ["203.0.113.0/24"],
    });
  });

  it("in AWS sends to the pods, which say whether they are ready, and tells who the client is", () => {
    const { annotations, ...rest } = service({ [SETTINGS]: { scheme: "internal" } }, { aws: true });
    assert.deepEqual(rest, { type: "LoadBalancer", loadBalancerClass: "service.k8s.aws/nlb" });
    const own = Object.entries(annotations as Record<string, string>).map(([one, value]) => {
      return [one.replace("service.beta.kubernetes.io/aws-load-balancer-", ""), value] as const;
    });
    const { "additional-resource-tags": tags, ...others } = Object.fromEntries(own);
    assert.match(tags ?? "", /^(\w+=\S+,)*\w+=\S+$/);
    assert.deepEqual(others, {
      "nlb-target-type": "ip",
      scheme: "internal",
      "proxy-protocol": "*",
      attributes: "load_balancing.cross_zone.enabled=true",
      "target-group-attributes": "deregistration_delay.timeout_seconds=60",
      "healthcheck-protocol": "http",
      "healthcheck-port": "19003",
      "healthcheck-path": "/ready",
    });
  });

  it("gets a fixed address from Cilium, by whatever node announces it", async () => {
    const address = "172.18.255.11";
    const edits = { ...GATEWAY, ...ONE, "platform.clusters.control.network.gatewayAddress": address };
    assert.equal(service(edits).externalTrafficPolicy, "Cluster");
    const { graph } = await runFleet(edits);
    const spec = (name: string) => graph.get(`control.envoy-gateway-${name}`).inputs.spec as Json;
    const serviceSelector = { matchLabels: { "gateway.envoyproxy.io/owning-gateway-name": "choreo-gateway" } };
    assert.deepEqual(spec("gateway-address"), { blocks: [{ start: address, stop: address }], serviceSelector });
    assert.deepEqual(spec("gateway-announcement"), { loadBalancerIPs: true, serviceSelector });
    const { provider } = spec("gateway-proxies") as { provider: { kubernetes: { envoyService: Json } } };
    assert.deepEqual(provider.kubernetes.envoyService, {
      name: "choreo-gateway",
      loadBalancerIP: address,
      annotations: {
        "external-dns.alpha.kubernetes.io/hostname": "control.gateway.choreo.test",
        "lbipam.cilium.io/ips": address,
      },
    });
    const { values } = graph.get("control.cilium", "kubernetes:helm.sh/v3:Release").inputs as { values: Json };
    assert.deepEqual(values.l2announcements, { enabled: true });
  });
});

describe("limits for each client", () => {
  it("count by address, where settings ask for it", async () => {
    const { graph } = await runFleet({
      ...GATEWAY,
      ...ONE,
      [SETTINGS]: { rateLimit: { perClient: { requests: 50, unit: "Minute" } } },
    });
    const { rateLimit } = graph.get("control.envoy-gateway-backends").inputs.spec as Json;
    assert.deepEqual(rateLimit, {
      type: "Global",
      global: {
        rules: [
          {
            clientSelectors: [{ sourceCIDR: { type: "Distinct", value: "0.0.0.0/0" } }],
            limit: { requests: 50, unit: "Minute" },
          },
        ],
      },
    });
  });
});
