import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { create } from "tar";
import { withDifferences } from "../../../plan/against";
import type { Difference } from "../../../plan/against/model";
import { PLAN_VERSION, type Plan, type PlanResource } from "../../../plan/model";
import { report } from "../../../plan/report";
import { planResource } from "../../support/plan-resource";
import { ROOT, temporaryFolder } from "../../support/stack";

const TEMPLATES: Readonly<Record<string, string>> = {
  "deployment.yaml": `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  annotations: { started: "{{ randAlphaNum 12 }}", kube: "{{ .Capabilities.KubeVersion.Version }}" }
spec:
  replicas: {{ .Values.replicas }}
`,
  "secret.yaml": `apiVersion: v1
kind: Secret
metadata: { name: login }
stringData: { password: "{{ randAlphaNum 32 }}", user: "{{ .Values.user }}" }
`,
  "extra.yaml": `{{- if eq (toString .Values.extra) "no" }}{{ fail "extra has to be true or false" }}{{ end }}
{{- if .Values.extra }}
apiVersion: v1
kind: ConfigMap
metadata: { name: extra, namespace: {{ .Values.elsewhere | default .Release.Namespace }} }
{{- end }}
`,
};

/** What stands in for Helm where there is none: it answers for the chart above as Helm does. */
const STAND_IN = `#!/usr/bin/env node
const { readFileSync } = require("node:fs");
const args = process.argv.slice(2);
const after = (name) => args[args.indexOf(name) + 1];
const values = { replicas: 1, user: "demo", extra: false, ...JSON.parse(readFileSync(after("--values"), "utf8")) };
if (args[0] !== "template" || !readFileSync(args[2]).length) process.exit(9);
if (values.extra === "no") {
  console.error("Error: execution error at (demo/templates/extra.yaml:1:31): extra has to be true or false");
  process.exit(1);
}
const random = () => Math.random().toString(36).slice(2);
const kube = "v" + after("--kube-version") + ".0";
console.log(JSON.stringify({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", annotations: { started: random(), kube } }, spec: { replicas: values.replicas } }));
console.log("---");
console.log(JSON.stringify({ apiVersion: "v1", kind: "Secret", metadata: { name: "login" }, stringData: { password: random(), user: values.user } }));
const namespace = values.elsewhere ?? after("--namespace");
if (values.extra) console.log("---\\n" + JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "extra", namespace } }));
`;

/** Helm itself: on PATH, beside packaged charts of this checkout, or where the engine is. */
function realHelm(): string | undefined {
  const engines = join(ROOT, ".engine");
  const engine = existsSync(engines) ? readdirSync(engines).map((folder) => join(engines, folder, "bin")) : [];
  const places = [...(process.env.PATH ?? "").split(delimiter), join(ROOT, "charts-local/bin"), ...engine];
  return places.map((place) => join(place, "helm")).find(existsSync);
}

/** A release of the chart on cluster east. */
function release(values: object, version = "1.0.0"): PlanResource {
  const inputs = { name: "demo", namespace: "shop", chart: "oci://charts.test/demo", version, values };
  return planResource("east.demo", "kubernetes:helm.sh/v3:Release", inputs);
}

function planWith(resource: PlanResource): Plan {
  const cluster = {
    name: "east",
    planes: ["data"],
    provider: "existing",
    region: null,
    wave: 1,
    drained: false,
    kubernetes: "1.34",
    objectStore: { place: "server" },
    addons: [],
  } as const;
  return {
    version: PLAN_VERSION,
    stack: "dev",
    profile: "development",
    domain: "choreo.test",
    control: { cluster: "east" },
    clusters: [cluster],
    waves: [["east"]],
    links: [],
    tenants: [],
    resources: [resource],
    policy: { rules: 0, violations: [], exemptions: [] },
    endpoints: [],
    certificates: [],
    notes: [],
    seconds: 0,
  };
}

/** @param helm Helm itself; a stand-in without it. */
function rendersDifferences(helm: string | undefined): void {
  const folder = temporaryFolder();
  const charts = join(folder.path, "charts");
  const { PATH } = process.env;

  before(async () => {
    mkdirSync(join(charts, "bin"), { recursive: true });
    if (helm === undefined) writeFileSync(join(charts, "bin/helm"), STAND_IN, { mode: 0o755 });
    else symlinkSync(helm, join(charts, "bin/helm"));
    const chart = join(folder.path, "demo");
    mkdirSync(join(chart, "templates"), { recursive: true });
    writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: demo\nversion: 1.0.0\n");
    writeFileSync(join(chart, "values.yaml"), "replicas: 1\nuser: demo\nextra: false\n");
    for (const [file, text] of Object.entries(TEMPLATES)) writeFileSync(join(chart, "templates", file), text);
    await create({ cwd: folder.path, file: join(charts, "demo-1.0.0.tgz"), gzip: true }, ["demo"]);
    // The Helm that is meant is found beside the charts.
    const own = (PATH ?? "").split(delimiter).filter((place) => !existsSync(join(place, "helm")));
    process.env.PATH = own.join(delimiter);
  });
  after(() => {
    process.env.PATH = PATH;
  });

  /** What differs, by the whole way that `--against` and `--charts` take. */
  async function changes(before: PlanResource, after: PlanResource): Promise<Plan> {
    const against = folder.write("before.json", JSON.stringify(planWith(before)));
    return withDifferences(Promise.resolve(planWith(after)), { root: folder.path, stack: "dev", against, charts });
  }

  const lines = ({ differences }: Plan) =>
    (differences?.resources ?? []).flatMap((one: Difference) =>
      one.properties.map(({ path, before: was, after: is }) => `${path}: ${was ?? "-"} → ${is ?? "-"}`),
    );

  it("are those of objects: changed, and come", async () => {
    const plan = await changes(release({ replicas: 1 }), release({ replicas: 3, extra: true }));
    assert.equal(plan.differences?.level, "rendered objects");
    assert.equal(plan.differences?.limits, undefined);
    assert.deepEqual(lines(plan).sort(), [
      "ConfigMap shop/extra: - → an object",
      "Deployment shop/web: spec.replicas: 1 → 3",
    ]);
    assert.match(report(plan, "markdown"), /ConfigMap shop\/extra/);
  });

  it("are those of objects that go, or are in another namespace", async () => {
    const moved = await changes(release({ extra: true }), release({ extra: true, elsewhere: "other" }));
    assert.deepEqual(lines(moved).sort(), [
      "ConfigMap other/extra: - → an object",
      "ConfigMap shop/extra: an object → -",
    ]);
  });

  it("are none where values differ and no object does; a Secret shows which keys it has, and what it holds to nobody", async () => {
    const plan = await changes(release({ user: "TOP-SECRET-1" }), release({ user: "TOP-SECRET-2" }));
    assert.deepEqual(lines(plan), ["(values differ, and no rendered object does): - → -"]);
    assert.doesNotMatch(JSON.stringify(plan.differences), /TOP-SECRET/);
  });

  it("keep what is no value, such as the release's namespace", async () => {
    const elsewhere = release({ replicas: 2 });
    const plan = await changes(release({}), { ...elsewhere, inputs: { ...elsewhere.inputs, namespace: "other" } });
    assert.ok(lines(plan).includes("namespace: shop → other"));
  });

  it("are those of values where the chart is not at hand, and the plan says so", async () => {
    const plan = await changes(release({ replicas: 1 }), release({ replicas: 3 }, "2.0.0"));
    assert.match(plan.differences?.limits ?? "", /^east\.demo: no packaged chart oci:\/\/charts\.test\/demo 2\.0\.0$/);
    assert.ok(lines(plan).includes("values.replicas: 1 → 3"));
  });

  it("are those of values where Helm refuses them, with its reason", async () => {
    const plan = await changes(release({}), release({ extra: "no" }));
    assert.match(plan.differences?.limits ?? "", /^east\.demo: helm: Error: .*extra has to be true or false/);
    assert.ok(lines(plan).some((line) => line.startsWith("values.extra: ")));
  });
}

describe("differences of what charts render, by a stand-in for Helm", () => {
  rendersDifferences(undefined);

  it("are rendered for the Kubernetes of the cluster", async () => {
    const folder = temporaryHelm();
    const before = folder.write("before.json", JSON.stringify(planWith(release({}))));
    const newer = planWith(release({ user: "other" }));
    const after = { ...newer, clusters: newer.clusters.map((one) => ({ ...one, kubernetes: "1.35" })) };
    const { differences } = await withDifferences(Promise.resolve(after), {
      root: folder.path,
      stack: "dev",
      against: before,
      charts: folder.path,
    });
    assert.deepEqual(differences?.resources[0]?.properties, [
      { path: "Deployment shop/web: metadata.annotations.kube", before: "v1.34.0", after: "v1.35.0", replaces: false },
    ]);
  });

  const folder = temporaryFolder();
  /** Charts with the stand-in, for a test of its own. */
  function temporaryHelm(): typeof folder {
    writeFileSync(join(folder.path, "helm"), STAND_IN, { mode: 0o755 });
    folder.write("demo-1.0.0.tgz", "a chart");
    return folder;
  }
});

describe(`differences of what charts render, by Helm${realHelm() === undefined ? " (skipped: there is no helm here)" : ""}`, () => {
  before(function () {
    if (realHelm() === undefined) this.skip();
  });
  if (realHelm() !== undefined) rendersDifferences(realHelm());
  else it("are compared");
});

describe("differences of what charts render, without Helm", () => {
  const folder = temporaryFolder();
  const { PATH } = process.env;
  before(() => {
    process.env.PATH = folder.path;
  });
  after(() => {
    process.env.PATH = PATH;
  });

  it("are those of values, and the plan says why", async () => {
    const against = folder.write("before.json", JSON.stringify(planWith(release({ replicas: 1 }))));
    const call = { root: folder.path, stack: "dev", against, charts: folder.path };
    const { differences } = await withDifferences(Promise.resolve(planWith(release({ replicas: 2 }))), call);
    assert.match(differences?.limits ?? "", /^values of charts only: there is no helm/);
    assert.deepEqual(
      [differences?.level, differences?.resources[0]?.properties[0]?.path],
      ["values", "values.replicas"],
    );
  });
});
