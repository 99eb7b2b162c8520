import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Addon, ChartPin, SelectedAddon } from "../../components/addons";
import type { Workload } from "../../components/clusters";
import type { FleetPlan } from "../../components/fleet";
import { definitionOf } from "../clusters/simulate";

/** What a stand-in chart has of the real one, for the summary. */
export const STAND_IN_CHART =
  "workloads that do nothing, the values in a ConfigMap, and the kinds without their validation";

/**
 * Writes a stand-in chart for each add-on into `folder`, generated from the catalog.
 * @returns The charts' names.
 */
export function writeStandInCharts(selected: readonly SelectedAddon[], fleet: FleetPlan, folder: string): string[] {
  rmSync(folder, { recursive: true, force: true });
  return [...byChart(selected)].map(([name, [pin, users]]) => {
    const { chart, version, appVersion } = pin;
    if (pin.manifest !== undefined) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `${name}.yaml`), standInManifest(users, fleet));
      return chart;
    }
    const own = join(folder, name);
    const templates = join(own, "templates");
    mkdirSync(templates, { recursive: true });
    const manifest = { apiVersion: "v2", name: chart, version, appVersion, description: `Stand-in for ${chart}` };
    writeFileSync(join(own, "Chart.yaml"), stringify(manifest));
    writeFileSync(join(own, "values.yaml"), "{}\n");
    writeFileSync(join(templates, "values.yaml"), VALUES);
    const workloads = users.flatMap(({ addon, config }) =>
      addon.form === "objects" ? [] : workloadsOf(addon, config, fleet),
    );
    const named = new Map(workloads.map((workload) => [`${workload.kind}/${workload.name}`, workload]));
    writeFileSync(join(templates, "workloads.yaml"), [...named.values()].map(workloadTemplate).join("---\n"));
    writeFileSync(join(templates, "kinds.yaml"), users.map(kindsTemplate).join("---\n"));
    return chart;
  });
}

/** What is published as one manifest makes its namespace itself. */
function standInManifest(users: readonly SelectedAddon[], fleet: FleetPlan): string {
  const documents = users.flatMap(({ addon, config }) => [
    stringify({ apiVersion: "v1", kind: "Namespace", metadata: { name: addon.namespace.name } }),
    ...addon.kinds.map((kind) => stringify(definitionOf(kind))),
    ...workloadsOf(addon, config, fleet).map((workload) =>
      workloadTemplate(workload)
        .replaceAll("{{ .Release.Namespace }}", addon.namespace.name)
        .replaceAll(/\{\{[^}]+\}\}/g, addon.name),
    ),
  ]);
  return documents.join("---\n");
}

/** Add-ons by the chart and version that they install: two may install one, and one chart may be there at two versions. */
function byChart(selected: readonly SelectedAddon[]): Map<string, [ChartPin, SelectedAddon[]]> {
  const charts = new Map<string, [ChartPin, SelectedAddon[]]>();
  for (const one of selected) {
    const { chart } = one.addon;
    // A chart of this repository needs no stand-in.
    if (chart === undefined || chart.path !== undefined) continue;
    const name = `${chart.chart}-${chart.version}`;
    const [, users] = charts.get(name) ?? [chart, []];
    charts.set(name, [chart, [...users, one]]);
  }
  return charts;
}

/** The workloads that the program waits for on any cluster, or one of the release's name where it waits for the release. */
function workloadsOf(addon: Addon, config: unknown, fleet: FleetPlan): Pick<Workload, "kind" | "name">[] {
  const all = fleet.clusters.flatMap((cluster) => addon.workloads?.(cluster, config) ?? []);
  const named = new Map(all.map((workload) => [`${workload.kind}/${workload.name}`, workload]));
  return named.size > 0 ? [...named.values()] : [{ kind: "Deployment", name: "{{ .Release.Name }}" }];
}

/** An add-on's kinds; of a chart that serves several add-ons each gets its own, as the real chart's values choose them. */
function kindsTemplate({ addon, config }: SelectedAddon): string {
  const { kinds, chart, release } = addon;
  const own = kinds.filter((kind) => kind.registeredBy === "release").map(definitionOf);
  const name = release ?? chart?.chart;
  const keep = keepOf(addon, config);
  return `{{- if eq .Release.Name "${name}" }}\n${own.map((kind) => kindTemplate(kind, keep)).join("---\n")}{{- end }}\n`;
}

/** What keeps kinds when the release goes: charts agree on the value `crds.keep`, and some charts always keep them. */
function keepOf({ keepsKinds }: Addon, config: unknown): string {
  const keep = "helm.sh/resource-policy: keep";
  const isChoice = Object.hasOwn(Object(config), "keepKinds");
  if (!isChoice && keepsKinds?.(config) !== undefined) return keep;
  return `{{- if (.Values.crds).keep }}\n    ${keep}\n    {{- end }}`;
}

function kindTemplate(definition: object, keep: string): string {
  const text = stringify(definition);
  const annotations = /^ {2}annotations:$/m;
  if (annotations.test(text)) return text.replace(annotations, `  annotations:\n    ${keep}`);
  return text.replace(/^metadata:$/m, `metadata:\n  annotations:\n    openchoreo.dev/stand-in: "true"\n    ${keep}`);
}

const VALUES = `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-values
  namespace: {{ .Release.Namespace }}
  labels: { openchoreo.dev/stand-in: "true" }
data:
  values.yaml: |
    {{- toYaml .Values | nindent 4 }}
`;

/** Passes Pod Security "restricted", and runs on nodes that are not ready for others yet. */
function workloadTemplate({ kind, name }: Pick<Workload, "kind" | "name">): string {
  const labels = { "app.kubernetes.io/name": name };
  return stringify({
    apiVersion: "apps/v1",
    kind,
    metadata: { name, namespace: "{{ .Release.Namespace }}", labels: { "openchoreo.dev/stand-in": "true" } },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          automountServiceAccountToken: false,
          tolerations: [{ operator: "Exists" }],
          securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
          containers: [
            {
              name: "stand-in",
              image: "stand-in.invalid/{{ .Chart.Name }}:{{ .Chart.Version }}",
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
            },
          ],
        },
      },
    },
  });
}
