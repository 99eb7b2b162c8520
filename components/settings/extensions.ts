import { z } from "zod";
import { hasUser, label, USER_IN_URL } from "./words";

/**
 * A platform's own add-on, from settings alone. Source: DESIGN, section 7, extension points.
 * This is the one place where settings hold Kubernetes objects as they are.
 */

const upstreamChart = z.strictObject({
  repository: z
    .string()
    .regex(/^(oci|https?):\/\/\S+$/, { error: "a repository is https://… or oci://… (the chart itself)" })
    .refine((text) => !hasUser(text), USER_IN_URL)
    .describe("HTTP(S) repository of the chart, or oci://… with the chart's own path."),
  name: label("chart name").describe("The chart's name."),
  version: z
    .string()
    .regex(/^v?[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/, {
      error: "an exact chart version such as 1.2.3; ranges are refused",
    })
    .describe("Exact version."),
});

const localChart = z.strictObject({
  path: z.string().min(1).describe("Folder of a chart in this repository, relative to the project's root."),
});

const chart = z
  .union([upstreamChart, localChart])
  .optional()
  .describe("The chart to install. Absent: objects and monitoring alone.");

/** A Kubernetes object as it stands in a manifest. */
const object = z.looseObject({
  apiVersion: z.string().min(1),
  kind: z.string().min(1),
  metadata: z.looseObject({ name: z.string().min(1), namespace: z.string().min(1).optional() }),
});
export type ManifestObject = z.output<typeof object>;

const kind = z.strictObject({
  group: z.string().min(1).describe("API group, such as example.com."),
  version: z.string().min(1),
  kind: z.string().min(1),
  plural: z.string().min(1).describe("Plural in lower case, as in the definition's name."),
  scope: z.enum(["Namespaced", "Cluster"]).default("Namespaced"),
});

const alert = z.strictObject({
  alert: z.string().regex(/^[A-Z][A-Za-z0-9]*$/, { error: 'an alert\'s name is like "TooManyErrors"' }),
  expr: z.string().min(1).describe("PromQL."),
  for: z
    .string()
    .regex(/^[0-9]+(s|m|h|d)$/, { error: 'not a duration such as "10m"' })
    .default("10m"),
  severity: z.enum(["critical", "warning", "info"]).default("warning"),
  summary: z.string().min(1).describe("One sentence for whoever is woken by it."),
  runbook: z.string().optional(),
});

const dashboard = z.strictObject({
  title: z.string().min(1),
  panels: z
    .array(
      z.strictObject({
        title: z.string().min(1),
        queries: z.record(z.string(), z.string().min(1)).describe("PromQL by legend."),
        unit: z.string().optional().describe("Grafana's unit. Default: short."),
      }),
    )
    .min(1),
});

const scrape = z.strictObject({
  name: label("scrape's name"),
  of: z.enum(["services", "pods"]).default("services"),
  labels: z.record(z.string(), z.string()).refine((labels) => Object.keys(labels).length > 0, {
    error: "name at least one label, or everything in the namespace is scraped",
  }),
  port: z.string().min(1).describe("Name of the port."),
  path: z.string().startsWith("/").optional().describe("Default: /metrics."),
});

export const extension = z
  .strictObject({
    chart,
    namespace: label("namespace").describe("Namespace to install into; created with Pod Security labels."),
    podSecurity: z.enum(["restricted", "baseline", "privileged"]).default("restricted"),
    planes: z.array(z.enum(["control", "data", "workflow", "observability"])).min(1, {
      error: "name at least one plane",
    }),
    needs: z.array(z.string()).default([]).describe("Names of add-ons or extensions that come before."),
    values: z.record(z.string(), z.unknown()).default({}).describe("Helm values."),
    kinds: z.array(kind).default([]).describe("Kinds that the chart brings and that objects are made of."),
    manifests: z
      .array(z.string().min(1))
      .default([])
      .describe("YAML files with objects, relative to the project's root; they join `objects`."),
    objects: z
      .array(object)
      .default([])
      .describe(
        "Objects that plug in: custom resources, admission policies and webhooks, API services, Envoy Gateway's extension policies.",
      ),
    alerts: z.array(alert).default([]),
    dashboards: z.record(label("dashboard's name"), dashboard).default({}),
    scrapes: z.array(scrape).default([]).describe("What Prometheus scrapes in the extension's namespace."),
  })
  .superRefine((one, context) => {
    if (one.chart === undefined && Object.keys(one.values).length > 0) {
      context.addIssue({ code: "custom", path: ["values"], message: "values go with a chart" });
    }
    if (one.chart === undefined && isBare(one)) {
      const message = "brings nothing; give a chart, manifests, objects, alerts, dashboards or scrapes";
      context.addIssue({ code: "custom", message });
    }
  });
export type ExtensionSettings = z.output<typeof extension>;

function isBare(one: {
  readonly manifests: readonly string[];
  readonly objects: readonly unknown[];
  readonly alerts: readonly unknown[];
  readonly dashboards: object;
  readonly scrapes: readonly unknown[];
}): boolean {
  const lists = [one.manifests, one.objects, one.alerts, one.scrapes, Object.keys(one.dashboards)];
  return lists.every((list) => list.length === 0);
}
