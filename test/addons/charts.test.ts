import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { type ChartPin, type ChartSource, chartProblems, chartReference, chartSource } from "../../components/addons";
import { temporaryFolder } from "../support/stack";

const HTTP: ChartPin = { chart: "widget", version: "1.2.3", repository: "https://charts.test" };
const OCI: ChartPin = { chart: "gadget", version: "v4.5.6", repository: "oci://registry.test/team/gadget" };

describe("chartSource", () => {
  const cases: readonly (readonly [mirror: string | undefined, source: ChartSource])[] = [
    [undefined, { kind: "upstream" }],
    ["oci://mirror.test/charts", { kind: "oci", url: "oci://mirror.test/charts" }],
    ["oci://mirror.test/charts//", { kind: "oci", url: "oci://mirror.test/charts" }],
    ["https://mirror.test/charts", { kind: "http", url: "https://mirror.test/charts" }],
    ["http://mirror.test", { kind: "http", url: "http://mirror.test" }],
    ["charts-local", { kind: "directory", path: "charts-local", folder: "/project/charts-local" }],
    ["/srv/charts", { kind: "directory", path: "/srv/charts", folder: "/srv/charts" }],
    ["https", { kind: "directory", path: "https", folder: "/project/https" }],
  ];
  for (const [mirror, source] of cases) {
    it(`of ${mirror} is ${source.kind}`, () => assert.deepEqual(chartSource(mirror, "/project"), source));
  }
});

describe("chartReference", () => {
  const cases: readonly (readonly [title: string, pin: ChartPin, mirror: string | undefined, reference: object])[] = [
    [
      "a repository",
      HTTP,
      undefined,
      { chart: "widget", version: "1.2.3", repositoryOpts: { repo: "https://charts.test" } },
    ],
    ["a registry", OCI, undefined, { chart: "oci://registry.test/team/gadget", version: "v4.5.6" }],
    [
      "a mirror that is a repository",
      OCI,
      "https://mirror.test",
      { chart: "gadget", version: "v4.5.6", repositoryOpts: { repo: "https://mirror.test" } },
    ],
    ["a mirror that is a registry", HTTP, "oci://mirror.test", { chart: "oci://mirror.test/widget", version: "1.2.3" }],
  ];
  for (const [title, pin, mirror, reference] of cases) {
    it(`names a chart in ${title}`, () => assert.deepEqual(chartReference(pin, chartSource(mirror)), reference));
  }
});

describe("charts in a directory", () => {
  const folder = temporaryFolder();
  const source = chartSource("charts", folder.path);
  const chart = (pin: ChartPin) => chartReference(pin, source).chart;
  const problems = (...pins: ChartPin[]) => chartProblems(pins, source).map(({ message }) => message);
  const pinOf = (name: string, version: string): ChartPin => ({ ...HTTP, chart: name, version });
  before(() => {
    mkdirSync(`${folder.path}/charts/folded`, { recursive: true });
    mkdirSync(`${folder.path}/charts/empty`);
    folder.write("charts/folded/Chart.yaml", "name: folded\nversion: 3.0.0\n");
    for (const file of [
      "widget-1.2.3.tgz",
      "gadget-4.5.6.tgz",
      "widget-extra-1.2.3.tgz",
      "rc-1.0.0-rc.1.tgz",
      "gizmo-1.0.10.tgz",
      "notes.txt",
    ]) {
      folder.write(`charts/${file}`, "");
    }
  });

  const found: readonly (readonly [title: string, pin: ChartPin, chart: string])[] = [
    ["a packaged chart", HTTP, "charts/widget-1.2.3.tgz"],
    ['a version with and without "v"', OCI, "charts/gadget-4.5.6.tgz"],
    ["a chart whose name begins with another's", pinOf("widget-extra", "1.2.3"), "charts/widget-extra-1.2.3.tgz"],
    ["a version before a release", pinOf("rc", "1.0.0-rc.1"), "charts/rc-1.0.0-rc.1.tgz"],
    ["an unpacked chart", pinOf("folded", "3.0.0"), "charts/folded"],
  ];
  for (const [title, pin, path] of found) {
    it(`are found: ${title}`, () => {
      assert.equal(chart(pin), path);
      assert.deepEqual(problems(pin), []);
    });
  }

  const missing: readonly (readonly [title: string, pin: ChartPin, has: string])[] = [
    ["another version", pinOf("widget", "1.2.4"), "has 1.2.3"],
    ["another version of an unpacked chart", pinOf("folded", "3.0.1"), "has 3.0.0"],
    ["a version that begins as another", pinOf("widget", "1.2.30"), "has 1.2.3"],
    ["a version that another begins with", pinOf("gizmo", "1.0.1"), "has 1.0.10"],
    ["a folder that is no chart", pinOf("empty", "1.0.0"), "does not have it"],
    ["a chart that is not there", pinOf("nothing", "1.0.0"), "does not have it"],
  ];
  for (const [title, pin, has] of missing) {
    it(`are missed: ${title}`, () => {
      assert.deepEqual(problems(HTTP, pin), [
        `chart ${pin.chart} ${pin.version} is needed, and the directory ${has}; add ${pin.chart}-${pin.version}.tgz (from ${pin.repository})`,
      ]);
    });
  }

  it("are not looked for in another kind of source", () => {
    assert.deepEqual(chartProblems([HTTP], { kind: "upstream" }), []);
    assert.deepEqual(chartProblems([HTTP], { kind: "http", url: "https://mirror.test" }), []);
  });
});
