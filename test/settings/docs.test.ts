import assert from "node:assert/strict";
import { CATALOG } from "../../components/addons";
import { docsFiles, lacks, staleDocs } from "../../scripts/docs";
import { settingsRows, table } from "../../scripts/docs-settings";
import { schemaFiles } from "../../scripts/schema";

describe("the pages of add-ons", () => {
  it("are the generated ones, each with words of its own: npm run docs", () => assert.deepEqual(staleDocs(), []));

  it("are one for each key, and name every chart at its version", () => {
    const pages = docsFiles();
    for (const { name, key, chart } of CATALOG) {
      const owner = CATALOG.find((addon) => addon.key === key && addon.schema !== undefined);
      const page = pages[`add-ons/${owner?.name}.md`] ?? assert.fail(`no page of ${key}`);
      assert.ok(page.includes(`| ${name} `), `${name} on the page of ${key}`);
      if (chart !== undefined) assert.ok(page.includes(`${chart.chart} ${chart.version} `), name);
    }
  });
});

describe("the words on a page of an add-on", () => {
  const LIMITS = 'say its limits ("Limits: …")';
  const CHECKED = 'say how it was checked ("Checked: …")';
  const NOT_CHECKED = 'say what was not checked ("Not checked: …")';
  const cases: readonly (readonly [title: string, body: string, ...missing: string[]])[] = [
    ["as paragraphs", "It gives.\n\nLimits: one.\n\nChecked: values. Not checked: pods."],
    ["as headings", "## Limits\n\nOne.\n\n## How it was checked\n\nValues. Not checked: pods."],
    ["in bold", "**Limits.** One.\n\n**Checked** with a chart. **Not checked**: pods."],
    ["as sentences of one paragraph", "Limits: one. Checked by values. Not checked: pods."],
    ["nothing of it", "It gives.", LIMITS, CHECKED, NOT_CHECKED],
    ["words that only look like it", "It limits, and is Checked. Limitsless.", LIMITS, CHECKED, NOT_CHECKED],
    ["what was not checked alone", "Limits: one.\n\nNot checked: pods.", CHECKED],
    ["an example alone", "```yaml\nLimits: 1\nChecked: yes\nNot checked: no\n```", LIMITS, CHECKED, NOT_CHECKED],
  ];
  for (const [title, body, ...missing] of cases) {
    it(`say limits, what was checked and what was not: ${title}`, () => assert.deepEqual(lacks(body), missing));
  }
});

describe("settings on a page", () => {
  const schema = (platform: object) => ({
    "settings.schema.json": JSON.stringify({
      properties: { config: { properties: { "openchoreo:platform": { properties: { own: platform } } } } },
    }),
  });
  const rows = (platform: object) =>
    settingsRows(schema(platform), "own").map(({ key, type, byDefault }) => `${key}: ${type} ${byDefault}`.trim());

  const cases: readonly (readonly [title: string, schema: object, ...rows: string[]])[] = [
    ["a flag", { properties: { enabled: { type: "boolean", default: true } } }, "enabled: true or false `true`"],
    [
      "what is inside an object, without the object",
      { properties: { a: { type: "object", properties: { b: { type: "string" } } } } },
      "a.b: text",
    ],
    [
      "what a name stands for",
      { properties: { a: { additionalProperties: { properties: { b: { enum: ["x", "y"] } } } } } },
      "a.<name>.b: `x` or `y`",
    ],
    [
      "a key of two alternatives once",
      {
        properties: {
          a: {
            description: "One of two.",
            oneOf: [{ properties: { kind: { const: "x" } } }, { properties: { kind: { const: "y" } } }],
          },
        },
      },
      "a: anything",
      "a.kind: `x` or `y`",
    ],
    ["bounds", { properties: { n: { type: "integer", minimum: 1, maximum: 5 } } }, "n: 1 to 5"],
  ];
  for (const [title, platform, ...expected] of cases) {
    it(`are ${title}`, () => assert.deepEqual(rows(platform), expected));
  }

  it("are there for every key of the catalog", () => {
    const schemas = schemaFiles();
    for (const { key } of CATALOG) assert.ok(settingsRows(schemas, key).length > 0, key);
  });
});

describe("a table in Markdown", () => {
  it("keeps its columns straight, and bars inside cells", () => {
    assert.equal(table(["a", "b"], [["1|2", "x"]]), "| a    | b   |\n| ---- | --- |\n| 1\\|2 | x   |");
  });
});
