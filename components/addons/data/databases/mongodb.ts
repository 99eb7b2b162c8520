import { z } from "zod";
import { defineAddon } from "../../addon";
import { PINS } from "../../charts";
import type { AddonTarget } from "../../contract";
import type { Monitoring } from "../../monitoring";
import { RESTRICTED_CONTAINER, RESTRICTED_POD } from "../../restricted";

const KINDS = [
  ["PerconaServerMongoDB", "perconaservermongodbs"],
  ["PerconaServerMongoDBBackup", "perconaservermongodbbackups"],
  ["PerconaServerMongoDBRestore", "perconaservermongodbrestores"],
] as const;

const config = () =>
  z
    .strictObject({
      enabled: z.boolean().default(true).describe("Off where no tenant has a MongoDB database."),
    })
    .describe("MongoDB: the Percona operator.");
export type MongodbConfig = z.output<ReturnType<typeof config>>;

/** Source: the chart's values.yaml. One replica: databases run on while it is away, and it has no webhook. */
export function psmdbOperatorValues(_target: AddonTarget) {
  return {
    watchAllNamespaces: true,
    disableTelemetry: true,
    logStructured: true,
    podSecurityContext: { ...RESTRICTED_POD, runAsUser: 2 },
    securityContext: RESTRICTED_CONTAINER,
    resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "512Mi" } },
  };
}

/** The operator shows no state of databases; what is known of them is that of their pods. */
function monitoring(): Monitoring {
  const notReady = (container: string) =>
    `kube_pod_container_status_ready{container="${container}"} == 0 and on (namespace, pod) kube_pod_status_phase{phase="Running"} == 1`;
  return {
    scrapes: [
      { name: "operator", of: "pods", labels: { "app.kubernetes.io/name": "psmdb-operator" }, port: "metrics" },
    ],
    alerts: [
      {
        alert: "MongodbMemberDown",
        expr: notReady("mongod"),
        for: "10m",
        severity: "critical",
        summary: "MongoDB in {{ $labels.namespace }}/{{ $labels.pod }} is not ready",
        runbook: "kubectl describe psmdb, then the log of the pod's container mongod.",
      },
      {
        alert: "MongodbBackupAgentDown",
        expr: notReady("backup-agent"),
        for: "30m",
        severity: "warning",
        summary: "Nothing backs up MongoDB in {{ $labels.namespace }}/{{ $labels.pod }}: its agent is not ready",
        runbook: "The log of the pod's container backup-agent; mostly the bucket's account.",
      },
    ],
    dashboards: {
      mongodb: {
        title: "MongoDB",
        panels: [
          {
            title: "Members that are ready",
            queries: {
              "{{namespace}}": 'sum by (namespace) (kube_pod_container_status_ready{container="mongod"})',
            },
          },
          {
            title: "Memory",
            unit: "bytes",
            queries: {
              "{{namespace}}/{{pod}}":
                'sum by (namespace, pod) (container_memory_working_set_bytes{container="mongod"})',
            },
          },
          {
            title: "Restarts",
            queries: {
              "{{namespace}}/{{pod}}":
                'sum by (namespace, pod) (increase(kube_pod_container_status_restarts_total{container=~"mongod|mongos"}[1h]))',
            },
          },
        ],
      },
    },
  };
}

export const psmdbOperator = defineAddon({
  name: "psmdb-operator",
  key: "mongodb",
  title: "MongoDB: the operator that runs tenants' databases",
  chart: PINS["psmdb-operator"],
  namespace: { name: "psmdb-operator", podSecurity: "restricted" },
  on: ({ planes }) => planes.includes("data"),
  needs: ["cilium"],
  uses: ["storage-classes"],
  kinds: KINDS.map(([kind, plural]) => ({
    group: "psmdb.percona.com",
    version: "v1",
    kind,
    plural,
    scope: "Namespaced" as const,
    registeredBy: "release" as const,
  })),
  keepsKinds: () => "of a folder that Helm only ever installs, as every database would go with them",
  config,
  values: psmdbOperatorValues,
  monitoring,
});
