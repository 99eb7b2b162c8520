import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CATALOG } from "../../bench/catalog";
import type { Result } from "../../bench/model";
import { reportFiles } from "../../bench/report/page";
import { PROSE } from "../../bench/report/prose";
import { barsSvg, linesSvg, ticksTo } from "../../bench/report/svg";
import { casesTable, markdownTable, ratiosTable, verdict } from "../../bench/report/table";
import { currentReport } from "../../bench/report/write";
import { readResult, writeResult } from "../../bench/results";
import { ROOT, temporaryFolder } from "../support/stack";

const RESULT: Result = {
  name: "clusters",
  date: "2026-01-31",
  machine: { processor: "Test CPU", cores: 8, memory: 16, system: "Test OS 1", node: "v20.19.0" },
  load: 0.1,
  rounds: 3,
  cases: [
    { name: "3 clusters", size: 3, figures: { resources: 1500, perResource: 2 } },
    { name: "30 clusters", size: 30, figures: { resources: 20000, perResource: 3 } },
    { name: "zod", partOf: "the program", figures: { seconds: 0.25 } },
  ],
  ratios: [
    { name: "time a resource", value: 1.5, limit: 1.2 },
    { name: "memory a resource", value: 0.9 },
  ],
};

/** Every element is closed by its own end, and no bare ampersand or bracket is in a text. */
function assertWellFormed(svg: string): void {
  const open: string[] = [];
  for (const [tag, end, name = "", closed] of svg.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/g)) {
    if (end === "/") assert.equal(open.pop(), name, tag);
    else if (closed !== "/") open.push(name);
  }
  assert.deepEqual(open, []);
  const text = svg.replaceAll(/<[^<>]+>/g, "");
  assert.doesNotMatch(text, /[<>]|&(?!(amp|lt|gt|quot);)/);
  assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
}

describe("tables of benchmarks", () => {
  it("are aligned Markdown", () => {
    assert.equal(markdownTable(["what", "s"], [["plan", "1.25"]]), "| what |    s |\n| ---- | ---: |\n| plan | 1.25 |");
  });

  it("have only columns that were measured", () => {
    const columns = [
      { key: "resources", label: "resources" },
      { key: "memory", label: "MiB" },
    ];
    const table = casesTable("size", RESULT.cases.slice(0, 2), columns);
    assert.match(table, /^\| size +\| resources \|$/m);
    assert.match(table, /^\| 30 clusters \| +20,000 \|$/m);
  });

  it("say what is met and what is missed", () => {
    assert.match(ratiosTable(RESULT.ratios), /time a resource +\| +1\.50 \| +1\.20 \| missed \|/);
    assert.equal(verdict({ value: 1.2, limit: 1.2 }), "met");
    assert.equal(verdict({ value: 9 }), "");
  });
});

describe("pictures of benchmarks", () => {
  it("are well-formed, with every bar, name and value", () => {
    const svg = barsSvg("A & B", "seconds", [
      { name: "plan <prod>", value: 4 },
      { name: "bare", value: 2 },
    ]);
    assertWellFormed(svg);
    const widths = [...svg.matchAll(/height="18" rx="2"|width="([\d.]+)" height="18"/g)].map(([, width]) =>
      Number(width),
    );
    assert.deepEqual(widths, [614, 307]);
    assert.match(svg, />plan &lt;prod&gt;</);
    assert.match(svg, /fill="#ffffff"/);
  });

  it("draw lines over sizes in equal steps of a factor, from 0", () => {
    const points = [1, 10, 100].map((size) => ({ size, value: size === 100 ? 4 : 2 }));
    const svg = linesSvg("Growth", { sizes: "clusters", values: "ms" }, [{ name: "time", points }]);
    assertWellFormed(svg);
    const [, drawn = ""] = /points="([^"]+)"/.exec(svg) ?? [];
    assert.deepEqual(
      drawn.split(" ").map((point) => point.split(",").map(Number)),
      [
        [64, 174],
        [374, 174],
        [684, 64],
      ],
    );
  });

  it("can be drawn of one size, and of values that are all 0", () => {
    assertWellFormed(linesSvg("One", { sizes: "n", values: "s" }, [{ name: "s", points: [{ size: 5, value: 1 }] }]));
    assertWellFormed(barsSvg("None", "s", [{ name: "a", value: 0 }]));
  });

  const ticks: readonly (readonly [number, readonly number[]])[] = [
    [4, [0, 1, 2, 3, 4]],
    [0.9, [0, 0.5, 1]],
    [87, [0, 50, 100]],
    [2.1, [0, 1, 2, 3]],
  ];
  for (const [most, expected] of ticks) {
    it(`have round numbers at the axis up to ${most}`, () => assert.deepEqual(ticksTo(most), expected));
  }
});

describe("the report of benchmarks", () => {
  const measured = reportFiles(
    CATALOG.map((description) => ({ description, result: description.name === "clusters" ? RESULT : undefined })),
  );
  const page = measured[0]?.text ?? "";

  it("shows what was measured, and says what was not", () => {
    assert.match(page, /Test CPU, 8 cores, 16 GiB of memory, Test OS 1, Node 20\.19\.0/);
    assert.match(page, /Not measured yet: plan, components, start, engine, helm, policy, shards, build\./);
    assert.equal(page.match(/^Not measured yet\.$/gm)?.length, CATALOG.length - 1);
    assert.match(page, /\| of the program \|/);
    assert.match(page, /medians of 3 runs, at a load of 0\.1/);
  });

  it("has a picture of what was measured alone", () => {
    assert.deepEqual(
      measured.map(({ path }) => path),
      ["performance.md", "performance/clusters.svg"],
    );
    assert.match(page, /!\[[^\]]+\]\(performance\/clusters\.svg\)/);
    assertWellFormed(measured[1]?.text ?? "");
  });

  it("tells of every benchmark", () => {
    assert.deepEqual(Object.keys(PROSE).sort(), CATALOG.map(({ name }) => name).sort());
  });

  it("is committed as the committed results make it", () => {
    for (const { path, text } of currentReport(ROOT)) {
      assert.equal(readFileSync(join(ROOT, "docs", path), "utf8"), text, `npm run bench -- report: docs/${path}`);
    }
  });
});

describe("results of benchmarks", () => {
  const folder = temporaryFolder();

  it("are read as they are written", () => {
    assert.equal(readResult(folder.path, "clusters"), undefined);
    writeResult(folder.path, RESULT);
    assert.deepEqual(readResult(folder.path, "clusters"), RESULT);
  });

  it("are refused where they are none", () => {
    assert.throws(() => writeResult(folder.path, { ...RESULT, cases: [] }), /cases/);
    folder.write("bench/results/clusters.json", "{}");
    assert.throws(() => readResult(folder.path, "clusters"), /bench\/results\/clusters\.json: /);
  });
});
