import assert from "node:assert/strict";
import { SettingsError, type TenantsSettings, tenantsSchema } from "../../components/settings";
import type { SharedWorkload, SharingOutput } from "../../components/stacks";
import { planTenants } from "../../components/tenants";
import { foreignUses, type OtherStacks, resolveUses } from "../../components/tenants/references";
import { sharingOutput } from "../../components/tenants/sharing";
import { lines } from "../support/settings";

const PLATFORM = "acme/openchoreo/platform";
const OWN = "acme/openchoreo/own";
const OTHER = "acme/openchoreo/other";
const THIRD = "acme/openchoreo/third";
const CLUSTERS = [
  { name: "east", planes: ["data"] as const, mesh: { id: 2 } },
  { name: "west", planes: ["data"] as const, mesh: { id: 3 } },
];

function planned(tenants: object) {
  const parsed: TenantsSettings = tenantsSchema.parse(tenants);
  return planTenants({ tenants: parsed, clusters: CLUSTERS, profile: "development", openchoreo: true });
}

/** A shop with one component that uses `uses`, in two environments. */
const shop = (uses: readonly string[], clusters?: readonly string[]) =>
  planned({
    shop: {
      owners: ["shop"],
      environments: { development: {}, production: { promotesFrom: "development" } },
      projects: { store: { components: { web: { image: "shop/web", port: 80, uses, clusters } } } },
    },
  });

const api = (more: Partial<SharedWorkload> = {}): SharedWorkload => ({
  kind: "component",
  tenant: "identity",
  project: "core",
  name: "api",
  environment: "production",
  production: true,
  namespace: "identity-core-production",
  clusters: ["east", "west"],
  port: 8080,
  sharedWith: ["shop"],
  ...more,
});

const sharing = (more: Partial<SharingOutput> = {}): SharingOutput => ({
  contract: 1,
  platformStack: PLATFORM,
  workloads: [api(), api({ environment: "development", production: false, namespace: "identity-core-development" })],
  references: [],
  ...more,
});

function others(entries: Readonly<Record<string, SharingOutput>>): OtherStacks {
  return { holderOf: ({ stack }) => stack, sharing: new Map(Object.entries(entries)) };
}

const USE = `stack://${OTHER}/identity/core/api`;
const resolve = (
  uses: readonly string[],
  other: Readonly<Record<string, SharingOutput>>,
  clusters?: readonly string[],
) => resolveUses(foreignUses(shop(uses, clusters)), others(other), { stack: OWN, platformStack: PLATFORM });

describe("connections to another stack", () => {
  it("lead to the environment that goes with the caller's", () => {
    const found = resolve([USE], { [OTHER]: sharing() });
    assert.deepEqual(
      found.map(({ from, workload, way }) => [from.environment, workload.namespace, way]),
      [
        ["development", "identity-core-development", "service"],
        ["production", "identity-core-production", "service"],
      ],
    );
  });

  it("lead to what somebody else's platform exposes by its gateway", () => {
    const far = sharing({ platformStack: THIRD, workloads: [api({ host: "id.example.com" })] });
    assert.deepEqual(
      resolve([USE], { [OTHER]: far }).map(({ way, workload }) => [way, workload.host]),
      [
        ["gateway", "id.example.com"],
        ["gateway", "id.example.com"],
      ],
    );
  });

  const path = "tenants.shop.projects.store.components.web.uses[0]";
  const cases: readonly (readonly [
    title: string,
    other: Readonly<Record<string, SharingOutput>>,
    problem: string,
    clusters?: string[],
  ])[] = [
    [
      "the other stack lacks",
      { [OTHER]: sharing({ workloads: [api({ name: "tokens" })] }) },
      `stack ${OTHER} shares no "identity/core/api"; with "shop" it shares identity/core/tokens`,
    ],
    [
      "the other stack shares with nobody",
      { [OTHER]: sharing({ workloads: [] }) },
      `stack ${OTHER} shares no "identity/core/api"; with "shop" it shares nothing`,
    ],
    [
      "is shared with somebody else",
      { [OTHER]: sharing({ workloads: [api({ sharedWith: ["news"] })] }) },
      `"identity/core/api" of stack ${OTHER} is not shared with "shop"; its owner names the tenant in sharedWith`,
    ],
    [
      "is on fewer clusters",
      { [OTHER]: sharing({ workloads: [api({ clusters: ["east"] })] }) },
      `"identity/core/api" of stack ${OTHER} is on east, and the component also on west; place it where that is`,
    ],
    [
      "is on another platform and not exposed",
      { [OTHER]: sharing({ platformStack: THIRD }) },
      `"identity/core/api" of stack ${OTHER} is on the clusters of ${THIRD}, which this stack's are not joined with, and it is not exposed; its owner gives it a host (expose)`,
    ],
    [
      "goes round in a circle of two",
      { [OTHER]: sharing({ references: [OWN] }) },
      `stacks would refer to each other: ${OWN} → ${OTHER} → ${OWN}; neither could be brought up first`,
    ],
    [
      "goes round in a circle of three",
      { [OTHER]: sharing({ references: [THIRD] }), [THIRD]: sharing({ references: [OWN] }) },
      `stacks would refer to each other: ${OWN} → ${OTHER} → ${THIRD} → ${OWN}; neither could be brought up first`,
    ],
  ];
  for (const [title, other, problem, clusters] of cases) {
    it(`are refused where what they name ${title}`, () => {
      assert.throws(
        () => resolve([USE], other, clusters),
        (error: unknown) => {
          assert.ok(error instanceof SettingsError);
          assert.deepEqual(lines(error.problems), [`${path}: ${problem}`]);
          return true;
        },
      );
    });
  }

  it("are refused where they lead to the own stack", () => {
    assert.throws(() => resolve([`stack://${OWN}/identity/core/api`], {}), {
      message: new RegExp(`${path.replaceAll(/[.[\]]/g, "\\$&")}: leads to this stack itself; leave stack://… out`),
    });
  });

  it("follow a circle of others, which is theirs to break, to its end", () => {
    const circle = { [OTHER]: sharing({ references: [THIRD] }), [THIRD]: sharing({ references: [OTHER] }) };
    assert.equal(resolve([USE], circle).length, 2);
  });

  it("are none of those within the stack", () => assert.deepEqual(foreignUses(shop(["store/api", "api"])), []));
});

describe("what a stack shares", () => {
  const tenants = planned({
    identity: {
      owners: ["identity"],
      projects: {
        core: {
          components: {
            api: { image: "id/api", port: 8080, expose: { host: "id.example.com" }, sharedWith: ["shop"] },
            private: { image: "id/private", port: 8080 },
          },
          databases: { users: { engine: "postgresql", size: "5Gi", sharedWith: ["*"] } },
        },
      },
    },
  });

  it("is what somebody may use, with all that a caller needs", () => {
    const { workloads } = sharingOutput({
      platformStack: PLATFORM,
      tenants,
      references: [THIRD, THIRD],
      waypoints: new Set(),
    });
    assert.deepEqual(
      workloads.map(({ name, kind, port, namespace, sharedWith }) => [name, kind, port, namespace, sharedWith]),
      [
        ["api", "component", 8080, "identity-core-development", ["shop"]],
        ["users", "database", 5432, "identity-core-development-data", ["*"]],
      ],
    );
    assert.equal(workloads[0]?.host, tenants[0]?.projects[0]?.components[0]?.host);
    assert.equal(workloads[1]?.engine, "postgresql");
  });

  it("says where tenants are that are stacks of their own, and that of the platform alone", () => {
    const args = { platformStack: PLATFORM, tenants: [], references: [], waypoints: new Set<string>() };
    assert.deepEqual(sharingOutput({ ...args, shard: { count: 4, pins: { shop: 1 } } }).shards, {
      count: 4,
      pins: { shop: 1 },
    });
    assert.equal(sharingOutput({ ...args, shard: { count: 4, index: 1, pins: {} } }).shards, undefined);
  });
});
