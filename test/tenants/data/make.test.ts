import assert from "node:assert/strict";
import { makeData } from "../../../components/tenants/data/make";
import { definition, describeWithCharts } from "../../support/charts";
import { definitionProblems } from "../../support/crd";
import type { Graph, Registered } from "../../support/graph";
import { DATABASE, type Edits, edit, good, type Json, PRODUCTION } from "../../support/settings";
import { object } from "../../support/stack";
import { runTenants, type SitesArgs } from "../sites";

const DATABASES = "tenants.shop.projects.store.databases";
const THREE: Edits = {
  [`${DATABASES}.cart`]: { engine: "redis", size: "1Gi" },
  [`${DATABASES}.catalog`]: { engine: "mongodb", size: "10Gi" },
  "tenants.shop.projects.store.components.api.uses": ["orders", "cart", "catalog"],
};

const known = new Map<string, Promise<Graph>>();

/** Each different graph is made once. */
function made(edits: Edits = {}, args: SitesArgs = {}): Promise<Graph> {
  const all = Object.entries({ ...THREE, ...edits }).map(([path, value]) => [path, value ?? "(removed)"]);
  const key = JSON.stringify([all, args]);
  const graph = known.get(key) ?? graphOf(edits, args);
  known.set(key, graph);
  return graph;
}

async function graphOf(edits: Edits, args: SitesArgs): Promise<Graph> {
  const run = await runTenants((scene) => makeData({ ...scene, after: () => [] }), { ...THREE, ...edits }, args);
  return run.graph;
}

const own = ({ resources }: Graph) => resources.filter(({ custom, type }) => custom && type.startsWith("kubernetes:"));
const meta = ({ inputs }: Registered) => object(inputs.metadata);
const inNamespace = (graph: Graph, namespace: string) => own(graph).filter((one) => meta(one).namespace === namespace);
const spec = ({ inputs }: Registered) => object(inputs.spec);
const DATA = "shop-store-production-data";
/** What the mocks give as a password. */
const PASSWORD = /\(result of [^)]*\.users\.[^)]*\)/;

describe("databases of a project", () => {
  let graph: Graph;
  before(async () => {
    graph = await made();
  });

  it("are one object of their operator's on the oldest cluster of each environment", () => {
    const kinds = ["postgresql.cnpg.io/v1:Cluster", "psmdb.percona.com/v1:PerconaServerMongoDB"];
    for (const kind of [...kinds, "redis.redis.opstreelabs.in/v1beta2:RedisReplication"]) {
      const found = graph.ofType(`kubernetes:${kind}`);
      assert.deepEqual(
        found.map((one) => [meta(one).namespace, one.provider]),
        [
          ["shop-store-development-data", "east"],
          [DATA, "east"],
        ],
        kind,
      );
    }
  });

  it("have every child below their cell, which says whose it is, and names that begin with its own", () => {
    for (const one of own(graph).filter(({ type }) => !type.endsWith(":Schedule"))) {
      assert.ok(one.parent !== undefined && one.name.startsWith(one.parent), one.name);
    }
    const cells = graph.ofType("openchoreo:tenants:DatabaseCell").map(({ name }) => name);
    assert.deepEqual(cells, [
      "east.shop-store-development-data.data",
      `east.${DATA}.data`,
      "west.shop-store-development-data.data",
      `west.${DATA}.data`,
    ]);
  });

  it("have a backup on their schedule, whatever their engine is", () => {
    for (const namespace of ["shop-store-development-data", DATA]) {
      const all = inNamespace(graph, namespace);
      const scheduled = all.filter(({ type }) => type.endsWith(":ScheduledBackup")).map((one) => spec(one).schedule);
      assert.deepEqual(scheduled, ["0 0 2 * * *"]);
      const [mongo] = all.filter(({ type }) => type.endsWith(":PerconaServerMongoDB"));
      const [task] = object(spec(mongo ?? assert.fail()).backup).tasks as readonly Json[];
      assert.equal(task?.schedule, "0 2 * * *");
      const jobs = all.filter(({ type }) => type === "kubernetes:batch/v1:CronJob");
      assert.deepEqual(
        jobs.map((one) => [meta(one).name, spec(one).schedule]),
        [["cart-redis-backup", "0 2 * * *"]],
      );
    }
  });

  it("have users whose passwords the program made, and which only Secrets know", () => {
    const users = inNamespace(graph, DATA).filter(({ inputs }) => inputs.type === "kubernetes.io/basic-auth");
    assert.deepEqual(users.map((one) => meta(one).name).sort(), ["cart-user", "catalog-user", "orders-user"]);
    const values = users.map(({ inputs }) => PASSWORD.exec(JSON.stringify(inputs.stringData))?.[0] ?? assert.fail());
    assert.equal(new Set(values).size, 3);
    for (const one of own(graph).filter(({ type }) => type !== "kubernetes:core/v1:Secret"))
      assert.doesNotMatch(JSON.stringify(one.inputs), PASSWORD, one.name);
  });

  it("are kept by every object that they need, until the tenant is purged", async () => {
    const data = (all: Graph) => own(all).filter((one) => String(meta(one).namespace).endsWith("-data"));
    const here = data(graph).filter(({ provider }) => provider === "east");
    assert.ok(here.length > 20);
    for (const { name, retainOnDelete } of here) assert.equal(retainOnDelete, true, name);
    const purged = await made({ "tenants.shop.purge": true });
    for (const { name, retainOnDelete, protect } of data(purged))
      assert.deepEqual([retainOnDelete, protect], [false, false], name);
  });

  it("in production are not removed before somebody says what becomes of them", async () => {
    const protectedOnes = (all: Graph) => own(all).filter(({ protect }) => protect);
    for (const one of inNamespace(graph, DATA).filter(({ provider }) => provider === "east"))
      assert.equal(one.protect, true, one.name);
    for (const one of protectedOnes(graph)) assert.equal(meta(one).namespace, DATA, one.name);
    assert.deepEqual(protectedOnes(await made({ "tenants.shop.purge": false })), []);
  });

  it("are called by the same names from every cluster", () => {
    const services = (cluster: string) =>
      inNamespace(graph, DATA).filter(
        ({ type, provider }) => type === "kubernetes:core/v1:Service" && provider === cluster,
      );
    const names = (cluster: string) => services(cluster).map((one) => String(meta(one).name));
    assert.deepEqual(names("east").sort(), ["cart-primary", "orders-primary"]);
    // MongoDB's members have Services of their operator's where they are.
    assert.deepEqual(names("west").sort(), ["cart-primary", "catalog-rs0-0", "orders-primary"]);
    for (const one of services("west")) assert.equal(spec(one).selector, undefined);
    for (const one of services("east")) assert.equal(object(spec(one).selector) !== undefined, true);
    for (const one of [...services("east"), ...services("west")])
      assert.equal(object(meta(one).labels)["istio.io/global"], "true");
  });
});

describe("connections to databases", () => {
  it("are a Secret for each database in the namespace of those who call it, on each of their clusters", async () => {
    const graph = await made();
    const secrets = own(graph).filter((one) => String(meta(one).name).startsWith("database."));
    const places = secrets.map((one) => `${one.provider} ${meta(one).namespace} ${meta(one).name}`);
    const namespaces = ["shop-store-development", "shop-store-production"];
    const expected = ["east", "west"].flatMap((cluster) =>
      namespaces.flatMap((namespace) =>
        ["cart", "catalog", "orders"].map((name) => `${cluster} ${namespace} database.${name}`),
      ),
    );
    assert.deepEqual(places.sort(), expected.sort());
    for (const { retainOnDelete } of secrets) assert.equal(retainOnDelete, false);
  });

  it("have the password of the database's own user, the same on every cluster", async () => {
    const graph = await made();
    const named = (name: string, namespace: string) =>
      own(graph).filter((one) => meta(one).name === name && meta(one).namespace === namespace);
    const values = ({ inputs }: Registered) => PASSWORD.exec(JSON.stringify(inputs.stringData))?.[0];
    const passwords = named("database.orders", "shop-store-production").map(values);
    assert.equal(passwords.length, 2);
    assert.deepEqual(new Set(passwords), new Set(named("orders-user", DATA).map(values)));
    const development = named("database.orders", "shop-store-development").map(values);
    assert.notEqual(development[0], passwords[0]);
  });
});

describe("a database in production", () => {
  it("has a member in another zone, and one on another cluster that follows it by the store", async () => {
    const graph = await made(PRODUCTION);
    const clusters = graph
      .ofType("kubernetes:postgresql.cnpg.io/v1:Cluster")
      .filter((one) => meta(one).namespace === DATA);
    assert.deepEqual(
      clusters.map((one) => [one.provider, spec(one).instances, object(spec(one).replica).primary]),
      [
        ["east", 3, "east"],
        ["west", 3, "east"],
      ],
    );
    for (const one of clusters) {
      const [constraint] = spec(one).topologySpreadConstraints as readonly Json[];
      assert.deepEqual([constraint?.minDomains, constraint?.whenUnsatisfiable], [2, "DoNotSchedule"]);
      assert.deepEqual(one.ignoreChanges, ["spec.bootstrap"]);
    }
    const [, west] = clusters;
    assert.equal(object(object(spec(west ?? assert.fail()).bootstrap).recovery).source, "east");
    // What follows is not what is written to.
    const services = own(graph).filter((one) => meta(one).name === "orders-primary" && meta(one).namespace === DATA);
    assert.deepEqual(
      services.map((one) => [one.provider, spec(one).selector === undefined]),
      [
        ["east", false],
        ["west", true],
      ],
    );
  });

  it("has no less than two members, and three where they elect one of theirs", async () => {
    const single = Object.fromEntries(
      ["orders", "cart", "catalog"].map((name) => [`${DATABASES}.${name}.class`, "single"]),
    );
    const graph = await made({ ...PRODUCTION, ...single });
    const of = (kind: string, namespace: string) => {
      const [found] = graph.ofType(`kubernetes:${kind}`).filter((one) => meta(one).namespace === namespace);
      return spec(found ?? assert.fail(kind));
    };
    const sizes = (namespace: string) => [
      of("postgresql.cnpg.io/v1:Cluster", namespace).instances,
      of("redis.redis.opstreelabs.in/v1beta2:RedisReplication", namespace).clusterSize,
      (of("psmdb.percona.com/v1:PerconaServerMongoDB", namespace).replsets as readonly Json[])[0]?.size,
    ];
    assert.deepEqual(sizes(DATA), [2, 2, 3]);
    assert.deepEqual(sizes("shop-store-development-data"), [1, 1, 1]);
  });

  it("has its account in a Secret, and that of the store that it follows", async () => {
    const graph = await made(PRODUCTION);
    const names = (cluster: string) =>
      inNamespace(graph, DATA)
        .filter(({ type, provider }) => type === "kubernetes:core/v1:Secret" && provider === cluster)
        .map((one) => String(meta(one).name))
        .filter((name) => name.startsWith("object-store"));
    assert.deepEqual(
      [names("east"), names("west")],
      [
        ["object-store", "object-store-west"],
        ["object-store", "object-store-east"],
      ],
    );
  });

  it("has an identity in the cloud that reads and writes its own folders, and no other", async () => {
    const graph = await made(PRODUCTION, { cloud: true });
    const roles = graph.ofType("test:index:Role").filter(({ inputs }) => inputs.namespace === DATA);
    const resources = ({ inputs }: Registered) =>
      (JSON.parse(String(inputs.statements)) as readonly Json[]).map((one) =>
        [one.actions, one.resources].flat().join(" "),
      );
    assert.deepEqual(
      roles.map((one) => [one.inputs.serviceAccount, ...resources(one)]),
      [
        ["cart", `s3:write east-backups/databases/${DATA}/*`],
        ["catalog", `s3:write east-backups/databases/${DATA}/*`],
        ["orders", `s3:write east-backups/databases/${DATA}/*`, `s3:read west-backups/databases/${DATA}/*`],
        ["orders", `s3:write west-backups/databases/${DATA}/*`, `s3:read east-backups/databases/${DATA}/*`],
      ],
    );
    assert.deepEqual(
      own(graph).filter((one) => String(meta(one).name).startsWith("object-store")),
      [],
    );
  });
});

describe("a renaming", () => {
  const orders = { engine: "postgresql", size: "5Gi", backup: {} };
  const renamed: readonly (readonly [what: string, edits: Edits])[] = [
    [
      "of a database",
      {
        [`${DATABASES}.orders`]: undefined,
        [`${DATABASES}.purchases`]: { ...orders, renamedFrom: "orders" },
        "tenants.shop.projects.store.components.api.uses": ["purchases", "cart", "catalog"],
      },
    ],
    ["of a project", { "tenants.shop.projects.store.renamedFrom": "old" }],
    ["of a tenant", { "tenants.shop.renamedFrom": "old" }],
  ];
  for (const [what, edits] of renamed) {
    it(`${what} keeps its data: every object of it has the name and the options that it had`, async () => {
      const before =
        what === "of a project"
          ? await made({
              "tenants.shop.projects.old": store(),
              "tenants.shop.projects.store": undefined,
              ...none,
            })
          : await made(what === "of a tenant" ? { "tenants.old": shop(), "tenants.shop": undefined, ...none } : {});
      const after = await made(edits);
      const data = (graph: Graph) =>
        graph.resources
          .filter(({ custom, type }) => custom && !type.endsWith(":Schedule"))
          .filter(({ name }) => /-data(\.|$)/.test(name))
          .map(
            (one) =>
              `${one.provider} ${one.type} ${one.name} ${one.type.startsWith("kubernetes:") ? meta(one).name : ""}`,
          );
      assert.ok(data(before).length > 20);
      assert.deepEqual(data(after), data(before));
    });
  }

  /** The edits that all have are of a tenant and a project that are gone. */
  const tenants = { ...DATABASE, ...THREE };
  const none = Object.fromEntries(
    Object.keys(tenants)
      .filter((path) => path.startsWith("tenants."))
      .map((path) => [path, undefined]),
  );
  const shop = (): Json => object(edit(good(), tenants).tenants.shop);
  const store = (): Json => object(object(shop().projects).store);
});

describeWithCharts("objects of a cell are as their kinds have them", () => {
  it("certificates, issuers, monitors and schedules", async () => {
    const graph = await made(PRODUCTION, { copies: true });
    const kinds = {
      "cert-manager.io/v1:Certificate": "certificates.cert-manager.io",
      "cert-manager.io/v1:Issuer": "issuers.cert-manager.io",
      "monitoring.coreos.com/v1:PodMonitor": "podmonitors.monitoring.coreos.com",
      "velero.io/v1:Schedule": "schedules.velero.io",
    };
    for (const [type, name] of Object.entries(kinds)) {
      const found = graph.ofType(`kubernetes:${type}`);
      assert.ok(found.length > 0, type);
      const known = definition(name) ?? assert.fail(name);
      for (const one of found) assert.deepEqual(definitionProblems(known, one.inputs), [], one.name);
    }
  });
});

describe("backups of a project", () => {
  const schedules = async (edits: Edits = {}, args: SitesArgs = {}) =>
    (await made(edits, args)).ofType("kubernetes:velero.io/v1:Schedule").map((one) => ({
      place: `${one.provider} ${meta(one).namespace}/${meta(one).name}`,
      namespaces: object(spec(one).template).includedNamespaces,
    }));

  it("are those of production where it names no tier", async () => {
    assert.deepEqual(await schedules(), [
      { place: "east velero/east-shop-store-silver", namespaces: ["shop-store-production"] },
      { place: "west velero/west-shop-store-silver", namespaces: ["shop-store-production"] },
    ]);
  });

  it("are those of every environment where it does, gold ones in two places", async () => {
    const all = await schedules({ "tenants.shop.projects.store.backup": "gold" }, { copies: true });
    assert.deepEqual(
      all.map(({ place }) => place),
      ["east", "west"].flatMap((cluster) =>
        ["", "-copy"].map((copy) => `${cluster} velero/${cluster}-shop-store-gold${copy}`),
      ),
    );
    for (const { namespaces } of all) assert.deepEqual(namespaces, ["shop-store-development", "shop-store-production"]);
  });

  it("are none where it wants none, or where nothing makes them", async () => {
    assert.deepEqual(await schedules({ "tenants.shop.projects.store.backup": "none" }), []);
    assert.deepEqual(await schedules({}, { without: ["velero"] }), []);
  });
});
