import { deepEqual, equal, match, notEqual } from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { parseAllDocuments } from "yaml";
import { PINS, selectAddons } from "../../components/addons";
import { planFleet } from "../../components/fleet";
import { writeStandInCharts } from "../../rehearsal/charts/stand-in";
import { probeUrl, unreachableCharts } from "../../rehearsal/charts/upstream";
import { decodeRelease } from "../../rehearsal/clusters/check";
import { added } from "../../rehearsal/clusters/inventory";
import { rehearsalEnvironment } from "../../rehearsal/environment";
import { foldersOf } from "../../rehearsal/folders";
import { releaseLock, takeLock } from "../../rehearsal/process";
import { table } from "../../rehearsal/report";
import { readStack } from "../../rehearsal/stack-file";
import { countChanges } from "../../tenancy/changes";

const CERT_MANAGER = `cert-manager-${PINS["cert-manager"].version}`;

describe("pieces of the rehearsal", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pieces-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("hands none of the user's credentials on", () => {
    const poisoned = {
      PATH: "/usr/bin",
      HOME: "/home/user",
      KUBECONFIG: "/home/user/.kube/config",
      AWS_PROFILE: "prod",
      AWS_ACCESS_KEY_ID: "key",
      PULUMI_ACCESS_TOKEN: "token",
      HTTPS_PROXY: "http://proxy.example",
      LANG: "C.UTF-8",
    };
    const folders = foldersOf(folder, "dev");
    const environment = rehearsalEnvironment(folders, { path: "/engine:/usr/bin" }, poisoned);
    const values = Object.entries(poisoned).filter(([name]) => name !== "PATH" && name !== "LANG");
    for (const [, value] of values) equal(Object.values(environment).includes(value), false, value);
    equal(environment.HOME, folders.home);
    equal(environment.LANG, "C.UTF-8");
    notEqual(environment.KUBECONFIG, undefined);
  });

  it("gives a lock to one process, and takes over one whose process is gone", () => {
    const file = join(folder, "lock");
    equal(takeLock(file), undefined);
    equal(takeLock(file), undefined, "again by its holder");
    writeFileSync(file, "1");
    equal(takeLock(file), 1);
    releaseLock(file);
    equal(readFileSync(file, "utf8"), "1", "someone else's lock is not given back");
    writeFileSync(file, "999999999");
    equal(takeLock(file), undefined);
  });

  it("writes a stand-in for each chart, with the pin's version and the kinds that the release brings", () => {
    const stack = readStack(join(__dirname, "..", ".."), "dev", []);
    if ("problems" in stack) throw new Error(JSON.stringify(stack.problems));
    const selected = selectAddons(stack.settings.platform);
    const charts = selected.flatMap(({ addon }) => addon.chart?.chart ?? []);
    deepEqual(writeStandInCharts(selected, planFleet(stack.settings, "dev"), folder), [...new Set(charts)]);
    const shared = readFileSync(
      join(folder, `gateway-crds-helm-${PINS["gateway-api-crds"].version}`, "templates", "kinds.yaml"),
      "utf8",
    );
    const parts = shared.split("{{- if eq .Release.Name ").slice(1);
    deepEqual(
      parts.map((part) => [/^"(.+?)"/.exec(part)?.[1], part.includes("envoyproxies"), part.includes("httproutes")]),
      [
        ["gateway-crds-helm", false, true],
        ["envoy-gateway-crds", true, false],
      ],
      "of a chart that serves two, each has its own kinds",
    );
    const workloads = readFileSync(
      join(folder, `cilium-${PINS.cilium.version}`, "templates", "workloads.yaml"),
      "utf8",
    );
    deepEqual(
      parseAllDocuments(workloads).map((document) => `${document.toJS().kind} ${document.toJS().metadata.name}`),
      [
        "DaemonSet cilium",
        "Deployment cilium-operator",
        "Deployment hubble-relay",
        "Deployment hubble-ui",
        "Deployment clustermesh-apiserver",
      ],
    );
    const chart = readFileSync(join(folder, CERT_MANAGER, "Chart.yaml"), "utf8");
    match(chart, new RegExp(`version: ${PINS["cert-manager"].version}`));
    const kinds = readFileSync(join(folder, CERT_MANAGER, "templates", "kinds.yaml"), "utf8").replace(
      /\{\{.*\}\}/g,
      "",
    );
    const names = parseAllDocuments(kinds).map((document) => document.toJS().metadata.name);
    deepEqual(names.sort(), [
      "certificaterequests.cert-manager.io",
      "certificates.cert-manager.io",
      "challenges.acme.cert-manager.io",
      "clusterissuers.cert-manager.io",
      "issuers.cert-manager.io",
      "orders.acme.cert-manager.io",
    ]);
  });

  it("reads a release as Helm keeps it", () => {
    const release = {
      name: "cilium",
      info: { status: "deployed" },
      chart: { metadata: { name: "cilium", version: "1.2.3" } },
    };
    const inner = gzipSync(JSON.stringify(release)).toString("base64");
    deepEqual(decodeRelease(Buffer.from(inner).toString("base64")), release);
  });

  it("counts a replacement as a deletion and a creation", () => {
    deepEqual(countChanges({ create: 2, replace: 1, delete: 3, update: 4, same: 5 }), {
      created: 3,
      updated: 4,
      deleted: 4,
      same: 5,
    });
  });

  it("finds what was added", () => deepEqual(added(new Set(["a"]), new Set(["c", "a", "b"])), ["b", "c"]));

  it("aligns a table", () => {
    equal(table(["a", "long"], [["value", "x"]]), "a      long\n-----  ----\nvalue  x");
  });

  it("asks each kind of repository in its own way, and takes 'log in first' for an answer", async () => {
    equal(probeUrl("oci://registry.example/charts/a"), "https://registry.example/v2/");
    equal(probeUrl("https://charts.example/stable/"), "https://charts.example/stable/index.yaml");
    const pins = [
      { chart: "a", version: "1.0.0", repository: "oci://registry.example/a" },
      { chart: "b", version: "1.0.0", repository: "https://down.example" },
    ];
    const missing = await unreachableCharts(pins, async (url) => {
      throw new Error(url.includes("registry") ? `${url}: 401 Unauthorized` : `${url}: refused`);
    });
    deepEqual(
      missing.map(({ chart }) => chart),
      ["b"],
    );
  });
});
