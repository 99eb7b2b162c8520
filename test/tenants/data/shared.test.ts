import assert from "node:assert/strict";
import { databaseVariables } from "../../../components/tenants/configuration";
import { makeData } from "../../../components/tenants/data/make";
import { definition, describeWithCharts } from "../../support/charts";
import { definitionProblems } from "../../support/crd";
import type { Graph, Registered } from "../../support/graph";
import type { Edits, Json } from "../../support/settings";
import { object } from "../../support/stack";
import { runTenants, type SitesArgs } from "../sites";

const ORDERS = "tenants.shop.projects.store.databases.orders";
/** Where the other tenant's job is, and the database that it uses. */
const BACK = "news-back-development";
const DATA = "shop-store-development-data";

/** Another tenant, one of whose jobs uses the shop's orders on one cluster. */
const NEWS: Edits = {
  [`${ORDERS}.sharedWith`]: ["news"],
  "tenants.news": {
    owners: ["news"],
    projects: {
      back: {
        components: {
          job: { type: "worker", image: "example/job", uses: ["shop/store/orders"], clusters: ["west"] },
          idle: { type: "worker", image: "example/idle" },
        },
      },
    },
  },
};

/** What a stack makes that has these tenants only, though it knows all of them, as a shard does. */
async function madeBy(tenants: readonly string[], edits: Edits = {}, args: SitesArgs = {}): Promise<Graph> {
  const mine = (name: string) => tenants.includes(name);
  const run = await runTenants(
    ({ planned, cells, ...scene }) =>
      makeData({
        ...scene,
        planned: planned.filter(({ name }) => mine(name)),
        cells: cells.filter(({ tenant }) => mine(tenant)),
        after: () => [],
      }),
    { ...NEWS, ...edits },
    args,
  );
  return run.graph;
}

const PASSWORD = /\(result of [^)]*\.users\.[^)]*\)/;
const meta = ({ inputs }: Registered) => object(inputs.metadata);
const own = ({ resources }: Graph) => resources.filter(({ custom, type }) => custom && type.startsWith("kubernetes:"));
const inNamespace = (graph: Graph, namespace: string) => own(graph).filter((one) => meta(one).namespace === namespace);
const shown = (one: Registered) => `${one.provider} ${one.type.split(":").at(-1)} ${meta(one).name}`;
const kindIn = (graph: Graph, kind: string) => inNamespace(graph, BACK).find(({ type }) => type.endsWith(`:${kind}`));
const named = (graph: Graph, name: string) => inNamespace(graph, DATA).filter((one) => meta(one).name === name);

describe("a database that another tenant uses", () => {
  let owner: Graph;
  let user: Graph;
  before(async () => {
    owner = await madeBy(["shop"]);
    user = await madeBy(["news"]);
  });

  it("is told in its own namespace, wherever it is or is called from, and may be read by its callers there", () => {
    assert.deepEqual(named(owner, "connection.orders").map(shown).sort(), [
      "east Role connection.orders",
      "east Secret connection.orders",
      "west Role connection.orders",
      "west RoleBinding connection.orders",
      "west Secret connection.orders",
    ]);
    const [binding] = named(owner, "connection.orders").filter(({ type }) => type.endsWith(":RoleBinding"));
    assert.deepEqual(binding?.inputs.subjects, [{ kind: "ServiceAccount", name: "database.reader", namespace: BACK }]);
    assert.equal(object(binding?.inputs.roleRef).name, "connection.orders");
    for (const { inputs } of named(owner, "connection.orders").filter(({ type }) => type.endsWith(":Role")))
      assert.deepEqual(inputs.rules, [
        { apiGroups: [""], resources: ["secrets"], resourceNames: ["connection.orders"], verbs: ["get"] },
      ]);
  });

  it("is told by the same values as its own tenant's components are", () => {
    const told = named(owner, "connection.orders").filter(({ type }) => type.endsWith(":Secret"));
    const near = inNamespace(owner, "shop-store-development").filter((one) => meta(one).name === "database.orders");
    assert.deepEqual([told.length, near.length], [2, 2]);
    for (const { inputs } of told) assert.deepEqual(inputs.stringData, near[0]?.inputs.stringData);
  });

  it("is fetched to each namespace that calls it, by an account that no pod gets a token of", () => {
    assert.deepEqual(inNamespace(user, BACK).map(shown).sort(), [
      "west ExternalSecret database.shop.store.orders",
      `west SecretStore databases.${DATA}`,
      "west ServiceAccount database.reader",
    ]);
    const [account, store, secret] = ["ServiceAccount", "SecretStore", "ExternalSecret"].map((kind) =>
      kindIn(user, kind),
    );
    assert.equal(account?.inputs.automountServiceAccountToken, false);
    assert.deepEqual(object(object(store?.inputs.spec).provider).kubernetes, {
      remoteNamespace: DATA,
      server: { caProvider: { type: "ConfigMap", name: "kube-root-ca.crt", key: "ca.crt" } },
      auth: { serviceAccount: { name: "database.reader" } },
    });
    assert.deepEqual(secret?.inputs.spec, {
      refreshInterval: "1m",
      secretStoreRef: { kind: "SecretStore", name: `databases.${DATA}` },
      target: { name: "database.shop.store.orders", creationPolicy: "Owner" },
      dataFrom: [{ extract: { key: "connection.orders" } }],
    });
  });

  it("has no password and no key in the user's stack", () => {
    assert.deepEqual(user.ofType("random:index/randomPassword:RandomPassword"), []);
    for (const one of user.resources) assert.doesNotMatch(JSON.stringify(one.inputs), PASSWORD, one.name);
  });

  it("is the same whether one stack makes both tenants or each is in its own, so that moving changes nothing", async () => {
    const lines = (graph: Graph) =>
      graph.resources
        .filter(({ type }) => !type.startsWith("pulumi:"))
        .map(({ type, name, provider, parent, inputs }) => JSON.stringify([type, name, provider, parent, inputs]));
    const together = await madeBy(["shop", "news"]);
    assert.deepEqual([...lines(owner), ...lines(user)].sort(), lines(together).sort());
  });

  it("is told to nobody where nobody else may use it", async () => {
    const graph = await madeBy(["shop"], { "tenants.news": undefined, [`${ORDERS}.sharedWith`]: undefined });
    assert.deepEqual(
      own(graph).filter((one) => String(meta(one).name).startsWith("connection.")),
      [],
    );
  });

  it("is told, though nobody uses it yet, where somebody of another stack may", async () => {
    const graph = await madeBy(["shop"], { "tenants.news": undefined });
    assert.deepEqual(named(graph, "connection.orders").map(shown).sort(), [
      "east Role connection.orders",
      "east Secret connection.orders",
      "west Role connection.orders",
      "west Secret connection.orders",
    ]);
  });

  it("is not fetched where nothing fetches", async () => {
    const graph = await madeBy(["news"], {}, { without: ["external-secrets"] });
    assert.deepEqual(inNamespace(graph, BACK), []);
  });
});

describe("a database that was renamed", () => {
  const RENAMED: Edits = {
    [ORDERS]: undefined,
    "tenants.shop.projects.store.databases.purchases": {
      ...{ engine: "postgresql", size: "5Gi", renamedFrom: "orders", sharedWith: ["news"] },
    },
    "tenants.shop.projects.store.components.api.uses": ["purchases"],
    "tenants.news.projects.back.components.job.uses": ["shop/store/purchases"],
  };

  it("is known by its new name to those who use it, and keeps the old one itself", async () => {
    const graph = await madeBy(["shop", "news"], RENAMED);
    const secret = kindIn(graph, "ExternalSecret");
    assert.equal(meta(secret ?? assert.fail()).name, "database.shop.store.purchases");
    assert.deepEqual(object(secret?.inputs.spec).dataFrom, [{ extract: { key: "connection.orders" } }]);
  });

  it("gives components variables of its new name, from the Secret of that name", async () => {
    const found: string[] = [];
    const edits = { ...NEWS, ...RENAMED };
    await runTenants(({ planned, edges }) => {
      const components = planned.flatMap(({ projects }) => projects.flatMap((project) => project.components));
      for (const component of components.filter(({ environment }) => environment === "development")) {
        const variables = databaseVariables(component, edges.of(component)).filter(({ key }) => key === "uri");
        found.push(...variables.map(({ name, secret }) => `${component.name} ${name} ${secret}`));
      }
    }, edits);
    assert.deepEqual(found, [
      "api PURCHASES_URI database.purchases",
      "job SHOP_STORE_PURCHASES_URI database.shop.store.purchases",
    ]);
  });
});

describeWithCharts("what is fetched is as its kinds have it", () => {
  it("the store and the Secret", async () => {
    const graph = await madeBy(["news"]);
    for (const [kind, name] of [
      ["SecretStore", "secretstores.external-secrets.io"],
      ["ExternalSecret", "externalsecrets.external-secrets.io"],
    ] as const) {
      const found = graph.ofType(`kubernetes:external-secrets.io/v1:${kind}`);
      assert.equal(found.length, 1);
      const known = definition(name) ?? assert.fail(name);
      for (const one of found) assert.deepEqual(definitionProblems(known, one.inputs as Json), [], one.name);
    }
  });
});
