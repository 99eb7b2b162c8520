import assert from "node:assert/strict";
import { CATALOG } from "../../components/addons";
import { KEPT_NAMES } from "../../components/settings/checks/tenants";
import { accepts, DATABASE, refuses } from "../support/settings";

const SHOP = "tenants.shop";
const STORE = `${SHOP}.projects.store`;
const WEB = `${STORE}.components.web`;
const API = `${STORE}.components.api`;
const NIGHTLY = `${STORE}.components.nightly`;

/** A second tenant with one component and one database. */
const BANK = (more: object = {}) => ({
  "tenants.bank": {
    owners: ["bank"],
    projects: {
      core: {
        components: { ledger: { image: "i", port: 9000, ...more } },
        databases: { books: { engine: "postgresql", size: "1Gi", ...more } },
      },
    },
  },
});

describe("settings: what tenants share", () => {
  accepts(
    [
      [
        "with one tenant",
        { ...BANK({ sharedWith: ["shop"] }), [`${API}.uses`]: ["bank/core/ledger", "bank/core/books"] },
      ],
      ["with every tenant", { ...BANK({ sharedWith: ["*"] }), [`${API}.uses`]: ["bank/core/ledger"] }],
    ],
    DATABASE,
  );
  refuses(
    [
      [
        "with nobody, or with another tenant",
        { ...BANK({ sharedWith: ["news"] }), [`${API}.uses`]: ["bank/core/ledger", "bank/core/books"] },
        `${API}.uses[0]: "bank/core/ledger" is not shared with "shop"; its owner names the tenant in sharedWith`,
        `${API}.uses[1]: "bank/core/books" is not shared with "shop"; its owner names the tenant in sharedWith`,
      ],
    ],
    DATABASE,
  );
});

describe("settings: names of tenants", () => {
  refuses([
    [
      "that the platform keeps",
      { "tenants.kube": { owners: ["k"] } },
      "tenants.kube: a name that the platform keeps; choose another",
    ],
    [
      "of two components in one tenant",
      { [`${SHOP}.projects.back`]: { components: { api: { image: "i", port: 80 } } } },
      `${SHOP}.projects.back.components.api: is the name of ${API} too; components of one tenant have different names`,
    ],
    [
      "that make one namespace",
      {
        "tenants.a": { owners: ["a"], projects: { "b-c": {} } },
        "tenants.a-b": { owners: ["a"], projects: { c: {} } },
      },
      'tenants.a-b.projects.c: its namespace "a-b-c-development" is that of tenants.a.projects.b-c in development; rename one of them',
    ],
    [
      "that make the namespace of another one's data",
      { "tenants.a": { owners: ["a"], environments: { test: {}, "test-data": {} }, projects: { b: {} } } },
      'tenants.a.projects.b: its namespace "a-b-test-data" is that of tenants.a.projects.b in test; rename one of them',
    ],
  ]);

  it("are kept where namespaces of the platform could be those of a tenant", () => {
    const kept: readonly string[] = KEPT_NAMES;
    const long = CATALOG.map(({ namespace }) => namespace.name).filter((name) => name.split("-").length >= 3);
    assert.ok(long.length > 3);
    for (const name of long) assert.ok(kept.includes(name.split("-")[0] ?? ""), name);
  });
});

describe("settings: environments", () => {
  accepts([["on one cluster", { [`${SHOP}.environments.development.clusters`]: ["east"] }]]);
  refuses([
    ["none", { [`${SHOP}.environments`]: {} }, `${SHOP}.environments: name at least one environment`],
    [
      "on a cluster without the data plane",
      { [`${SHOP}.environments.development.clusters`]: ["control"] },
      `${SHOP}.environments.development.clusters[0]: "control" has no data plane; choose from east, west`,
    ],
    [
      "on other clusters than a component",
      {
        [`${SHOP}.environments.development.clusters`]: ["east"],
        [`${SHOP}.environments.production.clusters`]: ["east"],
        [`${API}.clusters`]: ["west"],
      },
      `${API}.clusters: no environment is on any of these clusters`,
    ],
  ]);
});

describe("settings: exposure", () => {
  accepts([
    [
      "with everything",
      {
        [`${WEB}.expose`]: {
          host: "shop.choreo.test",
          hosts: { development: "try.shop.choreo.test" },
          paths: ["/", "/cart"],
          rewrite: "/shop",
          requestHeaders: { set: { "x-from": "gateway" }, remove: ["x-secret"] },
          responseHeaders: { add: { "strict-transport-security": "max-age=31536000" } },
          timeout: "15s",
          retries: { attempts: 2, on: ["connect-failure"], perTryTimeout: "5s" },
          rateLimit: { perClient: { requests: 10 }, global: { requests: 1000, unit: "Minute" } },
          circuitBreaker: { connections: 100 },
          jwt: { issuer: "https://id.test", jwks: "https://id.test/keys", claimHeaders: { "x-user": "sub" } },
          cors: { origins: ["https://shop.choreo.test"], credentials: true },
          spread: { weights: { east: 200, west: 10 } },
        },
      },
    ],
  ]);
  refuses([
    [
      "at a name of the platform",
      { [`${WEB}.expose.host`]: "api.choreo.test" },
      `${WEB}.expose.host: "api.choreo.test" is taken by the platform`,
    ],
    [
      "at the name of Argo CD or of the logs",
      { [`${WEB}.expose`]: { host: "argocd.choreo.test", hosts: { development: "logs.choreo.test" } } },
      `${WEB}.expose.host: "argocd.choreo.test" is taken by the platform`,
      `${WEB}.expose.hosts.development: "logs.choreo.test" is taken by the platform`,
    ],
    [
      "paths, headers and origins that the gateway refuses",
      {
        [`${WEB}.expose.paths`]: ["/a b", "/../x", "/a//b", "/a%2Fb", "/a/."],
        [`${WEB}.expose.rewrite`]: "/#",
        [`${WEB}.expose.requestHeaders`]: { set: { "x-a": "a\r\nb: c" }, add: { "x-b": "" } },
        [`${WEB}.expose.cors`]: { origins: ["example.com", "https://*.example.com", "https://a/b"] },
      },
      `${WEB}.expose.paths[0]: has a character that a path has only as % and two digits`,
      ...[1, 2, 3, 4].map((index) => `${WEB}.expose.paths[${index}]: has "//", "/./", "/../" or "%2F" in it`),
      `${WEB}.expose.rewrite: has a character that a path has only as % and two digits`,
      `${WEB}.expose.requestHeaders.set.x-a: a header's value is one line of 1 to 4096 characters`,
      `${WEB}.expose.requestHeaders.add.x-b: a header's value is one line of 1 to 4096 characters`,
      ...[0, 2].map(
        (index) =>
          `${WEB}.expose.cors.origins[${index}]: not an origin such as "https://shop.example.com", "https://*.example.com" or "*"`,
      ),
    ],
    [
      "in another environment at a name that is taken",
      { [`${API}.expose`]: { host: "shop-development.choreo.test" } },
      `${API}.expose.host: "shop-development.choreo.test" is taken by ${WEB}`,
    ],
    [
      "in an environment that there is not",
      { [`${WEB}.expose.hosts`]: { staging: "staging.test" } },
      `${WEB}.expose.hosts.staging: no environment of this name; there are development, production`,
    ],
    [
      "weights of a cluster that it is not on",
      { [`${WEB}.expose.spread`]: { weights: { control: 1 } } },
      `${WEB}.expose.spread.weights.control: it does not run on "control"; it runs on east, west`,
    ],
    [
      "weights of the nearest cluster",
      { [`${WEB}.expose.spread`]: { by: "latency", weights: { east: 1 } } },
      `${WEB}.expose.spread.weights: go with by: weight`,
    ],
    [
      "cookies for everybody",
      { [`${WEB}.expose.cors`]: { origins: ["*"], credentials: true } },
      `${WEB}.expose.cors.origins: "*" does not go with credentials; name the origins`,
    ],
    [
      "of what the gateway does not speak",
      { [`${WEB}.protocol`]: "tcp" },
      `${WEB}.expose: the gateway speaks HTTP only; set protocol to http or grpc`,
    ],
  ]);
});

describe("settings: how a component runs", () => {
  accepts(
    [
      [
        "with everything",
        {
          [`${API}.env`]: { LEVEL: "info", LIMIT: 5, TRACE: true },
          [`${API}.secrets`]: { TOKEN: "shop/api#token", KEY: "shop.api", DEEP: "shop/..a/b..c#d" },
          [`${API}.egress`]: [{ host: "api.bank.test" }, { range: "192.0.2.0/24", ports: [5432] }],
          [`${API}.health`]: { path: "/healthz" },
          [`${API}.autoscaling`]: { max: 5 },
          [`${API}.language`]: "java",
          [`${API}.monitoring`]: { port: 9090, alerts: { Slow: { expression: "up == 0", summary: "It is slow" } } },
          [`${API}.mesh`]: { timeout: "5s", permissions: { web: { methods: ["GET"], paths: ["/items/*"] } } },
        },
      ],
    ],
    DATABASE,
  );
  refuses(
    [
      [
        "a variable twice",
        { [`${API}.env`]: { A: "1" }, [`${API}.secrets`]: { A: "a" } },
        `${API}.secrets: A stands in env too; give each variable once`,
      ],
      [
        "a variable with a dash",
        { [`${API}.env`]: { "a-b": "1" } },
        `${API}.env.a-b: not the name of an environment variable`,
      ],
      ["a way out to nowhere", { [`${API}.egress`]: [{}] }, `${API}.egress[0]: give a host or a range`],
      [
        "fewer at most than at least",
        { [`${API}.autoscaling`]: { min: 3, max: 2 } },
        `${API}.autoscaling.max: is smaller than min`,
      ],
      [
        "more at most than the quota has room for",
        { [`${API}.autoscaling`]: { max: 100 }, [`${SHOP}.quota.pods`]: 50 },
        `${SHOP}.quota.pods: 50 is less than the components of project "store" ask for (102); raise it or ask for less`,
      ],
      [
        "a database larger than the quota",
        { [`${SHOP}.quota.storage`]: "1Gi" },
        `${SHOP}.quota.storage: 1Gi is less than the databases of project "store" ask for (5.0Gi); raise it or ask for less`,
      ],
      [
        "a port of a task",
        { [`${NIGHTLY}.port`]: 80 },
        `${NIGHTLY}.port: a scheduled-task serves nobody; a service has a port`,
      ],
      [
        "a permission of somebody who does not call",
        { [`${WEB}.mesh`]: { permissions: { api: {}, cart: {} } } },
        `${WEB}.mesh.permissions.api: has no connection to it; it names it in its uses`,
        `${WEB}.mesh.permissions.cart: no component of this name`,
      ],
      [
        "a secret of another tenant",
        { [`${API}.secrets`]: { TOKEN: "bank/core#token" } },
        `${API}.secrets.TOKEN: "bank/core#token" is not the tenant's; its secrets begin with "shop/" or "shop."`,
      ],
      [
        "a secret of another tenant, by way of its own folder",
        { [`${API}.secrets`]: { A: "shop/../bank/core#token", B: "./shop", C: "shop//core" } },
        ...["A", "B", "C"].map((name) => `${API}.secrets.${name}: not a secret of the store such as "shop/api#token"`),
      ],
      [
        "a way out to the node itself",
        { [`${API}.egress`]: [{ range: "169.254.169.254/32" }, { range: "169.254.0.0/16" }] },
        ...[0, 1].map(
          (index) =>
            `${API}.egress[${index}].range: addresses of the node itself (169.254.0.0/16), which no tenant reaches`,
        ),
      ],
      [
        "metrics where it serves",
        { [`${API}.monitoring`]: { port: 8080 } },
        `${API}.monitoring.port: is the port that it serves on; Prometheus comes without encryption, so metrics have one of their own`,
      ],
      [
        "a name that the namespace needs itself",
        { [`${STORE}.components.waypoint`]: { image: "i", port: 80 } },
        `${STORE}.components.waypoint: a name that is kept for the namespace's own; choose another`,
      ],
      [
        "a port that is the mesh's own",
        { [`${API}.port`]: 15008 },
        `${API}.port: 15000 to 15099 are ports of the mesh; choose another`,
      ],
    ],
    DATABASE,
  );
});
