import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { BUCKET_USES } from "../../clusters";
import { words } from "../../settings";
import { defineAddon } from "../addon";
import { PINS } from "../charts";
import type { AddonScope, AddonTarget } from "../contract";
import type { Monitoring } from "../monitoring";
import { S3_SERVER, s3Password } from "../object-store";

/** Secret with the server's accounts, and the key that the chart reads them from. */
const ACCOUNTS = { secret: "s3-accounts", key: "seaweedfs_s3_config" } as const;

const config = () =>
  z
    .strictObject({
      enabled: z.boolean().default(true).describe("Off where nothing on the cluster keeps objects."),
      size: words.size.default("10Gi").describe("Size of the volume that holds all buckets."),
      storageClass: words.label("storage class").optional().describe("Default: the cluster's default class."),
    })
    .describe("A small S3 server in each cluster that has no buckets of its own and no platform.objectStore.");
export type S3ServerConfig = z.output<ReturnType<typeof config>>;

/** The chart's own default. */
const METRICS_PORT = 9324;

/** What Pod Security "restricted" asks of a container; the volume belongs to the group. */
const CONTAINER_SECURITY = {
  enabled: true,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
} as const;
const POD_SECURITY = {
  enabled: true,
  runAsNonRoot: true,
  runAsUser: 1000,
  runAsGroup: 1000,
  fsGroup: 1000,
  seccompProfile: { type: "RuntimeDefault" },
} as const;

/**
 * SeaweedFS with master, volume server, filer and S3 gateway in one process. Sources: the chart's values.yaml and its
 * templates/all-in-one.
 */
export function s3ServerValues(_target: AddonTarget, { size, storageClass }: S3ServerConfig) {
  return {
    global: { seaweedfs: { createClusterRole: false, automountServiceAccountToken: false } },
    // A bucket takes volumes of its own: many small ones, one after the other, let all of them fit into a small disk.
    master: { enabled: false, volumeSizeLimitMB: 256 },
    volume: { enabled: false },
    // Beside the filer itself, which is off, these are what the Job that makes the buckets runs with.
    filer: { enabled: false, podSecurityContext: POD_SECURITY, containerSecurityContext: CONTAINER_SECURITY },
    allInOne: {
      enabled: true,
      metricsPort: METRICS_PORT,
      extraEnvironmentVars: { WEED_MASTER_VOLUME_GROWTH_COPY_1: "1" },
      s3: {
        enabled: true,
        port: S3_SERVER.port,
        enableAuth: true,
        existingConfigSecret: ACCOUNTS.secret,
        createBuckets: BUCKET_USES.map((name) => ({ name })),
      },
      data: { type: "persistentVolumeClaim", size, ...(storageClass === undefined ? {} : { storageClass }) },
      podSecurityContext: POD_SECURITY,
      containerSecurityContext: CONTAINER_SECURITY,
      resources: { requests: { cpu: "50m", memory: "256Mi" }, limits: { memory: "1Gi" } },
    },
    // Master, volumes and filer ask for no account: others reach the S3 gateway and the metrics only.
    networkPolicy: {
      enabled: true,
      extraIngress: [{ ports: [S3_SERVER.port, METRICS_PORT].map((port) => ({ protocol: "TCP", port })) }],
    },
  };
}

/** The accounts that the server knows. Source: SeaweedFS' documentation, Amazon S3 API, static configuration. */
function accounts(scope: AddonScope<S3ServerConfig>): pulumi.Resource {
  const { name, namespace, opts } = scope;
  const identity = (secretKey: string) => ({
    name: S3_SERVER.account,
    credentials: [{ accessKey: S3_SERVER.account, secretKey }],
    actions: ["Admin", "Read", "Write", "List", "Tagging"],
  });
  const config = s3Password(scope).apply((password) => JSON.stringify({ identities: [identity(password)] }));
  return new kubernetes.core.v1.Secret(
    `${name}-accounts`,
    { metadata: { name: ACCOUNTS.secret, namespace }, stringData: { [ACCOUNTS.key]: pulumi.secret(config) } },
    opts,
  );
}

function monitoring(): Monitoring {
  const { namespace } = S3_SERVER;
  return {
    scrapes: [
      {
        name: "s3-server",
        of: "services",
        labels: { "app.kubernetes.io/component": "seaweedfs-all-in-one" },
        port: "server-metrics",
      },
    ],
    alerts: [
      {
        alert: "ObjectStoreAlmostFull",
        expr: `kubelet_volume_stats_available_bytes{namespace="${namespace}"} / kubelet_volume_stats_capacity_bytes{namespace="${namespace}"} < 0.1`,
        for: "15m",
        severity: "warning",
        summary:
          "Less than a tenth of the cluster's object store is free; metrics, backups and logs stop when it is full",
        runbook:
          "Raise s3Server.size where the storage class can grow volumes, or name buckets in platform.objectStore.",
      },
    ],
    dashboards: {
      "object-store": {
        title: "Object store (development)",
        panels: [
          {
            title: "S3 requests",
            unit: "reqps",
            queries: { "{{type}} {{code}}": "sum by (type, code) (rate(SeaweedFS_s3_request_total[5m]))" },
          },
          {
            title: "Free space",
            unit: "bytes",
            queries: { "{{persistentvolumeclaim}}": `kubelet_volume_stats_available_bytes{namespace="${namespace}"}` },
          },
        ],
      },
    },
  };
}

export const s3Server = defineAddon({
  name: S3_SERVER.addon,
  key: "s3Server",
  title: "Development object store: buckets for metrics, backups and logs in the cluster",
  chart: PINS["s3-server"],
  namespace: { name: S3_SERVER.namespace, podSecurity: "restricted" },
  on: (cluster) => cluster.objectStore === "server",
  needs: ["cilium"],
  uses: ["storage-classes"],
  kinds: [],
  config,
  values: s3ServerValues,
  prepare: (scope) => [accounts(scope)],
  monitoring,
});
