import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { type Problem, type Profile, words } from "../../settings";
import { SignedCertificate } from "../../trust";
import { defineAddon } from "../addon";
import { PINS } from "../charts";
import { type AddonScope, type AddonTarget, isOn, type PlatformCluster, settingsOf } from "../contract";
import { S3_SERVER } from "../object-store";
import { templateDocuments } from "./index-templates";
import { monitorDocuments } from "./monitors";
import { LOGS_NAMESPACE, OPENSEARCH, OPENSEARCH_HOST, USERS } from "./names";
import { opensearchMonitoring } from "./opensearch-monitoring";
import {
  ADMINISTRATOR,
  NODE,
  nodeNames,
  opensearchPassword,
  securityDocuments,
  securityFiles,
} from "./opensearch-security";
import { opensearchValues, SECRETS } from "./opensearch-values";
import { type RestDocument, restDocuments } from "./rest-documents";
import { retentionDocuments } from "./retention";
import { KEYSTORE, keystoreFiles, snapshotDocuments, snapshotIdentities } from "./snapshots";

/** How long something is kept. */
const kept = z.string().regex(/^[1-9][0-9]*[dh]$/, { error: 'not a number of days or hours such as "30d" or "12h"' });

const config = (profile: Profile) => {
  const production = profile === "production";
  const snapshots = z.strictObject({
    enabled: z.boolean().default(production).describe("Copies of the indices in the object store for logs."),
    schedule: words.cron.default("30 3 * * *").describe("When a copy is made: five cron fields, UTC."),
    retention: kept.default("30d").describe("How long a copy is kept."),
    plugin: z
      .string()
      .regex(/^[^\s'"$;&|]+$/, { error: "a name or URL without spaces and quotes" })
      .default("repository-s3")
      .describe("OpenSearch's S3 plugin, which a node installs at its start: its name, or the URL of a mirror's file."),
  });
  const tenant = z.strictObject({
    retention: kept.optional().describe("Default: retention.tenants."),
    readers: z.array(z.string().min(1)).default([]).describe("Groups that read the tenant's logs."),
  });
  return z
    .strictObject({
      enabled: z.boolean().default(true),
      nodes: z
        .int()
        .min(1)
        .max(9)
        .refine((nodes) => nodes !== 2, { error: "two nodes agree on nothing when one is gone; take 1, or 3 and more" })
        .default(production ? 3 : 1)
        .describe("Nodes; each holds data and takes part in elections."),
      cpu: words.quantity.default(production ? "1" : "250m").describe("CPU that a node asks for."),
      heap: words.size
        .default(production ? "4Gi" : "512Mi")
        .describe("Java heap of a node; a node's memory is twice that."),
      storage: words.size.default(production ? "200Gi" : "10Gi").describe("Volume of a node."),
      memoryMap: z
        .boolean()
        .default(production)
        .describe("Map index files into memory, which is faster and needs vm.max_map_count of 262144 on the machines."),
      retention: z
        .strictObject({
          tenants: kept.default(production ? "30d" : "3d").describe("Of tenants' logs."),
          platform: kept.default(production ? "14d" : "3d").describe("Of platform services, access logs and audit."),
        })
        .prefault({})
        .describe("How long logs are kept, in days or hours."),
      tenants: z
        .record(words.label("tenant name", 40), tenant)
        .default({})
        .describe("Tenants whose logs are kept for another time, or read by groups of theirs."),
      snapshots: snapshots.prefault({}),
    })
    .describe("OpenSearch: logs and traces of the fleet, on the observability plane.");
};
export type OpenSearchConfig = z.output<ReturnType<typeof config>>;

/** Secrets that the chart expects. */
function prepare(scope: AddonScope<OpenSearchConfig>): pulumi.Resource[] {
  const { name, trust, config: settings, opts } = scope;
  const secret = (why: string, physical: string, stringData: pulumi.Input<Record<string, pulumi.Input<string>>>) => {
    const metadata = { name: physical, namespace: LOGS_NAMESPACE };
    return new kubernetes.core.v1.Secret(`${name}-${why}`, { metadata, stringData }, opts);
  };
  const signer = trust.authority("platform");
  const certificate = (why: string, commonName: string, dnsNames: readonly string[]) => {
    return new SignedCertificate(`${name}-${why}`, { signer, commonName, dnsNames }, { parent: opts.parent });
  };
  const files = ({ chain, key }: SignedCertificate) => ({
    "tls.crt": chain,
    "tls.key": key,
    "ca.crt": trust.bundle,
    "authority.crt": signer.certificate,
  });
  const store = settings.snapshots.enabled ? keystoreFiles(scope) : undefined;
  const outside = settingsOf<{ readonly opensearchHost?: string }>(scope, "fluent-bit")?.opensearchHost;
  return [
    secret("tls", SECRETS.tls, files(certificate("node", NODE, nodeNames(outside === undefined ? [] : [outside])))),
    secret("administrator-tls", SECRETS.administrator, files(certificate("administrator", ADMINISTRATOR, []))),
    secret("login", SECRETS.login, { username: USERS.admin, password: opensearchPassword(scope, "admin").value }),
    secret("metrics", SECRETS.metrics, { password: opensearchPassword(scope, "metrics").value }),
    secret("security", SECRETS.security, securityFiles(scope, settings.tenants)),
    ...(store === undefined ? [] : [secret("object-store", KEYSTORE, store)]),
  ];
}

/** Where log-based alerts are sent: Alertmanager's own Service, which its operator makes. */
function alertmanager(target: AddonTarget): string | undefined {
  return isOn(target, "kube-prometheus-stack") ? "http://alertmanager-operated.monitoring.svc:9093" : undefined;
}

/** Everything in OpenSearch that the platform decides, each after what it needs. */
export function opensearchDocuments(target: AddonTarget, settings: OpenSearchConfig): RestDocument[] {
  const traces = isOn(target, "jaeger")
    ? settingsOf<{ readonly retention: string }>(target, "jaeger")?.retention
    : undefined;
  return [
    ...securityDocuments(target, settings.tenants),
    ...templateDocuments(settings),
    ...retentionDocuments({ ...settings.retention, traces }, settings.tenants),
    ...(settings.snapshots.enabled ? snapshotDocuments(target, settings.snapshots) : []),
    ...monitorDocuments(alertmanager(target)),
  ];
}

function resources(scope: AddonScope<OpenSearchConfig>): pulumi.Resource[] {
  return restDocuments(
    scope.name,
    {
      job: "opensearch-setup",
      namespace: LOGS_NAMESPACE,
      baseUrl: `https://${OPENSEARCH_HOST}:${OPENSEARCH.port}`,
      readyPath: "/_cluster/health?wait_for_status=yellow&timeout=10s",
      recordPath: "/choreo-documents/_source/opensearch",
      login: SECRETS.login,
      certificate: SECRETS.administrator,
      documents: opensearchDocuments(scope, scope.config),
    },
    scope.opts,
  );
}

function problems({ enabled }: OpenSearchConfig, clusters: Readonly<Record<string, PlatformCluster>>): Problem[] {
  const homes = Object.entries(clusters).filter(([, { settings }]) => settings.planes.includes("observability"));
  if (!enabled || homes.length < 2) return [];
  const names = homes.map(([name]) => name).join(" and ");
  const message = `${names} have the observability plane, and logs would be split between them; leave it to one`;
  return [{ path: "platform.opensearch.enabled", message }];
}

export const opensearch = defineAddon({
  name: "opensearch",
  key: "opensearch",
  title: "OpenSearch: logs and traces of the fleet, with retention and log-based alerts",
  chart: PINS.opensearch,
  namespace: { name: LOGS_NAMESPACE, podSecurity: "restricted" },
  on: (cluster) => cluster.planes.includes("observability"),
  needs: ["cilium"],
  uses: [S3_SERVER.addon],
  kinds: [],
  config,
  values: opensearchValues,
  identities: (target, { snapshots }) => (snapshots.enabled ? snapshotIdentities(target) : []),
  monitoring: opensearchMonitoring,
  prepare,
  resources,
  problems,
});
