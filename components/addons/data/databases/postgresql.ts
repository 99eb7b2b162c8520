import { z } from "zod";
import type { Profile } from "../../../settings";
import { defineAddon } from "../../addon";
import { PINS } from "../../charts";
import type { AddonTarget } from "../../contract";
import type { Kind } from "../../gate";
import { spreadOverZones } from "../../spread";
import { postgresqlMonitoring } from "./postgresql-monitoring";

const NAMESPACE = "cnpg-system";

const KINDS: readonly (readonly [kind: string, plural: string, scope: Kind["scope"]])[] = [
  ["Backup", "backups", "Namespaced"],
  ["ClusterImageCatalog", "clusterimagecatalogs", "Cluster"],
  ["Cluster", "clusters", "Namespaced"],
  ["DatabaseRole", "databaseroles", "Namespaced"],
  ["Database", "databases", "Namespaced"],
  ["FailoverQuorum", "failoverquorums", "Namespaced"],
  ["ImageCatalog", "imagecatalogs", "Namespaced"],
  ["Pooler", "poolers", "Namespaced"],
  ["Publication", "publications", "Namespaced"],
  ["ScheduledBackup", "scheduledbackups", "Namespaced"],
  ["Subscription", "subscriptions", "Namespaced"],
];

const KEPT = "kept by the chart, as every database would go with them";

const config = (profile: Profile) =>
  z
    .strictObject({
      enabled: z.boolean().default(true).describe("Off where no tenant has a PostgreSQL database."),
      replicas: z
        .int()
        .min(1)
        .max(5)
        .default(profile === "production" ? 2 : 1)
        .describe("Replicas of the operator; without one, no database can be changed."),
    })
    .describe("PostgreSQL: the CloudNativePG operator and its plugin for backups.");
export type PostgresqlConfig = z.output<ReturnType<typeof config>>;

/** Source: the chart's values.yaml. The pods pass Pod Security "restricted" as they are. */
export function cloudnativePgValues(_target: AddonTarget, { replicas }: PostgresqlConfig) {
  return {
    replicaCount: replicas,
    topologySpreadConstraints: spreadOverZones(replicas, { "app.kubernetes.io/name": "cloudnative-pg" }),
    resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } },
  };
}

export const cloudnativePg = defineAddon({
  name: "cloudnative-pg",
  key: "postgresql",
  title: "PostgreSQL: the operator that runs tenants' databases",
  chart: PINS["cloudnative-pg"],
  namespace: { name: NAMESPACE, podSecurity: "restricted" },
  on: ({ planes }) => planes.includes("data"),
  needs: ["cilium"],
  // On the way down databases and their volumes go while both the operator and the drivers run.
  uses: ["storage-classes"],
  kinds: KINDS.map(([kind, plural, scope]) => ({
    group: "postgresql.cnpg.io",
    version: "v1",
    kind,
    plural,
    scope,
    registeredBy: "release" as const,
  })),
  keepsKinds: () => KEPT,
  config,
  values: cloudnativePgValues,
  monitoring: postgresqlMonitoring,
});

/**
 * Where the operator calls the plugin, they know each other by certificates of an issuer of the chart's own. It has one
 * replica, as its chart allows no rolling update.
 */
export const barmanCloudPlugin = defineAddon({
  name: "plugin-barman-cloud",
  key: "postgresql",
  title: "PostgreSQL: backups and write-ahead logs in a bucket",
  chart: PINS["plugin-barman-cloud"],
  // The operator looks for plugins in its own namespace only.
  namespace: { name: NAMESPACE, podSecurity: "restricted" },
  on: ({ planes }) => planes.includes("data"),
  needs: ["cert-manager", "cloudnative-pg"],
  kinds: [
    {
      group: "barmancloud.cnpg.io",
      version: "v1",
      kind: "ObjectStore",
      plural: "objectstores",
      scope: "Namespaced",
      registeredBy: "release",
    },
  ],
  keepsKinds: () => KEPT,
  values: () => ({ resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "256Mi" } } }),
});
