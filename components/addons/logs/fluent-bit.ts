import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { inMesh, type Problem, type Profile, words } from "../../settings";
import { defineAddon } from "../addon";
import { PINS } from "../charts";
import { type AddonScope, type AddonTarget, clustersWith, isOn, type PlatformCluster } from "../contract";
import { digest } from "../digest";
import { globalService, reaches } from "../global-service";
import type { Monitoring } from "../monitoring";
import { fluentBitFiles, PASSWORD_VARIABLE, STATE_FOLDER } from "./fluent-bit-config";
import { LOGS_NAMESPACE, OPENSEARCH, OPENSEARCH_HOST, PLATFORM_LOGS, TENANT_LABELS, USERS } from "./names";
import { opensearchPassword } from "./opensearch-security";

/** Secret with the roots that sign OpenSearch's certificate, and the password of Fluent Bit's user. */
const SECRET = "fluent-bit-opensearch";

/** Namespace of the proxies of Envoy Gateway, whose access logs have a stream of their own. */
const GATEWAY_NAMESPACE = "envoy-gateway-system";

const config = (profile: Profile) =>
  z
    .strictObject({
      enabled: z.boolean().default(true),
      buffer: z
        .string()
        .regex(/^[1-9][0-9]*[MG]$/, { error: 'not a size such as "512M" or "2G"' })
        .default(profile === "production" ? "2G" : "256M")
        .describe("What each node keeps on its disk while OpenSearch cannot be reached; the oldest goes first."),
      opensearchHost: words.hostName
        .optional()
        .describe("Name by which clusters outside the mesh reach port 9200 of OpenSearch, where there are any."),
    })
    .describe("Fluent Bit: the log of every container of every cluster, sent to OpenSearch.");
export type FluentBitConfig = z.output<ReturnType<typeof config>>;

/** Whether OpenSearch runs on this cluster or is a global service here. */
function reachesOpenSearch(target: AddonTarget): boolean {
  return clustersWith(target, "opensearch").some((home) => reaches(target.cluster, home));
}

/** Fluent Bit's Helm values. Sources: the chart's values.yaml and Fluent Bit's manual. */
export function fluentBitValues(target: AddonTarget, { buffer, opensearchHost }: FluentBitConfig) {
  const host = reachesOpenSearch(target) ? OPENSEARCH_HOST : (opensearchHost ?? OPENSEARCH_HOST);
  return {
    testFramework: { enabled: false },
    rbac: { create: true },
    securityContext: {
      // The logs of a node's containers are root's.
      runAsUser: 0,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    },
    podAnnotations: { "openchoreo.dev/trust": target.trust.bundle.apply(digest) },
    resources: { requests: { cpu: "50m", memory: "96Mi" }, limits: { memory: "384Mi" } },
    // A node without it loses logs, so it runs on every node.
    tolerations: [{ operator: "Exists" }],
    updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "20%" } },
    env: environment(target),
    config: fluentBitFiles({ host, buffer, user: USERS.logs }),
    luaScripts: { "record.lua": readFileSync(join(__dirname, "record.lua"), "utf8") },
    daemonSetVolumes: [
      { name: "varlog", hostPath: { path: "/var/log" } },
      { name: "state", hostPath: { path: STATE_FOLDER, type: "DirectoryOrCreate" } },
      { name: "certificates", secret: { secretName: SECRET, items: [{ key: "ca.crt", path: "ca.crt" }] } },
    ],
    daemonSetVolumeMounts: [
      { name: "varlog", mountPath: "/var/log", readOnly: true },
      { name: "state", mountPath: STATE_FOLDER },
      { name: "certificates", mountPath: "/fluent-bit/certificates", readOnly: true },
    ],
  };
}

function environment({ cluster }: AddonTarget) {
  return [
    { name: "CLUSTER_NAME", value: cluster.name },
    { name: "PLATFORM_LOGS", value: PLATFORM_LOGS },
    { name: "GATEWAY_NAMESPACE", value: GATEWAY_NAMESPACE },
    { name: "TENANT_LABELS", value: TENANT_LABELS.join(",") },
    { name: PASSWORD_VARIABLE, valueFrom: { secretKeyRef: { name: SECRET, key: "password" } } },
  ];
}

/** The Secret, and where OpenSearch is elsewhere, its Service on this cluster. */
function prepare(scope: AddonScope<FluentBitConfig>): pulumi.Resource[] {
  const { name, trust, opts } = scope;
  const secret = new kubernetes.core.v1.Secret(
    `${name}-opensearch`,
    {
      metadata: { name: SECRET, namespace: LOGS_NAMESPACE },
      stringData: { "ca.crt": trust.bundle, password: opensearchPassword(scope, "logs").value },
    },
    opts,
  );
  if (isOn(scope, "opensearch") || !reachesOpenSearch(scope)) return [secret];
  const { service, port, portName } = OPENSEARCH;
  const ports = [{ name: portName, port }];
  return [secret, globalService(`${name}-service`, { service, namespace: LOGS_NAMESPACE, ports }, opts)];
}

function monitoring(): Monitoring {
  const labels = { "app.kubernetes.io/name": "fluent-bit" };
  return {
    scrapes: [{ name: "agents", of: "pods", labels, port: "http", path: "/api/v2/metrics/prometheus" }],
    alerts: [
      {
        alert: "FluentBitNotDelivering",
        expr: "sum by (cluster, pod) (rate(fluentbit_output_proc_records_total[15m])) == 0 and sum by (cluster, pod) (rate(fluentbit_input_records_total[15m])) > 0",
        for: "15m",
        severity: "critical",
        summary: "Fluent Bit {{ $labels.pod }} reads logs and delivers none",
        runbook: "Its own log says why; the node keeps as much as fluentBit.buffer says.",
      },
      {
        alert: "FluentBitDropsRecords",
        expr: "sum by (cluster, pod) (rate(fluentbit_output_dropped_records_total[15m])) > 0",
        for: "5m",
        severity: "warning",
        summary: "Fluent Bit {{ $labels.pod }} drops records that OpenSearch did not take",
        runbook: "OpenSearch refuses them, or was away for longer than the node's buffer lasts (fluentBit.buffer).",
      },
    ],
    dashboards: {
      "fluent-bit": {
        title: "Fluent Bit",
        panels: [
          {
            title: "Records read",
            unit: "ops",
            queries: { "{{pod}}": "sum by (pod) (rate(fluentbit_input_records_total[5m]))" },
          },
          {
            title: "Records delivered",
            unit: "ops",
            queries: { "{{pod}}": "sum by (pod) (rate(fluentbit_output_proc_records_total[5m]))" },
          },
          {
            title: "Retries",
            unit: "ops",
            queries: { "{{pod}}": "sum by (pod) (rate(fluentbit_output_retries_total[5m]))" },
          },
          {
            title: "Buffered on disk",
            unit: "bytes",
            queries: { "{{pod}}": "sum by (pod) (fluentbit_input_storage_chunks_busy_bytes)" },
          },
        ],
      },
    },
  };
}

/** A cluster outside the mesh has to be told where OpenSearch is. */
function problems(
  { enabled, opensearchHost }: FluentBitConfig,
  clusters: Readonly<Record<string, PlatformCluster>>,
): Problem[] {
  if (!enabled || opensearchHost !== undefined) return [];
  const all = Object.entries(clusters).map(([name, { settings }]) => ({ name, settings }));
  const home = all.find(({ settings }) => settings.planes.includes("observability"));
  if (home === undefined) return [];
  const others = all.filter(({ name }) => name !== home.name);
  return others
    .filter(({ settings }) => !inMesh(settings) || !inMesh(home.settings))
    .map(({ name }) => ({
      path: "platform.fluentBit.opensearchHost",
      message: `cluster "${name}" reaches OpenSearch on "${home.name}" by no mesh; say by which name it does`,
    }));
}

export const fluentBit = defineAddon({
  name: "fluent-bit",
  key: "fluentBit",
  title: "Logs of every container, sent to OpenSearch by tenant",
  chart: PINS["fluent-bit"],
  // Only hostPath volumes show it the logs of its node.
  namespace: { name: LOGS_NAMESPACE, podSecurity: "privileged" },
  on: () => true,
  // A fleet without the observability plane has nowhere to send logs to.
  when: ({ opensearchHost }, _cluster, fleet) =>
    opensearchHost !== undefined || fleet.some(({ planes }) => planes.includes("observability")),
  needs: ["cilium", "opensearch"],
  kinds: [],
  config,
  values: fluentBitValues,
  monitoring,
  prepare,
  problems,
});
