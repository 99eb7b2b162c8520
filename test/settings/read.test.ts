import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { addonContract } from "../../components/addons";
import {
  checkSettings,
  parseYaml,
  providerProblems,
  readSettings,
  resolveTenants,
  SettingsError,
} from "../../components/settings";
import { edit, good, lines } from "../support/settings";
import { object, ROOT, stackConfig, temporaryFolder } from "../support/stack";

describe("tenants from a folder", () => {
  const folder = temporaryFolder();
  const resolved = (from: unknown) => {
    const { tenants, problems = [] } = resolveTenants({ tenants: { from } }, folder.path);
    return { tenants, problems: lines(problems) };
  };
  const filled = (name: string, files: Readonly<Record<string, string>>) => {
    mkdirSync(join(folder.path, name));
    for (const [file, text] of Object.entries(files)) folder.write(`${name}/${file}`, text);
    return resolved(name);
  };

  it("are one for each file, named after it", () => {
    const found = filled("good", {
      "shop.yaml": "owners: [a]\n",
      "news.yml": "owners: [b]\n",
      "notes.md": "# Notes\n",
    });
    assert.deepEqual(found, { tenants: { shop: { owners: ["a"] }, news: { owners: ["b"] } }, problems: [] });
  });

  it("stand inline where there is no folder", () => {
    const raw = { tenants: { shop: { owners: ["a"] } } };
    assert.equal(resolveTenants(raw, folder.path), raw);
  });

  const missing: readonly (readonly [title: string, from: unknown, problem: string])[] = [
    ["a folder that is not there", "tenants/none", 'tenants.from: no folder "tenants/none" below the project\'s root'],
    ["a file", "file.yaml", 'tenants.from: no folder "file.yaml" below the project\'s root'],
    ["an empty name", "", "tenants.from: must name the folder of the tenant files"],
    ["a number", 5, "tenants.from: must name the folder of the tenant files"],
    ["nothing", null, "tenants.from: must name the folder of the tenant files"],
  ];
  for (const [title, from, problem] of missing) {
    it(`refuse ${title}`, () => {
      folder.write("file.yaml", "owners: [a]\n");
      assert.deepEqual(resolved(from), { tenants: {}, problems: [problem] });
    });
  }

  it("refuse others beside them", () => {
    const { tenants, problems = [] } = resolveTenants({ tenants: { from: "good", shop: {} } }, folder.path);
    assert.deepEqual(tenants, {});
    assert.deepEqual(lines(problems), ['tenants.shop: stands beside "from"; tenants are inline or in files, not both']);
  });

  it("refuse two files of one tenant", () => {
    const { problems } = filled("doubled", { "shop.yaml": "owners: [a]\n", "shop.yml": "owners: [b]\n" });
    assert.deepEqual(problems, ["doubled/shop.yml: shop.yaml is this tenant already"]);
  });

  it("leave out a folder whose name looks like a file's", () => {
    mkdirSync(join(folder.path, "folders", "old.yaml"), { recursive: true });
    assert.deepEqual(resolved("folders"), { tenants: {}, problems: [] });
  });

  it("name the file and the line of what is no YAML, and keep the others", () => {
    const found = filled("broken", {
      "bad.yaml": "owners:\n  - a\n b: [\n",
      "good.yaml": "owners: [a]\n",
      "twice.yaml": "owners: [a]\nprojects: {}\nowners: [b]\n",
    });
    assert.deepEqual(found.tenants, { good: { owners: ["a"] } });
    assert.match(found.problems[0] ?? "", /^broken\/bad\.yaml:[34]: [A-Z][^\n]+[a-z\]]$/);
    assert.equal(found.problems.at(-1), "broken/twice.yaml:3: Map keys must be unique");
  });
});

describe("a YAML file", () => {
  const folder = temporaryFolder();
  const cases: readonly (readonly [title: string, text: string, value: unknown, ...problems: string[]])[] = [
    ["of nothing", "", null],
    ["of one object", "a: { b: 1 }\n", { a: { b: 1 } }],
    ["with an alias", "a: &a [1]\nb: *a\n", { a: [1], b: [1] }],
    [
      "with an alias of nothing",
      "a: *b\n",
      undefined,
      "x.yaml: Unresolved alias (the anchor must be set before the alias): b",
    ],
    ["with a key twice", "a: 1\nb: 2\na: 3\n", undefined, "x.yaml:3: Map keys must be unique"],
    ["with a key twice deep inside", "a:\n  b: 1\n  b: 2\n", undefined, "x.yaml:3: Map keys must be unique"],
    ["with tabs", "\ta: 1\n", undefined, "x.yaml:1: Tabs are not allowed as indentation"],
    ["with an unknown tag", "a: !secret b\n", undefined, "x.yaml:1: Unresolved tag: !secret"],
    ["of two documents", "a: 1\n---\nb: 2\n", undefined, "x.yaml:2: holds several documents; write one"],
    ["with keys that are numbers", "1: a\n", { 1: "a" }],
    [
      "with an object for a key",
      "{ a: 1 }: b\n",
      undefined,
      "x.yaml:1: a list or an object stands where a key should be",
    ],
    [
      "with an alias of what it stands in",
      "a: &a [*a]\n",
      undefined,
      "x.yaml: an alias stands within what it is an alias of",
    ],
    ["that is nested too deeply", "[".repeat(20_000), undefined, "x.yaml:1: is nested too deeply to be read"],
    [
      "with one mistake that makes the rest one",
      "a: 1\n}\nb: 2\nc: 3\nd: [1, 2]\n",
      undefined,
      'x.yaml:2: Unexpected flow-map-end token in YAML stream: "}"',
    ],
  ];
  for (const [title, text, value, ...problems] of cases) {
    it(title, () => {
      const parsed = parseYaml(folder.write("x.yaml", text), "x.yaml");
      assert.deepEqual({ value: parsed.value, problems: lines(parsed.problems) }, { value, problems });
    });
  }
});

describe("default providers", () => {
  const path = "pulumi:disable-default-providers";
  const why = "so that nothing falls back to ambient credentials; set it to [kubernetes, aws]";
  const cases: readonly (readonly [title: string, value: string | undefined, ...missing: string[]])[] = [
    ["both", '["kubernetes","aws"]'],
    ["both and another", '["kubernetes","aws","azure"]'],
    ["none", undefined, "kubernetes", "aws"],
    ["one", '["kubernetes"]', "aws"],
    ["no list", "kubernetes", "kubernetes", "aws"],
    ["an object", '{"kubernetes":true}', "kubernetes", "aws"],
  ];
  for (const [title, value, ...missing] of cases) {
    it(`are switched off: ${title}`, () => {
      const expected = missing.map((name) => `${path}: must name "${name}", ${why}`);
      assert.deepEqual(lines(providerProblems(value)), expected);
    });
  }
});

describe("readSettings", () => {
  const disabled = { "pulumi:disable-default-providers": '["kubernetes","aws"]' };
  const read = (config: Record<string, string>, secrets: string[] = []) => {
    pulumi.runtime.setAllConfig(config, secrets);
    return readSettings(addonContract, ROOT);
  };
  before(() =>
    pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "openchoreo", "test"),
  );

  it("reads platform and tenants from the project's configuration", () => {
    const { platform, tenants } = good();
    const settings = read({
      ...disabled,
      "openchoreo:platform": JSON.stringify(platform),
      "openchoreo:tenants": JSON.stringify(tenants),
    });
    assert.deepEqual(settings, checkSettings({ platform, tenants }, addonContract).settings);
  });

  it("reports what is wrong in files, in the platform and with default providers together", () => {
    const { platform } = edit(good(), { "platform.domain": "Choreo" });
    const config = { "openchoreo:platform": JSON.stringify(platform), "openchoreo:tenants": '{"from":"nowhere"}' };
    assert.throws(() => read(config), {
      name: "SettingsError",
      message: [
        "4 problems in the settings; nothing was created:",
        `  tenants.from: no folder "nowhere" below the project's root`,
        '  pulumi:disable-default-providers: must name "kubernetes", so that nothing falls back to ambient credentials; set it to [kubernetes, aws]',
        '  pulumi:disable-default-providers: must name "aws", so that nothing falls back to ambient credentials; set it to [kubernetes, aws]',
        '  platform.domain: not a host name such as "shop.example.com"',
      ].join("\n"),
    });
  });

  it("refuses settings that are encrypted, as they would be in plain text elsewhere", () => {
    const { platform, tenants } = good();
    const config = { "openchoreo:platform": JSON.stringify(platform), "openchoreo:tenants": JSON.stringify(tenants) };
    const why =
      "holds an encrypted value, which would be in plain text in the state; keep secrets under keys of their own (pulumi config set --secret <key>) and refer to them";
    assert.throws(() => read({ ...disabled, ...config }, ["openchoreo:platform", "openchoreo:tenants"]), {
      problems: [
        { path: "platform", message: why },
        { path: "tenants", message: why },
      ],
    });
    assert.doesNotThrow(() => read({ ...disabled, ...config }, ["openchoreo:other"]));
  });

  it("says that a key is no object", () => {
    assert.throws(() => read({ ...disabled, "openchoreo:platform": "yes" }), {
      message:
        "1 problem in the settings; nothing was created:\n  platform: not an object; write it as YAML below config in the stack's file",
    });
  });

  it("says that there are no settings", () => {
    assert.throws(
      () => read(disabled),
      (error) => error instanceof SettingsError && error.problems[0]?.path === "platform",
    );
  });
});

describe("the stack files of this repository", () => {
  for (const stack of ["dev", "prod"]) {
    it(`${stack} is good, and its tenants too`, () => {
      const config = stackConfig(stack);
      const raw = resolveTenants(
        { platform: config["openchoreo:platform"], tenants: config["openchoreo:tenants"] },
        ROOT,
      );
      const { settings, problems } = checkSettings(raw, addonContract);
      assert.deepEqual(lines(problems), []);
      assert.ok(Object.keys(settings?.tenants ?? {}).length > 0);
      assert.deepEqual(config["pulumi:disable-default-providers"], ["kubernetes", "aws"]);
      assert.equal(object(config["openchoreo:platform"]).profile, settings?.platform.profile);
    });
  }
});
