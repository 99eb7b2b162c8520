import assert from "node:assert/strict";
import { planFleet } from "../../components/fleet";
import { planCells, planEdges, planTenants } from "../../components/tenants";
import { DATABASE, type Edits, PRODUCTION, STORE as STORE_OF_ALL, settingsAfter } from "../support/settings";

const STORE = "tenants.shop.projects.store";
const API = `${STORE}.components.api`;
const ORDERS = `${STORE}.databases.orders`;

function planned(edits: Edits = {}) {
  const settings = settingsAfter({ ...DATABASE, ...edits });
  const { clusters, profile } = planFleet(settings, "test");
  const tenants = planTenants({ tenants: settings.tenants, clusters, profile, openchoreo: true });
  const edges = planEdges(tenants);
  const [project] = tenants[0]?.projects ?? [];
  assert.ok(project);
  return { tenants, project, edges, cells: planCells(tenants, edges) };
}

const places = (all: readonly { environment: string; name: string; clusters: readonly string[] }[], name: string) =>
  Object.fromEntries(
    all.filter((one) => one.name === name).map(({ environment, clusters }) => [environment, clusters]),
  );

describe("the plan of tenants", () => {
  it("has every component in every environment, in the order of promotion", () => {
    const { project, tenants } = planned();
    assert.deepEqual(
      project.components.map(({ environment, name }) => `${environment}/${name}`),
      [
        "development/web",
        "development/api",
        "development/nightly",
        "production/web",
        "production/api",
        "production/nightly",
      ],
    );
    assert.deepEqual(tenants[0]?.environments, [
      { name: "development", production: false, promotesFrom: undefined, clusters: ["east", "west"] },
      { name: "production", production: true, promotesFrom: "development", clusters: ["east", "west"] },
    ]);
  });

  it("names namespaces alike on every cluster, and databases' apart", () => {
    const { project } = planned();
    assert.deepEqual(
      new Set(project.components.map(({ namespace }) => namespace)),
      new Set(["shop-store-development", "shop-store-production"]),
    );
    assert.deepEqual(
      project.databases.map(({ namespace }) => namespace),
      ["shop-store-development-data", "shop-store-production-data"],
    );
  });

  it("places components where they and their environment are", () => {
    const edits = { "tenants.shop.environments.development.clusters": ["west"], [`${API}.clusters`]: ["east", "west"] };
    const { project } = planned(edits);
    assert.deepEqual(places(project.components, "api"), { development: ["west"], production: ["east", "west"] });
    assert.deepEqual(places(project.components, "web"), { development: ["west"], production: ["east", "west"] });
  });

  it("places a database on the cluster of the lowest mesh id, so that a new cluster does not move it", () => {
    assert.deepEqual(places(planned().project.databases, "orders").production, ["east"]);
    const later = { "platform.clusters.east.wave": 2 };
    assert.deepEqual(places(planned(later).project.databases, "orders").production, ["east"]);
    const other = {
      "platform.clusters.east.network.meshId": 9,
      "platform.clusters.east.network.meshAddress": "172.18.255.9",
    };
    assert.deepEqual(places(planned(other).project.databases, "orders").production, ["west"]);
  });

  it("places a database and its replica where they are told", () => {
    const { project } = planned({
      "platform.objectStore": STORE_OF_ALL,
      [`${ORDERS}.cluster`]: "west",
      [`${ORDERS}.replica`]: "east",
    });
    assert.deepEqual(places(project.databases, "orders"), {
      development: ["west", "east"],
      production: ["west", "east"],
    });
  });

  it("gives a database of production a copy on the next cluster, where both reach the backups", () => {
    const copies = (edits: Edits) => places(planned(edits).project.databases, "orders");
    assert.deepEqual(copies(PRODUCTION), { development: ["east"], production: ["east", "west"] });
    assert.deepEqual(copies({ ...PRODUCTION, [`${ORDERS}.engine`]: "redis" }).production, ["east"]);
    assert.deepEqual(copies({ "platform.objectStore": STORE_OF_ALL }).production, ["east"]);
    const alone = { "tenants.shop.environments.production.clusters": ["west"] };
    assert.deepEqual(copies({ ...PRODUCTION, ...alone }).production, ["west"]);
  });

  it("keeps the plain host name for production", () => {
    const hosts = planned().project.components.flatMap(({ host }) => host ?? []);
    assert.deepEqual(hosts, ["shop-development.choreo.test", "shop.choreo.test"]);
  });
});

describe("cells", () => {
  const spots = (edits: Edits = {}) =>
    planned(edits).cells.map(({ cluster, namespace, components, databases, elsewhere }) => [
      `${cluster}/${namespace}`,
      [...components, ...databases].map(({ name }) => name),
      elsewhere.map(({ name }) => name),
    ]);

  it("are the namespaces of each cluster, also for what is only called from there", () => {
    const edits = { "tenants.shop.environments": { production: {} } };
    assert.deepEqual(spots(edits), [
      ["east/shop-store-production", ["web", "api", "nightly"], []],
      ["west/shop-store-production", ["web", "api", "nightly"], []],
      ["east/shop-store-production-data", ["orders"], []],
      ["west/shop-store-production-data", [], ["orders"]],
    ]);
  });

  it("are none where nothing is, and nobody calls", () => {
    const edits = {
      "tenants.shop.environments": { production: {} },
      [`${STORE}.components.web.clusters`]: ["east"],
      [`${STORE}.components.nightly.clusters`]: ["east"],
      [`${API}.clusters`]: ["east"],
    };
    assert.deepEqual(
      spots(edits).map(([spot]) => spot),
      ["east/shop-store-production", "east/shop-store-production-data"],
    );
  });
});
