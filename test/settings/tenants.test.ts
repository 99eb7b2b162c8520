import { accepts, DATABASE, PRODUCTION, refuses } from "../support/settings";

const SHOP = "tenants.shop";
const STORE = `${SHOP}.projects.store`;
const WEB = `${STORE}.components.web`;
const API = `${STORE}.components.api`;
const NIGHTLY = `${STORE}.components.nightly`;
const ORDERS = `${STORE}.databases.orders`;
const UNKNOWN = "unknown key; remove it, or check its spelling in docs/settings.schema.json";
const LABEL = 'lower-case letters, digits and "-" only, with a letter or digit at both ends';
const PORT = "a port is between 1 and 65535";
const QUANTITY = 'not a Kubernetes quantity such as "500m", "4" or "20Gi"';

describe("settings: a tenant", () => {
  accepts([["no project", { [`${SHOP}.projects`]: undefined }]], DATABASE);
  refuses(
    [
      ["tenants that are a list", { tenants: [] }, "tenants: must be an object, but is a list"],
      ["nothing below the name", { [SHOP]: null }, `${SHOP}: must be an object, but is empty`],
      ["an unknown key", { [`${SHOP}.colour`]: "red" }, `${SHOP}.colour: ${UNKNOWN}`],
      ["a name with upper case", { "tenants.Shop": { owners: ["a"] } }, `tenants.Shop: a tenant name has ${LABEL}`],
      ["no owners", { [`${SHOP}.owners`]: undefined }, `${SHOP}.owners: required: a list`],
      ["an empty list of owners", { [`${SHOP}.owners`]: [] }, `${SHOP}.owners: name at least one owning group`],
      [
        "an environment's name with upper case",
        { [`${SHOP}.environments.Test`]: {} },
        `${SHOP}.environments.Test: an environment name has ${LABEL}`,
      ],
      [
        "promotion from nowhere",
        { [`${SHOP}.environments.production.promotesFrom`]: "staging" },
        `${SHOP}.environments.production.promotesFrom: no environment "staging" here; it is one of development, production`,
      ],
      [
        "promotion in a circle",
        { [`${SHOP}.environments.development.promotesFrom`]: "production" },
        `${SHOP}.environments.development.promotesFrom: promotion goes round in a circle: development ← production ← development`,
      ],
      [
        "promotion from itself",
        { [`${SHOP}.environments.development.promotesFrom`]: "development" },
        `${SHOP}.environments.development.promotesFrom: promotion goes round in a circle: development ← development`,
      ],
      ["a quota that is no quantity", { [`${SHOP}.quota.memory`]: "lots" }, `${SHOP}.quota.memory: ${QUANTITY}`],
      [
        "too small a quota of processors",
        { [`${SHOP}.quota.cpu`]: "250m" },
        `${SHOP}.quota.cpu: 250m is less than the components of project "store" ask for (0.3); raise it or ask for less`,
      ],
      [
        "too small a quota of memory for many replicas",
        { [`${SHOP}.quota.memory`]: "1Gi", [`${API}.replicas`]: 10 },
        `${SHOP}.quota.memory: 1Gi is less than the components of project "store" ask for (1.5Gi); raise it or ask for less`,
      ],
      [
        "too small a quota of memory for few",
        { [`${SHOP}.quota.memory`]: "256Mi" },
        `${SHOP}.quota.memory: 256Mi is less than the components of project "store" ask for (384Mi), and than the databases of project "store" (512Mi); raise it or ask for less`,
      ],
    ],
    DATABASE,
  );
});

describe("settings: a component", () => {
  accepts(
    [
      ["on one data cluster", { [`${API}.clusters`]: ["west"] }],
      ["that uses a component by its whole name", { [`${API}.uses`]: ["shop/store/orders", "store/orders"] }],
      ["that uses a component of another stack", { [`${API}.uses`]: ["stack://acme/openchoreo/other/shop/store/api"] }],
      ["that is a worker", { [`${API}.type`]: "worker", [`${API}.port`]: undefined, [`${WEB}.uses`]: [] }],
    ],
    DATABASE,
  );
  refuses(
    [
      ["no port", { [`${API}.port`]: undefined }, `${API}.port: a service needs the port that it serves on`],
      ["port 0", { [`${API}.port`]: 0 }, `${API}.port: ${PORT}`],
      ["port 65536", { [`${API}.port`]: 65536 }, `${API}.port: ${PORT}`],
      ["no replica", { [`${API}.replicas`]: 0 }, `${API}.replicas: at least one replica`],
      ["neither source nor image", { [`${API}.image`]: undefined }, `${API}.source: give a source or an image`],
      [
        "source and image",
        { [`${API}.source`]: { git: "https://git.test/api" } },
        `${API}.image: give a source or an image, not both`,
      ],
      [
        "a source by SSH",
        { [`${API}.image`]: undefined, [`${API}.source`]: { git: "git@git.test:api" } },
        `${API}.source.git: not an http(s) URL such as "https://example.com/path"`,
      ],
      [
        "a password for the source",
        { [`${API}.image`]: undefined, [`${API}.source`]: { git: "https://bot:s3cr3t@git.test/api" } },
        `${API}.source.git: has a user or a password in the URL; write it without, and name a Secret where credentials are needed`,
      ],
      ["a word for the processors", { [`${API}.resources.cpu`]: "half" }, `${API}.resources.cpu: ${QUANTITY}`],
      ["true for the processors", { [`${API}.resources.cpu`]: true }, `${API}.resources.cpu: ${QUANTITY}`],
      [
        "a host name that another has",
        { [`${API}.expose`]: { host: "shop.choreo.test" } },
        `${API}.expose.host: "shop.choreo.test" is taken by ${WEB}`,
      ],
      [
        "a host name that another tenant has",
        {
          "tenants.news": {
            owners: ["n"],
            projects: { p: { components: { c: { image: "i", port: 1, expose: { host: "shop.choreo.test" } } } } },
          },
        },
        `tenants.news.projects.p.components.c.expose.host: "shop.choreo.test" is taken by ${WEB}`,
      ],
      [
        "a host name with a scheme",
        { [`${WEB}.expose.host`]: "https://shop.choreo.test" },
        `${WEB}.expose.host: not a host name such as "shop.example.com"`,
      ],
      [
        "a path without a slash",
        { [`${WEB}.expose.paths`]: ["cart"] },
        `${WEB}.expose.paths[0]: a path begins with "/"`,
      ],
      ["no path", { [`${WEB}.expose.paths`]: [] }, `${WEB}.expose.paths: must not be empty`],
      [
        "a timeout without a unit",
        { [`${WEB}.expose.timeout`]: "30" },
        `${WEB}.expose.timeout: not a timeout such as "500ms", "30s", "5m" or "1h"`,
      ],
      [
        "a use of what is not there",
        { [`${API}.uses`]: ["orders", "cart"] },
        `${API}.uses[1]: no component or database "shop/store/cart"`,
      ],
      [
        "a use of another project's",
        { [`${API}.uses`]: ["back/cart"] },
        `${API}.uses[0]: no component or database "shop/back/cart"`,
      ],
      [
        "a use of another tenant's",
        { [`${API}.uses`]: ["bank/back/cart"] },
        `${API}.uses[0]: no component or database "bank/back/cart"`,
      ],
      ["a use of itself", { [`${API}.uses`]: ["api"] }, `${API}.uses[0]: is the component itself`],
      [
        "a use of what serves on no port",
        { [`${API}.uses`]: ["nightly"] },
        `${API}.uses[0]: "shop/store/nightly" serves on no port, so nothing can call it`,
      ],
      [
        "uses by names that every object has",
        { [`${API}.uses`]: ["constructor", "constructor/a", "constructor/a/b"] },
        `${API}.uses[0]: no component or database "shop/store/constructor"`,
        `${API}.uses[1]: no component or database "shop/constructor/a"`,
        `${API}.uses[2]: no component or database "constructor/a/b"`,
      ],
      [
        "a use that is no reference",
        { [`${API}.uses`]: ["a/b/c/d"] },
        `${API}.uses[0]: not a reference such as "api", "project/api", "tenant/project/api" or "stack://org/project/stack/tenant/project/api"`,
      ],
      [
        "a cluster without the data plane",
        { [`${API}.clusters`]: ["control"] },
        `${API}.clusters[0]: "control" has no data plane; choose from east, west`,
      ],
      [
        "a cluster that is not there",
        { [`${API}.clusters`]: ["east", "mars"] },
        `${API}.clusters[1]: "mars" is no cluster; choose from east, west`,
      ],
      ["no cluster", { [`${API}.clusters`]: [] }, `${API}.clusters: must not be empty`],
      [
        "a fleet without a data plane",
        { "platform.clusters.east.planes": ["workflow"], "platform.clusters.west.planes": ["workflow"] },
        'platform.clusters: no cluster has the plane "data", so no component can run; give it to one',
      ],
    ],
    DATABASE,
  );
});

describe("settings: scheduled tasks and workers", () => {
  refuses([
    [
      "a schedule that does not parse",
      { [`${NIGHTLY}.schedule`]: "every night" },
      `${NIGHTLY}.schedule: not a cron expression of five fields such as "0 3 * * *"`,
    ],
    [
      "a schedule at 25 hours",
      { [`${NIGHTLY}.schedule`]: "0 25 * * *" },
      `${NIGHTLY}.schedule: not a cron expression such as "0 3 * * *": Constraint error, got value 25 expected range 0-23`,
    ],
    ["no schedule", { [`${NIGHTLY}.schedule`]: undefined }, `${NIGHTLY}.schedule: a scheduled task needs a schedule`],
    ["a schedule of a service", { [`${API}.schedule`]: "0 3 * * *" }, `${API}.schedule: a service has no schedule`],
    [
      "a scheduled task that is exposed",
      { [`${NIGHTLY}.expose`]: { host: "night.test" } },
      `${NIGHTLY}.expose: a scheduled-task cannot be exposed`,
    ],
  ]);
});

describe("settings: a database", () => {
  accepts(
    [
      [
        "on a cluster of its own, with a replica",
        { ...PRODUCTION, [`${ORDERS}.cluster`]: "east", [`${ORDERS}.replica`]: "west" },
      ],
      ["without a backup", { [`${ORDERS}.backup`]: undefined }],
    ],
    DATABASE,
  );
  refuses(
    [
      [
        "a backup without a bucket",
        { ...PRODUCTION, "platform.objectStore": undefined },
        `${ORDERS}.backup: needs a bucket; set platform.objectStore`,
      ],
      [
        "no backup in production, where there is one all the same, and no bucket",
        { ...PRODUCTION, "platform.objectStore": undefined, [`${ORDERS}.backup`]: undefined },
        `${ORDERS}.backup: needs a bucket; set platform.objectStore`,
      ],
      ["no size", { [`${ORDERS}.size`]: undefined }, `${ORDERS}.size: required: text`],
      [
        "a cluster without the data plane",
        { [`${ORDERS}.cluster`]: "control", [`${ORDERS}.replica`]: "mars" },
        `${ORDERS}.cluster: "control" has no data plane; choose from east, west`,
        `${ORDERS}.replica: "mars" is no cluster; choose from east, west`,
      ],
      [
        "a replica of who knows where",
        { [`${ORDERS}.replica`]: "west" },
        `${ORDERS}.replica: say also on which cluster the database itself is`,
      ],
      [
        "a replica beside the database",
        { [`${ORDERS}.cluster`]: "west", [`${ORDERS}.replica`]: "west" },
        `${ORDERS}.replica: is the database's own cluster; choose another`,
      ],
      [
        "an unknown engine",
        { [`${ORDERS}.engine`]: "mysql" },
        `${ORDERS}.engine: must be one of "postgresql", "mongodb", "redis"`,
      ],
      [
        "a size without a unit",
        { [`${ORDERS}.size`]: "20" },
        `${ORDERS}.size: not a size such as "20Gi"; give a number and a unit`,
      ],
      ["a size that is a number", { [`${ORDERS}.size`]: 20 }, `${ORDERS}.size: must be text, but is a number`],
      [
        "a retention in weeks",
        { [`${ORDERS}.backup`]: { retention: "4w" } },
        `${ORDERS}.backup.retention: not a duration such as "30s", "15m", "12h" or "30d"`,
      ],
      [
        "a component of the same name",
        { [`${STORE}.databases.api`]: { engine: "redis", size: "1Gi" } },
        `${STORE}.databases.api: a component of the project has this name already; connections could not tell them apart`,
      ],
    ],
    DATABASE,
  );
  accepts(
    [["with a name that every object has", { [`${STORE}.databases.constructor`]: { engine: "redis", size: "1Gi" } }]],
    DATABASE,
  );
});
