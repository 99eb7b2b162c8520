import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { create } from "tar";
import { compareCharts } from "../../scripts/charts/compare";
import { readPackage } from "../../scripts/charts/package";
import { ROOT, temporaryFolder } from "../support/stack";

const definition = (versions: readonly (readonly [name: string, served: boolean])[]) => `{{- if .Values.crds }}
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: widgets.example.com
  labels:
    {{- include "labels" . | nindent 4 }}
    chart: {{ .Chart.Name }}
spec:
  group: example.com
  names: { kind: Widget, plural: widgets }
  versions:
${versions.map(([name, served]) => `    - { name: ${name}, served: ${served} }`).join("\n")}
{{- end }}
`;

describe("two versions of a chart", () => {
  const folder = temporaryFolder();
  const write = (name: string, files: Readonly<Record<string, string>>) => {
    mkdirSync(`${folder.path}/${name}/widget/templates`, { recursive: true });
    for (const [file, text] of Object.entries(files)) folder.write(`${name}/widget/${file}`, text);
  };
  before(async () => {
    write("old", {
      "Chart.yaml": "name: widget\nversion: 1.0.0\n",
      "values.yaml": "a: 1\nb: { c: 1, d: { e: 1 } }\nf: {}\n",
      "templates/kinds.yaml": definition([
        ["v1alpha1", true],
        ["v1", true],
      ]),
    });
    write("new", {
      "Chart.yaml": "name: widget\nversion: 2.0.0\n",
      "values.yaml": "a: 2\nb: { c: 1 }\ng: 1\n",
      "templates/kinds.yaml": definition([
        ["v1alpha1", false],
        ["v1", true],
      ]),
    });
    for (const name of ["old", "new"]) {
      await create({ file: `${folder.path}/${name}.tgz`, cwd: `${folder.path}/${name}`, gzip: true }, ["widget"]);
    }
  });

  for (const [form, path] of [
    ["packaged", (name: string) => `${folder.path}/${name}.tgz`],
    ["in folders", (name: string) => `${folder.path}/${name}/widget`],
  ] as const) {
    it(`${form}: what vanished, what is new, and what is not served any more`, async () => {
      const [old, now] = [await readPackage(path("old")), await readPackage(path("new"))];
      assert.deepEqual([old.name, old.version, now.version], ["widget", "1.0.0", "2.0.0"]);
      assert.deepEqual(compareCharts(old, now), {
        vanished: ["b.d", "f"],
        added: ["g"],
        notServed: ["widgets.example.com/v1alpha1"],
        unread: [],
      });
    });
  }

  it("are the same with themselves", async () => {
    const old = await readPackage(`${folder.path}/old.tgz`);
    assert.deepEqual(compareCharts(old, old), { vanished: [], added: [], notServed: [], unread: [] });
  });

  const call = (...args: readonly string[]) =>
    spawnSync(process.execPath, ["--import", "tsx", "scripts/charts/main.ts", ...args], {
      cwd: ROOT,
      encoding: "utf8",
    });

  it("are shown by the command", () => {
    const { status, stdout } = call("compare", `${folder.path}/old.tgz`, `${folder.path}/new.tgz`);
    assert.equal(status, 0);
    assert.match(stdout, /^widget 1\.0\.0 → 2\.0\.0: used by no add-on$/m);
    assert.match(stdout, /^Keys of values\.yaml that vanished:\n {2}b\.d\n {2}f$/m);
  });

  const bad: readonly (readonly [title: string, args: () => readonly string[], message: RegExp])[] = [
    ["nothing", () => [], /^npm run charts/],
    ["a file that is not there", () => ["compare", "none.tgz", "none.tgz"], /none\.tgz: there is no such file/],
    [
      "what is no chart",
      () => ["compare", `${folder.path}/old`, `${folder.path}/old`],
      /holds no Chart\.yaml with a name and a version/,
    ],
    [
      "what is no archive",
      () => [`compare`, `${folder.path}/old/widget/values.yaml`, `${folder.path}/old.tgz`],
      /values\.yaml: (is no packaged chart|holds no Chart\.yaml)/,
    ],
  ];
  for (const [title, args, message] of bad) {
    it(`are not made of ${title}`, () => {
      const { status, stderr } = call(...args());
      assert.equal(status, 2, stderr);
      assert.match(stderr, message);
    });
  }
});
