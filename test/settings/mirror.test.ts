import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PINS } from "../../components/addons";
import { accepts, lines, problemsAfter, refuses } from "../support/settings";

const WIDGET = {
  chart: { repository: "https://charts.choreo.test", name: "widget", version: "1.2.3" },
  namespace: "widget",
  planes: ["data"],
};

describe("settings: a mirror of the charts", () => {
  const path = "platform.charts.mirror";
  const what = `${path}: a mirror is oci://…, https://… or a directory of packaged charts`;
  const { version, repository } = PINS.cilium;
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "mirror-"));
    const others = Object.values(PINS).filter(({ chart }) => chart !== "cilium" && chart !== "cert-manager");
    const files = [
      ...others.map(({ chart, version }) => `${chart}-${version}.tgz`),
      "cilium-0.1.0.tgz",
      "cilium-v0.2.0.tgz",
    ];
    for (const file of files) writeFileSync(join(folder, file), "");
    mkdirSync(join(folder, "cert-manager"));
    writeFileSync(
      join(folder, "cert-manager", "Chart.yaml"),
      `version: ${PINS["cert-manager"].version.replace("v", "")}`,
    );
  });
  after(() => rmSync(folder, { recursive: true }));

  accepts([
    ["in a registry", { [path]: "oci://mirror.test/charts" }],
    ["in a repository", { [path]: "https://mirror.test/charts" }],
  ]);
  refuses([
    [
      "a password for the mirror",
      { [path]: "https://bot:s3cr3t@mirror.test/charts" },
      `${path}: has a user or a password in the URL; write it without, and name a Secret where credentials are needed`,
    ],
    ["of an unknown scheme", { [path]: "ftp://mirror.test/charts" }, what],
    ["of an empty name", { [path]: "" }, what],
    [
      "that is missing",
      { [path]: "no/such/folder" },
      `${path}: no directory "no/such/folder"; give one that holds <chart>-<version>.tgz files`,
    ],
    [
      "that is a file",
      { [path]: "package.json" },
      `${path}: no directory "package.json"; give one that holds <chart>-<version>.tgz files`,
    ],
  ]);

  it("with one chart of other versions", () => {
    assert.deepEqual(lines(problemsAfter({ [path]: folder })), [
      `${path}: chart cilium ${version} is needed, and the directory has 0.1.0, v0.2.0; add cilium-${version}.tgz (from ${repository})`,
    ]);
  });

  it("without the chart of an extension", () => {
    writeFileSync(join(folder, `cilium-${version}.tgz`), "");
    assert.deepEqual(lines(problemsAfter({ [path]: folder, "platform.extensions.widget": WIDGET })), [
      `${path}: chart widget 1.2.3 is needed, and the directory does not have it; add widget-1.2.3.tgz (from https://charts.choreo.test)`,
    ]);
  });
});
