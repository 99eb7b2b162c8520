import assert from "node:assert/strict";
import { planFleet } from "../../components/fleet";
import { type End, planEdges, planTenants } from "../../components/tenants";
import { DATABASE, type Edits, settingsAfter } from "../support/settings";

const STORE = "tenants.shop.projects.store";
const API = `${STORE}.components.api`;
const ONE = { "tenants.shop.environments": { production: {} } };

function edgesAfter(edits: Edits = {}) {
  const settings = settingsAfter({ ...DATABASE, ...ONE, ...edits });
  const { clusters, profile } = planFleet(settings, "test");
  return planEdges(planTenants({ tenants: settings.tenants, clusters, profile, openchoreo: true }));
}

function shown(end: End): string {
  if (end.kind === "platform") return end.name;
  if (end.kind === "outside") return end.host ?? end.range ?? "";
  return `${end.tenant}/${end.project}/${end.name}@${end.environment}`;
}

const lines = (edits: Edits = {}) =>
  edgesAfter(edits).all.map(
    ({ from, to, ports }) => `${shown(from)} → ${shown(to)} ${ports.map(({ port }) => port).join(",")}`,
  );

describe("edges", () => {
  it("are those of connections, and the platform's", () => {
    const at = (name: string) => `shop/store/${name}@production`;
    assert.deepEqual(
      lines().sort(),
      [
        `${at("api")} → ${at("orders")} 5432`,
        `${at("api")} → collector 4317,4318`,
        `${at("api")} → dns 53,53`,
        `${at("nightly")} → collector 4317,4318`,
        `${at("nightly")} → dns 53,53`,
        `${at("orders")} → ${at("orders")} 5432,8000`,
        `${at("orders")} → api-server 443,6443`,
        `${at("orders")} → dns 53,53`,
        `${at("orders")} → object-store `,
        `${at("web")} → ${at("api")} 8080`,
        `${at("web")} → collector 4317,4318`,
        `${at("web")} → dns 53,53`,
        `gateway → ${at("web")} 3000`,
        `postgresql-operator → ${at("orders")} 8000`,
        `prometheus → ${at("orders")} 9187`,
      ].sort(),
    );
  });

  it("lead out only where a component says so", () => {
    const out = lines({ [`${API}.egress`]: [{ host: "bank.test" }, { range: "192.0.2.0/24", ports: [25] }] });
    assert.ok(out.includes("shop/store/api@production → bank.test 443"));
    assert.ok(out.includes("shop/store/api@production → 192.0.2.0/24 25"));
  });

  const bank = {
    owners: ["bank"],
    environments: { test: {}, live: { production: true, promotesFrom: "test" } },
    projects: { core: { components: { ledger: { image: "i", port: 9000, sharedWith: ["*"] } } } },
  };
  const cases: readonly (readonly [title: string, environments: object, expected: readonly string[]])[] = [
    ["the same name", { live: { production: true } }, ["live → live"]],
    ["the same kind", { production: {}, development: {} }, ["production → live", "development → test"]],
  ];
  for (const [title, environments, expected] of cases) {
    it(`lead to another tenant's environment of ${title}`, () => {
      const { all } = edgesAfter({
        "tenants.bank": bank,
        "tenants.shop.environments": environments,
        [`${API}.uses`]: ["bank/core/ledger"],
      });
      const found = all.flatMap(({ from, to }) =>
        to.kind === "component" && to.name === "ledger" && from.kind === "component"
          ? [`${from.environment} → ${to.environment}`]
          : [],
      );
      assert.deepEqual(found.sort(), [...expected].sort());
    });
  }

  it("leave connections of other stacks to whoever reads those", () => {
    const uses = ["stack://acme/openchoreo/other/bank/core/ledger"];
    assert.ok(!lines({ [`${API}.uses`]: uses }).some((line) => line.includes("ledger")));
  });

  it("are found from both ends", () => {
    const edges = edgesAfter();
    for (const edge of edges.all) {
      if (edge.from.kind === "component") assert.ok(edges.of(edge.from).out.includes(edge));
      if (edge.to.kind === "component") assert.ok(edges.of(edge.to).in.includes(edge));
    }
  });
});
