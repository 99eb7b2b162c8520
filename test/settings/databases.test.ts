import { accepts, DATABASE, PRODUCTION, refuses } from "../support/settings";

const STORE = "tenants.shop.projects.store";
const ORDERS = `${STORE}.databases.orders`;
const TWO = { [`${ORDERS}.cluster`]: "east", [`${ORDERS}.replica`]: "west" };

describe("settings: a database on two clusters", () => {
  accepts([["whose backups both reach", { ...PRODUCTION, ...TWO }]], DATABASE);
  refuses(
    [
      [
        "whose backups are on the clusters themselves",
        TWO,
        `${ORDERS}.replica: no other cluster reaches the backups of east and west, which are on the cluster itself; set platform.objectStore`,
      ],
      [
        "of an engine that has no copies there",
        { ...PRODUCTION, ...TWO, [`${ORDERS}.engine`]: "redis" },
        `${ORDERS}.replica: redis has no copy on another cluster; remove this key (docs/tenancy.md says how it is restored there)`,
      ],
    ],
    DATABASE,
  );
});

describe("settings: something that was renamed", () => {
  const database = { engine: "postgresql", size: "5Gi" };
  accepts(
    [
      ["a tenant", { "tenants.shop.renamedFrom": "store" }],
      ["a project", { [`${STORE}.renamedFrom`]: "old" }],
      ["a database", { [`${ORDERS}.renamedFrom`]: "purchases" }],
    ],
    DATABASE,
  );
  refuses(
    [
      [
        "from a name that the namespace needs itself",
        { [`${ORDERS}.renamedFrom`]: "default-deny" },
        `${ORDERS}.renamedFrom: a name that is kept for the namespace's own; choose another`,
      ],
      [
        "to what another database has",
        { [`${STORE}.databases.purchases`]: { ...database, renamedFrom: "orders" } },
        `${STORE}.databases.purchases.renamedFrom: the data of "orders" is that of database "orders" already`,
      ],
      [
        "from what another tenant has",
        {
          "tenants.old": { owners: ["a"], environments: { development: {} }, projects: { store: {} } },
          "tenants.shop.renamedFrom": "old",
        },
        'tenants.old.projects.store: its namespace "old-store-development-data" is that of tenants.shop.projects.store in development; rename one of them',
      ],
    ],
    DATABASE,
  );
});

describe("settings: the quota of databases", () => {
  refuses(
    [
      [
        "that is less storage than the members that production makes",
        { ...PRODUCTION, "tenants.shop.quota.storage": "14Gi" },
        'tenants.shop.quota.storage: 14Gi is less than the databases of project "store" ask for (15.0Gi); raise it or ask for less',
      ],
      [
        "that is less memory than their members ask for",
        {
          "tenants.shop.quota.memory": "1Gi",
          [`${ORDERS}.class`]: "highly-available",
          [`${ORDERS}.resources.memory`]: "1Gi",
        },
        'tenants.shop.quota.memory: 1Gi is less than the databases of project "store" ask for (3.0Gi); raise it or ask for less',
      ],
    ],
    DATABASE,
  );
});
