import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync } from "node:fs";
import { basename, join } from "node:path";
import { stringify } from "yaml";
import { addonContract } from "../../components/addons";
import {
  checkSettings,
  checkTenantStack,
  inFiles,
  placeTenants,
  resolveFiles,
  resolveTenants,
  SettingsError,
  type TenantPlatform,
} from "../../components/settings";
import { DATABASE, type Edits, edit, good, type Json, lines } from "../support/settings";
import { temporaryFolder } from "../support/stack";

const SETTINGS = edit(good(), DATABASE);
const { shop } = SETTINGS.tenants as { readonly shop: Json };
const STORE = "projects.store";
const SHOP = "tenants/test/shop.yaml";

const bank: Json = {
  owners: ["bank"],
  projects: { core: { components: { ledger: { image: "i", port: 9000, expose: { host: "bank.choreo.test" } } } } },
};

/** Tenant files in a project's folder. */
type Files = Readonly<Record<string, string>>;

const filesAfter = (edits: Edits): Files => ({
  "shop.yaml": stringify(edit(shop, edits)),
  "bank.yaml": stringify(bank),
});

describe("settings: what is wrong in a tenant's file", () => {
  const folder = temporaryFolder();

  /** The root of a new project with these files of tenants. */
  function project(files: Files): string {
    const root = mkdtempSync(join(folder.path, "project-"));
    mkdirSync(join(root, "tenants/test"), { recursive: true });
    for (const [name, text] of Object.entries(files)) folder.write(`${basename(root)}/tenants/test/${name}`, text);
    return root;
  }

  const raw = { platform: SETTINGS.platform, tenants: { from: "tenants/test" } };
  const problemsIn = (files: Files) => checkSettings(resolveFiles(raw, project(files)), addonContract).problems;

  it("is nothing at first", () => assert.deepEqual(lines(problemsIn(filesAfter({}))), []));

  const cases: readonly (readonly [title: string, edits: Edits, problem: string])[] = [
    [
      "an unknown connection",
      { [`${STORE}.components.web.uses`]: ["nobody"] },
      `${STORE}.components.web.uses[0]: no component or database "shop/store/nobody"`,
    ],
    [
      "a host name that another tenant has",
      { [`${STORE}.components.web.expose.host`]: "bank.choreo.test" },
      `${STORE}.components.web.expose.host: "bank.choreo.test" is taken by tenants.bank.projects.core.components.ledger`,
    ],
    [
      "a quota that is smaller than the components",
      { quota: { memory: "256Mi" } },
      'quota.memory: 256Mi is less than the components of project "store" ask for (384Mi), and than the databases of project "store" (512Mi); raise it or ask for less',
    ],
    [
      "a database without a size",
      { [`${STORE}.databases.orders.size`]: undefined },
      `${STORE}.databases.orders.size: required: text`,
    ],
    [
      "a component on a cluster without data plane",
      { [`${STORE}.components.web.clusters`]: ["control"] },
      `${STORE}.components.web.clusters[0]: "control" has no data plane; choose from east, west`,
    ],
    [
      "a schedule that does not parse",
      { [`${STORE}.components.nightly.schedule`]: "at night" },
      `${STORE}.components.nightly.schedule: not a cron expression of five fields such as "0 3 * * *"`,
    ],
    [
      "promotion in a circle",
      { "environments.development.promotesFrom": "production" },
      "environments.development.promotesFrom: promotion goes round in a circle: development ← production ← development",
    ],
    [
      "two components of one name",
      { "projects.back": { components: { api: { image: "i", port: 80 } } } },
      `projects.back.components.api: is the name of tenants.shop.${STORE}.components.api too; components of one tenant have different names`,
    ],
  ];
  for (const [title, edits, problem] of cases) {
    it(`is said once, with the file and the path: ${title}`, () => {
      assert.deepEqual(lines(problemsIn(filesAfter(edits))), [`${SHOP}: ${problem}`]);
    });
  }

  it("is said once, with the file and the line: two components of one name in one project", () => {
    const twice = stringify(shop).replace(/^ {6}api:$/m, "      web:\n        image: i\n      api:");
    const line = twice.split("\n").lastIndexOf("      web:") + 1;
    assert.deepEqual(lines(problemsIn({ "shop.yaml": twice })), [`${SHOP}:${line}: Map keys must be unique`]);
  });

  it("is said of the file alone where it is the whole of it", () => {
    assert.deepEqual(lines(problemsIn({ "shop.yaml": "" })), [`${SHOP}: must be an object, but is empty`]);
  });

  it("is said one line each, under one heading", () => {
    const edits = { owners: [], "environments.development.promotesFrom": "nowhere", colour: "red" };
    const files = { ...filesAfter(edits), "bank.yaml": stringify(edit(bank, { owners: undefined })) };
    assert.deepEqual(new SettingsError(problemsIn(files)).message.split("\n"), [
      "3 problems in the settings; nothing was created:",
      "  tenants/test/bank.yaml: owners: required: a list",
      `  ${SHOP}: owners: name at least one owning group`,
      `  ${SHOP}: colour: unknown key; remove it, or check its spelling in docs/settings.schema.json`,
    ]);
  });

  it("is said with the file in a stack of tenants alone too, before and after its platform was read", () => {
    const stackOf = (edits: Edits) =>
      checkTenantStack({ ...resolveTenants({ tenants: raw.tenants }, project(filesAfter(edits))), platformStack });
    const platformStack = "acme/openchoreo/test";
    const wrong = stackOf({ [`${STORE}.components.web.uses`]: ["nobody"] });
    assert.deepEqual(lines(wrong.problems), [
      `${SHOP}: ${STORE}.components.web.uses[0]: no component or database "shop/store/nobody"`,
    ]);
    const { settings = assert.fail() } = stackOf({ [`${STORE}.components.web.clusters`]: ["far"] });
    const east = { planes: ["data" as const], provider: { kind: "existing" } };
    const platform: TenantPlatform = { profile: "development", domain: "choreo.test", clusters: { east } };
    assert.throws(() => placeTenants(settings, platform), {
      message: `1 problem in the settings; nothing was created:\n  ${SHOP}: ${STORE}.components.web.clusters[0]: "far" is no cluster; choose from east`,
    });
  });
});

describe("a problem's path in a file", () => {
  const files = { shop: "t/shop.yaml", "shop.old": "t/shop.old.yaml" };
  const cases: readonly (readonly [path: string, shown: string])[] = [
    ["tenants.shop", "t/shop.yaml"],
    ["tenants.shop.owners[0]", "t/shop.yaml: owners[0]"],
    ["tenants.shop.old.owners", "t/shop.old.yaml: owners"],
    ["tenants.shops.owners", "tenants.shops.owners"],
    ["tenants", "tenants"],
    ["tenants.from", "tenants.from"],
    ["platform.tenants.shop", "platform.tenants.shop"],
    ["t/shop.yaml:3", "t/shop.yaml:3"],
  ];
  for (const [path, shown] of cases) {
    it(path, () => assert.deepEqual(inFiles([{ path, message: "m" }], files), [{ path: shown, message: "m" }]));
  }

  it("stays where tenants are inline", () => {
    const problems = [{ path: "tenants.shop.owners", message: "m" }];
    assert.deepEqual(inFiles(problems, undefined), problems);
  });
});
