import assert from "node:assert/strict";
import { compare } from "../../../plan/against/compare";
import { impactOf } from "../../../plan/against/impact";
import type { Plan } from "../../../plan/model";
import { COMMENT_LIMIT, markdownReport } from "../../../plan/report/markdown";
import { code, prose, table } from "../../../plan/report/markdown-text";
import { mermaidFleet } from "../../../plan/report/mermaid";
import { planned } from "../../support/plan";

/** Everything new, so that there is a lot to say. */
async function allNew(): Promise<Plan> {
  const plan = await planned("dev");
  const before = { ...plan, resources: [], clusters: [], tenants: [], endpoints: [], certificates: [] };
  const inputs = {
    values: Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`key-${index}`, "x".repeat(150)])),
  };
  const changed = { ...plan, resources: plan.resources.map((one) => ({ ...one, inputs })) };
  const old = { ...plan, resources: plan.resources.map((one) => ({ ...one, inputs: {} })) };
  const differences = compare(old, changed, "before");
  return { ...plan, differences, impact: impactOf(before, plan, differences) };
}

describe("the report for a comment", () => {
  it("says first what is broken, mandatory rules before others, and only then what changes", async () => {
    const violations = [
      { rule: "soft", severity: "low", enforcement: "advisory", message: "may be" },
      {
        rule: "hard",
        severity: "high",
        enforcement: "mandatory",
        urn: "urn:pulumi:a::b::c::the-name",
        message: "must | be",
      },
    ];
    const plan = await allNew();
    const text = markdownReport({ ...plan, policy: { ...plan.policy, violations } });
    const places = [
      "❌ 1 mandatory violation",
      "| ❌ | `hard` | high | `the-name` | must \\| be |",
      "`soft`",
      "### What changes for whom",
      "```mermaid",
    ];
    const found = places.map((place) => text.indexOf(place));
    assert.deepEqual(
      found,
      [...found].sort((a, b) => a - b),
    );
    assert.ok(!found.includes(-1), String(found));
  });

  it("fits, says that it is cut, and leaves nothing open", async () => {
    const text = markdownReport(await allNew());
    assert.ok(text.length <= COMMENT_LIMIT, String(text.length));
    assert.ok(text.length > COMMENT_LIMIT / 2, String(text.length));
    assert.match(text, /This report is cut/);
    assert.equal(text.match(/<details>/g)?.length, text.match(/<\/details>/g)?.length);
    assert.equal((text.match(/^```/gm) ?? []).length % 2, 0);
  });

  for (const limit of [600, 2_000, 10_000])
    it(`fits into ${limit} characters`, async () => {
      const text = markdownReport(await allNew(), limit);
      assert.ok(text.length <= limit, String(text.length));
      assert.equal(text.match(/<details>/g)?.length, text.match(/<\/details>/g)?.length);
    });

  it("is not cut where it fits", async () => {
    assert.doesNotMatch(markdownReport(await planned("dev")), /This report is cut/);
  });
});

describe("the picture for a comment", () => {
  it("has every cluster, what joins them, and the tenants", async () => {
    const plan = await planned("dev");
    const text = mermaidFleet(plan);
    assert.equal(text.match(/ {4}c\d\[/g)?.length, 3);
    assert.equal(text.match(/c\d ---\|"cluster mesh, istio"\| c\d/g)?.length, 3);
    assert.equal(text.match(/t0 -\.- c\d/g)?.length, 2);
  });

  it("draws a large mesh as one node", async () => {
    const plan = await planned("dev");
    const [first] = plan.clusters;
    assert.ok(first !== undefined);
    const clusters = Array.from({ length: 20 }, (_, index) => ({ ...first, name: `c-${index}` }));
    const text = mermaidFleet({ ...plan, clusters });
    assert.equal(text.match(/--- mesh/g)?.length, 20);
    assert.doesNotMatch(text, /---\|/);
  });

  it("lets no name end its label", async () => {
    const plan = await planned("dev");
    const clusters = plan.clusters.map((one) => ({ ...one, name: `"]; click c0 "x` }));
    assert.match(mermaidFleet({ ...plan, clusters }), /#34;#93;#59; click c0 #34;x/);
  });
});

describe("text in Markdown", () => {
  it("is code that nothing gets out of", () => {
    assert.equal(code("a b\nc"), "`a b c`");
    assert.equal(code("a`b``c"), "``` a`b``c ```");
  });

  it("is prose without markup, mentions and links", () => {
    assert.equal(prose("<b>*x* @all [a](https://b)"), "\\<b\\>\\*x\\* @\u200ball \\[a\\](https:\u200b//b)");
  });

  it("is a table whose cells stay cells", () => {
    assert.deepEqual(table(["a", "b"], [["`x|y`", "z"]]), ["| a | b |", "| --- | --- |", "| `x\\|y` | z |"]);
  });
});
