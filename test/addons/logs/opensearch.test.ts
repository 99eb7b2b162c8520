import assert from "node:assert/strict";
import { parse } from "yaml";
import type { AddonTarget } from "../../../components/addons";
import { clustersWith } from "../../../components/addons/contract";
import { LOG_ALERTS, monitorDocuments } from "../../../components/addons/logs/monitors";
import { logStream } from "../../../components/addons/logs/names";
import { opensearchDocuments } from "../../../components/addons/logs/opensearch";
import type { OpenSearchConfig } from "../../../components/addons/logs/opensearch-config";
import { nodeNames, securityDocuments, securityFiles } from "../../../components/addons/logs/opensearch-security";
import { retentionDocuments, rolloverAge } from "../../../components/addons/logs/retention";
import { targetOn, valuesOn } from "../../support/addons";
import { runFleet } from "../../support/fleet";
import type { Run } from "../../support/program";
import {
  type Edits,
  everything,
  type Json,
  PRODUCTION,
  refuses,
  settingsAfter,
  switchOn,
} from "../../support/settings";
import { object } from "../../support/stack";
import { addonNamed, plain } from "./support";

const LOGS = switchOn("opensearch", "opensearch-dashboards", "fluent-bit");
const SSO = {
  issuer: "https://id.choreo.test/",
  clientId: "dashboards",
  clientSecret: "dashboardsClient",
  subject: "preferred_username",
  groups: "groups",
};
const TENANTS = { shop: { retention: "90d", readers: ["shop-developers"] }, bank: { readers: [] } };
const READ = { tenants: TENANTS, sso: SSO };

function configOf(edits: Edits): OpenSearchConfig {
  return settingsAfter(edits).platform.addons.opensearch as OpenSearchConfig;
}

function documentsOn(edits: Edits) {
  return opensearchDocuments(targetOn("control", edits) as AddonTarget, configOf(edits));
}

describe("OpenSearch's values", () => {
  const opensearch = addonNamed("opensearch");

  it("in development are one node with a small heap and no copies", async () => {
    const values = await valuesOn("control", opensearch, LOGS);
    const { singleNode, replicas, opensearchJavaOpts, resources, plugins, keystore, topologySpreadConstraints } =
      values;
    assert.deepEqual(
      { singleNode, replicas, opensearchJavaOpts, resources, plugins, keystore, topologySpreadConstraints },
      {
        singleNode: true,
        replicas: 1,
        opensearchJavaOpts: "-Xms512m -Xmx512m",
        resources: { requests: { cpu: "250m", memory: "1024Mi" }, limits: { memory: "1024Mi" } },
        plugins: undefined,
        keystore: undefined,
        topologySpreadConstraints: [],
      },
    );
    assert.equal(settingsFile(values)["node.store.allow_mmap"], false);
  });

  it("in production are three nodes over zones, with copies in the object store", async () => {
    const values = await valuesOn("control", opensearch, { ...LOGS, ...PRODUCTION });
    assert.equal(values.singleNode, false);
    assert.equal(values.replicas, 3);
    const [spread] = values.topologySpreadConstraints as readonly Json[];
    assert.equal(spread?.topologyKey, "topology.kubernetes.io/zone");
    assert.deepEqual(values.plugins, { enabled: true, installList: ["repository-s3"] });
    assert.deepEqual(values.keystore, [{ secretName: "opensearch-object-store" }]);
    assert.equal(settingsFile(values)["s3.client.default.region"], "eu-west-1");
  });

  it("in AWS name no account: pods have an identity", async () => {
    const values = await valuesOn("control", opensearch, { ...LOGS, ...PRODUCTION }, { aws: true });
    assert.equal(values.keystore, undefined);
    assert.deepEqual(values.rbac, { create: true });
  });

  it("let clients in by TLS only, nodes and the administrator by their certificates alone", async () => {
    const settings = settingsFile(await valuesOn("control", opensearch, LOGS));
    assert.equal(settings["plugins.security.ssl.http.enabled"], true);
    assert.deepEqual(settings["plugins.security.nodes_dn"], ["CN=opensearch-node,O=openchoreo"]);
    assert.deepEqual(settings["plugins.security.authcz.admin_dn"], ["CN=opensearch-administrator,O=openchoreo"]);
    for (const layer of ["http", "transport"]) {
      assert.equal(settings[`plugins.security.ssl.${layer}.pemtrustedcas_filepath`], "certificates/authority.crt");
    }
  });

  function settingsFile(values: Json): Json {
    return object(parse(String(object(values.config)["opensearch.yml"])));
  }
});

describe("OpenSearch's certificate", () => {
  it("names all that nodes and clients call it", () => {
    assert.deepEqual(nodeNames(["opensearch.example.com"]), [
      "localhost",
      "opensearch",
      "opensearch.logging",
      "opensearch.logging.svc",
      "opensearch.logging.svc.cluster.local",
      "opensearch-headless.logging.svc",
      "*.opensearch-headless.logging.svc",
      "opensearch.example.com",
    ]);
  });
});

describe("OpenSearch's users and roles", () => {
  const target = targetOn("control", everything()) as AddonTarget;

  it("are in the first files as they are in later requests", async () => {
    const files = await plain(securityFiles(target, READ));
    const kinds = {
      internalusers: "internal_users",
      roles: "roles",
      rolesmapping: "roles_mapping",
      tenants: "tenants",
    };
    const documents = await plain(securityDocuments(target, READ));
    for (const [kind, file] of Object.entries(kinds)) {
      const { _meta, ...inFile } = object(parse(files[`${file}.yml`] ?? ""));
      assert.deepEqual(_meta, { type: kind, config_version: 2 });
      const own = documents.filter(({ path }) => path.startsWith(`/_plugins/_security/api/${kind}/`));
      assert.deepEqual(inFile, Object.fromEntries(own.map(({ path, body }) => [path.split("/").at(-1), body])));
    }
  });

  it("hold hashes, never passwords, and in secret documents alone", async () => {
    const documents = await plain(securityDocuments(target, READ));
    const users = documents.filter(({ secret }) => secret === true);
    assert.deepEqual(
      users.map(({ path, body }) => [path.split("/").at(-1), object(body).hash]),
      [
        ["admin", "(hash of opensearch-admin)"],
        ["fluent-bit", "(hash of opensearch-logs)"],
        ["metrics", "(hash of opensearch-metrics)"],
        ["kibanaserver", "(hash of opensearch-dashboards)"],
        ...(target.selected.some(({ addon }) => addon.name === "jaeger")
          ? [["jaeger", "(hash of opensearch-traces)"]]
          : []),
      ],
    );
    assert.doesNotMatch(JSON.stringify(documents), /\(password/);
    const open = documents.filter(({ secret }) => secret !== true);
    assert.doesNotMatch(JSON.stringify(open), /hash/);
  });

  it("let a tenant's groups read that tenant's logs alone", async () => {
    const documents = await plain(securityDocuments(target, READ));
    const body = (path: string) =>
      object(documents.find((one) => one.path === `/_plugins/_security/api/${path}`)?.body);
    assert.deepEqual(body("roles/choreo_logs_shop").index_permissions, [
      { index_patterns: ["logs-shop.*"], allowed_actions: ["read", "indices_monitor"] },
    ]);
    assert.deepEqual(body("rolesmapping/choreo_logs_shop").backend_roles, ["shop-developers"]);
    assert.equal(
      documents.some(({ path }) => path.includes("bank")),
      false,
    );
  });

  it("are joined by people of a provider, whose groups are a claim", async () => {
    const domains = async (settings: Parameters<typeof securityDocuments>[1]) => {
      const [first] = await plain(securityDocuments(target, settings));
      return object(object(object(first?.body).dynamic).authc);
    };
    const without = await domains({ tenants: {} });
    assert.deepEqual(Object.keys(without), ["basic_internal_auth_domain"]);
    assert.equal(object(object(without.basic_internal_auth_domain).http_authenticator).challenge, true);
    const { basic_internal_auth_domain, openid_auth_domain } = await domains(READ);
    // A challenge would send browsers to the password box instead of the provider.
    assert.equal(object(object(basic_internal_auth_domain).http_authenticator).challenge, false);
    assert.deepEqual(object(openid_auth_domain).http_authenticator, {
      type: "openid",
      challenge: false,
      config: {
        openid_connect_url: "https://id.choreo.test/.well-known/openid-configuration",
        subject_key: "preferred_username",
        roles_key: "groups",
      },
    });
  });

  describe("groups of readers", () => {
    refuses([
      [
        "nobody can be in one as long as nobody signs in",
        { ...switchOn("opensearch"), "platform.opensearch": { tenants: { shop: { readers: ["shop-developers"] } } } },
        "platform.opensearch.tenants.shop.readers: nobody is in a group as long as nobody signs in; set opensearch.sso",
      ],
    ]);
  });

  it("let Fluent Bit append, and neither read nor remove", async () => {
    const documents = await plain(securityDocuments(target, { tenants: {} }));
    const writer = object(documents.find(({ path }) => path.endsWith("/choreo_log_writer"))?.body);
    const [{ index_patterns, allowed_actions } = {}] = writer.index_permissions as readonly Json[];
    assert.deepEqual(index_patterns, ["logs-*"]);
    for (const action of allowed_actions as readonly string[])
      assert.doesNotMatch(action, /read|delete|\*$(?<!bulk\*|index\*)/);
  });
});

describe("retention of logs", () => {
  const ages: readonly (readonly [retention: string, age: string])[] = [
    ["1h", "1h"],
    ["12h", "2h"],
    ["3d", "9h"],
    ["8d", "1d"],
    ["30d", "90h"],
    ["365d", "7d"],
  ];
  for (const [retention, age] of ages) {
    it(`of ${retention} goes on in a new index after ${age}`, () => assert.equal(rolloverAge(retention), age));
  }

  it("is one policy for all, one for the platform, and one for each tenant that says so", () => {
    const documents = retentionDocuments({ tenants: "30d", platform: "14d", traces: "7d" }, TENANTS);
    const policies = documents.filter(({ verb }) => verb === "put-versioned");
    const facts = policies.map(({ path, body }) => {
      const { ism_template, states } = object(object(body).policy);
      const [{ index_patterns, priority } = {}] = ism_template as readonly Json[];
      const [{ transitions } = {}] = states as readonly Json[];
      const [{ conditions } = {}] = transitions as readonly Json[];
      return [path.split("/").at(-1), index_patterns, priority, conditions];
    });
    assert.deepEqual(facts, [
      ["choreo-logs", ["logs-*"], 100, { min_rollover_age: "30d" }],
      ["choreo-logs-of-platform", ["logs-_platform.*"], 200, { min_rollover_age: "14d" }],
      ["choreo-logs-of-tenant-shop", ["logs-shop.*"], 200, { min_rollover_age: "90d" }],
      ["choreo-audit", ["security-auditlog-*"], 100, { min_index_age: "14d" }],
      ["choreo-traces", ["jaeger-*"], 100, { min_index_age: "7d" }],
    ]);
  });

  it("tells indices that are there of their policy, the general one first", () => {
    const documents = retentionDocuments({ tenants: "30d", platform: "14d" }, TENANTS);
    const adoptions = documents.filter(({ verb }) => verb === "post").map(({ path }) => path.split("/").at(-1));
    assert.deepEqual(adoptions, [".ds-logs-*", ".ds-logs-_platform.*", ".ds-logs-shop.*"]);
  });

  it("of one tenant is never that of another whose name begins alike", () => {
    const pattern = new RegExp(`^${logStream("shop", "*").replace(".", "\\.").replace("*", ".*")}$`);
    assert.match(logStream("shop", "containers"), pattern);
    assert.doesNotMatch(logStream("shop-eu", "containers"), pattern);
  });
});

describe("log-based alerts", () => {
  it("go to Alertmanager where there is one, and have no actions where there is none", () => {
    const actions = (alertmanager?: string) =>
      monitorDocuments(alertmanager).flatMap(({ verb, body }) => {
        const [trigger = {}] = (object(body).triggers ?? []) as readonly Json[];
        return verb === "monitor" ? [(object(Object.values(trigger)[0]).actions as readonly unknown[]).length] : [];
      });
    assert.deepEqual(
      actions("http://alertmanager:9093"),
      LOG_ALERTS.map(() => 1),
    );
    assert.deepEqual(
      actions(),
      LOG_ALERTS.map(() => 0),
    );
    assert.equal(monitorDocuments("http://alertmanager:9093")[0]?.verb, "channel");
  });

  it("are sent in Alertmanager's format, with the bucket that they are about", () => {
    const alert = LOG_ALERTS.find(({ by }) => by === "tenant") ?? assert.fail();
    const { body } =
      monitorDocuments("http://alertmanager:9093").find(({ name }) => name === alert.name) ?? assert.fail();
    const text = JSON.stringify(body);
    const [trigger] = object(body).triggers as readonly Json[];
    const [action] = object(trigger?.bucket_level_trigger).actions as readonly Json[];
    const message = JSON.parse(
      String(object(action?.message_template).source)
        .replaceAll(/\{\{[#/][^}]+\}\}/g, "")
        .replaceAll("{{bucket_keys}}{{bucket_keys}}", "shop"),
    );
    assert.deepEqual(message, [
      {
        labels: { alertname: alert.name, severity: "warning", source: "logs", bucket: "shop" },
        annotations: { summary: "Tenant shop logged more than 500 errors in 10 minutes" },
      },
    ]);
    assert.match(text, /"gte":"\{\{period_end\}\}\|\|-10m"/);
  });

  it("have names that are found as they are written", () => {
    for (const { name } of LOG_ALERTS) assert.match(name, /^[A-Za-z]+$/);
    assert.equal(new Set(LOG_ALERTS.map(({ name }) => name)).size, LOG_ALERTS.length);
  });
});

describe("what OpenSearch is told", () => {
  it("in development is nothing of copies; in production a repository and a schedule", () => {
    const paths = (edits: Edits) => documentsOn(edits).map(({ path }) => path);
    assert.ok(!paths(LOGS).some((path) => path.includes("_snapshot") || path.includes("_sm")));
    const production = paths({ ...LOGS, ...PRODUCTION });
    assert.ok(production.includes("/_snapshot/choreo") && production.includes("/_plugins/_sm/policies/choreo"));
  });

  it("has templates before the policies and monitors that look at what they make", () => {
    const paths = documentsOn(LOGS).map(({ path }) => path);
    const order = [
      "/_component_template/choreo-logs",
      "/_index_template/choreo-logs",
      "/_plugins/_ism/policies/choreo-logs",
    ];
    const places = order.map((path) => paths.indexOf(path));
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
    );
    assert.ok(places.every((place) => place >= 0));
  });

  it("has one copy of each record on one node, two on more", () => {
    const replicas = (edits: Edits) => {
      const body = documentsOn(edits).find(({ path }) => path === "/_component_template/choreo-logs")?.body ?? {};
      return object(object(object(object(body).template).settings).index).number_of_replicas;
    };
    assert.equal(replicas(LOGS), 0);
    assert.equal(replicas({ ...LOGS, ...PRODUCTION }), 1);
  });
});

describe("the Job that tells OpenSearch", () => {
  const job = (run: Run) => run.graph.get("control.opensearch-job");
  const content = (run: Run) => object(object(object(object(job(run).inputs.spec).template).metadata).annotations);

  it("runs on the observability plane, behind the release, as what Pod Security calls restricted", async () => {
    const run = await runFleet(LOGS);
    const { inputs, dependencies, parent } = job(run);
    assert.equal(parent, "control.opensearch");
    assert.deepEqual(object(inputs.metadata), {
      name: "opensearch-setup",
      namespace: "logging",
      annotations: { "pulumi.com/replaceUnready": "true" },
    });
    for (const mounted of ["ConfigMap control.opensearch-script", "Secret control.opensearch-documents"]) {
      assert.ok(
        dependencies.some((name) => name.endsWith(mounted)),
        mounted,
      );
    }
    assert.equal(run.graph.ofType("kubernetes:batch/v1:Job").length, 2);
  });

  it("runs again when a document changes, and not otherwise", async () => {
    const [one, same, other] = [
      await runFleet(LOGS),
      await runFleet(LOGS),
      await runFleet({ ...LOGS, "platform.opensearch.retention": { platform: "5d" } }),
    ];
    assert.deepEqual(content(one), content(same));
    assert.notDeepEqual(content(one), content(other));
  });

  it("keeps hashes out of the ConfigMap", async () => {
    const { graph } = await runFleet(LOGS);
    const open = graph.get("control.opensearch-documents", "kubernetes:core/v1:ConfigMap");
    const secret = graph.get("control.opensearch-documents", "kubernetes:core/v1:Secret");
    assert.ok(!Object.keys(object(open.inputs.data)).some((name) => name.includes("internalusers")));
    assert.match(
      JSON.stringify(Object.keys(object(object(secret.inputs.stringData).secret ?? secret.inputs.stringData))),
      /internalusers/,
    );
  });
});

describe("a fleet without the observability plane", () => {
  const bare = { ...LOGS, "platform.clusters.control.planes": ["control", "workflow"] };
  const sending = (edits: Edits) => clustersWith(targetOn("control", edits), "fluent-bit").map(({ name }) => name);

  it("sends logs nowhere, unless it is told where", () => {
    assert.deepEqual(sending(bare), []);
    const told = { ...bare, "platform.fluentBit": { opensearchHost: "opensearch.test" } };
    assert.deepEqual(sending(told), ["control", "east", "west"]);
  });
});

describe("settings of logs", () => {
  refuses([
    [
      "two nodes",
      { ...LOGS, "platform.opensearch": { nodes: 2 } },
      "platform.opensearch.nodes: two nodes agree on nothing when one is gone; take 1, or 3 and more",
    ],
    [
      "a retention of minutes",
      { ...LOGS, "platform.opensearch": { retention: { tenants: "30m" } } },
      'platform.opensearch.retention.tenants: not a number of days or hours such as "30d" or "12h"',
    ],
    [
      "two observability planes",
      { ...LOGS, "platform.clusters.east.planes": ["data", "observability"] },
      "platform.opensearch.enabled: control and east have the observability plane, and logs would be split between them; leave it to one",
    ],
    [
      "a cluster outside the mesh that is told nothing",
      { ...LOGS, "platform.clusters.east.network.mesh": false },
      'platform.fluentBit.opensearchHost: cluster "east" reaches OpenSearch on "control" by no mesh; say by which name it does',
    ],
    [
      "OpenSearch switched off alone",
      { ...LOGS, "platform.opensearch": { enabled: false } },
      "platform.opensearch.enabled: false, but opensearch-dashboards needs it; switch opensearch-dashboards off too, or leave it on",
      "platform.opensearch.enabled: false, but fluent-bit needs it; switch fluent-bit off too, or leave it on",
    ],
  ]);
});
