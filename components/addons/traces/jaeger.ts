import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { Profile } from "../../settings";
import { defineAddon } from "../addon";
import { PINS } from "../charts";
import { type AddonScope, type AddonTarget, isOn, settingsOf } from "../contract";
import { digest } from "../digest";
import type { OpenSearchConfig } from "../logs/opensearch-config";
import { opensearchPassword } from "../logs/opensearch-security";
import type { Monitoring } from "../monitoring";
import { restrictedPod } from "../restricted";
import { dependencyJob } from "./dependencies";
import { CERTIFICATES, jaegerConfig, PASSWORD_VARIABLE } from "./jaeger-config";
import { JAEGER, READ_ONLY_CONTAINER, TRACES_NAMESPACE } from "./names";

/** Secret with the password of Jaeger's user of OpenSearch, and the roots that sign OpenSearch's certificate. */
const SECRET = "jaeger-opensearch";

const config = (profile: Profile) => {
  const production = profile === "production";
  return z
    .strictObject({
      enabled: z.boolean().default(true),
      replicas: z
        .int()
        .min(1)
        .max(10)
        .default(production ? 2 : 1)
        .describe("Replicas, each of which takes in spans and answers queries."),
      retention: z
        .string()
        .regex(/^[1-9][0-9]*[dh]$/, { error: 'not a number of days or hours such as "7d" or "12h"' })
        .default(production ? "7d" : "2d")
        .describe("How long traces are kept."),
    })
    .describe("Jaeger: traces of the fleet, on the observability plane.");
};
export type JaegerConfig = z.output<ReturnType<typeof config>>;

/** What answers PromQL: for the whole fleet where Thanos is there, else for the cluster. */
function metricsOf(target: AddonTarget): string | undefined {
  const at = (service: string) => `http://${service}.monitoring.svc:9090`;
  if (isOn(target, "thanos-global")) return at("thanos-global-query-frontend");
  return isOn(target, "kube-prometheus-stack") ? at("kube-prometheus-stack-prometheus") : undefined;
}

/** Go's durations know no days. */
function hours(retention: string): string {
  return retention.endsWith("h") ? retention : `${Number.parseInt(retention, 10) * 24}h`;
}

/** Jaeger's Helm values. Source: the chart's values.yaml; it reads `userconfig` alone. */
export function jaegerValues(target: AddonTarget, { replicas, retention }: JaegerConfig) {
  const nodes = settingsOf<OpenSearchConfig>(target, "opensearch")?.nodes ?? 1;
  const metrics = metricsOf(target);
  return {
    fullnameOverride: JAEGER.service,
    userconfig: jaegerConfig({ replicas: nodes > 1 ? 1 : 0, retention: hours(retention), metrics }),
    uiconfig: { dependencies: { menuEnabled: true }, monitor: { menuEnabled: metrics !== undefined } },
    jaeger: {
      replicas,
      strategy: { type: "RollingUpdate" },
      topologySpreadConstraints: replicas > 1 ? [spread()] : [],
      podSecurityContext: restrictedPod(10001),
      securityContext: READ_ONLY_CONTAINER,
      serviceAccount: { automountServiceAccountToken: false },
      resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "1Gi" } },
      extraEnv: [{ name: PASSWORD_VARIABLE, valueFrom: { secretKeyRef: { name: SECRET, key: "password" } } }],
      // What it reads at its start only.
      podLabels: { "openchoreo.dev/trust": target.trust.bundle.apply(digest) },
      extraVolumes: [
        { name: "certificates", secret: { secretName: SECRET, items: [{ key: "ca.crt", path: "ca.crt" }] } },
      ],
      extraVolumeMounts: [{ name: "certificates", mountPath: CERTIFICATES, readOnly: true }],
    },
  };
}

function spread() {
  const labelSelector = { matchLabels: { "app.kubernetes.io/name": "jaeger" } };
  return { maxSkew: 1, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway", labelSelector };
}

function prepare(scope: AddonScope<JaegerConfig>): pulumi.Resource[] {
  const { name, trust, opts } = scope;
  const stringData = { password: opensearchPassword(scope, "traces").value, "ca.crt": trust.bundle };
  const metadata = { name: SECRET, namespace: TRACES_NAMESPACE };
  return [new kubernetes.core.v1.Secret(`${name}-opensearch`, { metadata, stringData }, opts)];
}

function monitoring(): Monitoring {
  return {
    scrapes: [
      {
        name: "jaeger",
        of: "services",
        labels: { "app.kubernetes.io/name": "jaeger" },
        port: "internal-metrics",
      },
    ],
    alerts: [
      {
        alert: "JaegerDoesNotStore",
        expr: 'sum by (cluster) (rate({__name__=~"otelcol_exporter_send_failed_spans(_total)?",exporter="jaeger_storage_exporter"}[10m])) > 0',
        for: "15m",
        severity: "warning",
        summary: "Jaeger cannot write spans to OpenSearch",
      },
    ],
  };
}

export const jaeger = defineAddon({
  name: JAEGER.addon,
  key: "jaeger",
  title: "Traces of the fleet, with a map of dependencies and metrics of spans",
  chart: PINS.jaeger,
  namespace: { name: TRACES_NAMESPACE, podSecurity: "restricted" },
  on: (cluster) => cluster.planes.includes("observability"),
  needs: ["opensearch"],
  kinds: [],
  config,
  values: jaegerValues,
  monitoring,
  prepare,
  resources: ({ name, opts }) => [dependencyJob(`${name}-dependencies`, SECRET, opts)],
});
