import { accepts, DATABASE, type Edits, PRODUCTION, refuses, switchOn } from "../support/settings";

const STORE = "tenants.shop.projects.store";
const DATABASES = `${STORE}.databases`;
const WEB = `${STORE}.components.web`;
const EXPOSE = `${WEB}.expose`;
const CLUSTERS = "platform.clusters";

const off = (...keys: readonly string[]): Edits =>
  Object.fromEntries(keys.map((key) => [`platform.${key}`, { enabled: false }]));

describe("settings: a database, and what runs it", () => {
  accepts(
    [
      ["on both of its clusters", {}],
      ["of an engine whose operator is there, while another one's is not", off("mongodb", "redis")],
      [
        "that there is none of, without an operator",
        { ...off("postgresql"), [DATABASES]: {}, [`${STORE}.components.api.uses`]: [] },
      ],
      ["whose operator is switched on with settings of its own", { "platform.postgresql": { enabled: true } }],
    ],
    DATABASE,
  );
  refuses(
    [
      [
        "without its operator",
        off("postgresql"),
        `${DATABASES}.orders.engine: postgresql needs cloudnative-pg and plugin-barman-cloud, missing on east; switch on platform.postgresql`,
      ],
      [
        "without its operator on the cluster that it names",
        { ...off("postgresql"), [`${DATABASES}.orders.cluster`]: "west" },
        `${DATABASES}.orders.engine: postgresql needs cloudnative-pg and plugin-barman-cloud, missing on west; switch on platform.postgresql`,
      ],
      [
        "without its operator where its copy is, too",
        { ...PRODUCTION, ...off("postgresql") },
        `${DATABASES}.orders.engine: postgresql needs cloudnative-pg and plugin-barman-cloud, missing on east and west; switch on platform.postgresql`,
      ],
      [
        "of an environment on another cluster",
        { ...off("postgresql"), "tenants.shop.environments.development.clusters": ["west"] },
        `${DATABASES}.orders.engine: postgresql needs cloudnative-pg and plugin-barman-cloud, missing on west and east; switch on platform.postgresql`,
      ],
      [
        "of every engine that nothing runs, each once",
        {
          ...off("mongodb", "redis"),
          [`${DATABASES}.cart`]: { engine: "redis", size: "1Gi" },
          [`${DATABASES}.catalog`]: { engine: "mongodb", size: "1Gi" },
        },
        `${DATABASES}.cart.engine: redis needs redis-operator, missing on east; switch on platform.redis`,
        `${DATABASES}.catalog.engine: mongodb needs psmdb-operator, missing on east; switch on platform.mongodb`,
      ],
      [
        "of an engine that there is not, which is all that is said",
        { ...off("postgresql"), [`${DATABASES}.orders.engine`]: "mysql", [`${STORE}.components.api.uses`]: [] },
        `${DATABASES}.orders.engine: must be one of "postgresql", "mongodb", "redis"`,
      ],
      [
        "while the operator's settings are bad, which is all that is said",
        { "platform.postgresql": { enabled: "yes" } },
        "platform.postgresql.enabled: must be true or false, but is text",
      ],
    ],
    DATABASE,
  );
});

const GATEWAY = switchOn("envoy-gateway");
const noCertificate = (key: string, host: string, where = "east and west") =>
  `${EXPOSE}.${key}: the gateway of ${where} has no certificate for "${host}"; choose a name of *.choreo.test, with one label in place of the *`;

describe("settings: a host name, and the gateway's certificate", () => {
  accepts(
    [
      ["one label below the domain", { [`${EXPOSE}.host`]: "shop.choreo.test" }],
      [
        "whose other environments have names of their own there",
        { [`${EXPOSE}.hosts`]: { development: "try.choreo.test" } },
      ],
      [
        "where no gateway is, and nothing is served",
        { "platform.envoyGateway": { enabled: false }, [`${EXPOSE}.host`]: "shop.test" },
      ],
    ],
    GATEWAY,
  );
  refuses(
    [
      ["of another domain", { [`${EXPOSE}.host`]: "shop.test" }, noCertificate("host", "shop.test")],
      [
        "two labels below, which a wildcard of a certificate is not for",
        { [`${EXPOSE}.host`]: "www.shop.choreo.test" },
        noCertificate("host", "www.shop.choreo.test"),
      ],
      [
        "that only ends like the domain",
        { [`${EXPOSE}.host`]: "shop-choreo.test" },
        noCertificate("host", "shop-choreo.test"),
      ],
      [
        "of one environment, at the key that says it",
        { [`${EXPOSE}.hosts`]: { development: "try.shop.choreo.test" } },
        noCertificate("hosts.development", "try.shop.choreo.test"),
      ],
      [
        "on the clusters that it runs on in that environment",
        {
          [`${EXPOSE}.hosts`]: { development: "try.test" },
          "tenants.shop.environments.development.clusters": ["east"],
        },
        noCertificate("hosts.development", "try.test", "east"),
      ],
      [
        "on the clusters that it names",
        { [`${WEB}.clusters`]: ["west"], [`${EXPOSE}.host`]: "shop.test" },
        noCertificate("host", "shop.test", "west"),
      ],
    ],
    GATEWAY,
  );
});

describe("settings: a rate limit, and what counts requests", () => {
  const OFF = { "platform.envoyGateway": { rateLimit: { enabled: false } } };
  const limit = { requests: 10 };
  const nobody = (where: string) =>
    `${EXPOSE}.rateLimit: nobody counts requests on ${where}: the rate-limit service is switched off; switch on platform.envoyGateway.rateLimit.enabled, or remove this`;
  accepts(
    [
      ["of both kinds", { [`${EXPOSE}.rateLimit`]: { global: limit, perClient: limit } }],
      ["of no kind, without the service", OFF],
    ],
    GATEWAY,
  );
  refuses(
    [
      ["for all clients together", { ...OFF, [`${EXPOSE}.rateLimit`]: { global: limit } }, nobody("east and west")],
      ["for each client", { ...OFF, [`${EXPOSE}.rateLimit`]: { perClient: limit } }, nobody("east and west")],
      [
        "on one cluster, in whatever environments",
        { ...OFF, [`${EXPOSE}.rateLimit`]: { global: limit }, [`${WEB}.clusters`]: ["east"] },
        nobody("east"),
      ],
    ],
    GATEWAY,
  );
});

describe("settings: another tenant's database, and what fetches its sign-in", () => {
  const API = `${STORE}.components.api`;
  const BANK: Edits = {
    ...DATABASE,
    "tenants.bank": {
      owners: ["bank"],
      projects: { core: { databases: { books: { engine: "postgresql", size: "1Gi", sharedWith: ["*"] } } } },
    },
    [`${API}.uses`]: ["orders", "bank/core/books"],
  };
  const missing = (where: string) =>
    `${API}.uses[1]: another tenant's database is signed in to by what external-secrets fetches, missing on ${where}; switch on platform.externalSecrets`;
  accepts(
    [
      ["that is there", {}],
      ["that nobody uses", { ...off("externalSecrets"), [`${API}.uses`]: ["orders"] }],
    ],
    BANK,
  );
  refuses(
    [
      ["that is missing", off("externalSecrets"), missing("east and west")],
      ["that is missing where it runs", { ...off("externalSecrets"), [`${API}.clusters`]: ["west"] }, missing("west")],
    ],
    BANK,
  );
});

describe("settings: what tenants ask of add-ons, where a cluster is unsound", () => {
  refuses([
    [
      "raises no false alarm",
      { ...DATABASE, "platform.postgresql": { enabled: false }, [`${CLUSTERS}.east.planes`]: [] },
      `${CLUSTERS}.east.planes: name at least one plane`,
    ],
  ]);
});
