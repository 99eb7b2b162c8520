import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../../settings";
import { SignedCertificate } from "../../trust";
import { defineAddon } from "../addon";
import { PINS } from "../charts";
import { type AddonScope, type AddonTarget, isOn, type PlatformCluster, settingsOf, volumes } from "../contract";
import { S3_SERVER } from "../object-store";
import { templateDocuments } from "./index-templates";
import { monitorDocuments } from "./monitors";
import { LOGS_NAMESPACE, OPENSEARCH, OPENSEARCH_HOST, USERS } from "./names";
import { config, type OpenSearchConfig } from "./opensearch-config";
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
    secret("security", SECRETS.security, securityFiles(scope, settings)),
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
    ...securityDocuments(target, settings),
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
  requires: (_, site) => volumes(site),
  uses: [S3_SERVER.addon],
  kinds: [],
  config,
  secrets: ({ sso }) => (sso === undefined ? {} : { [sso.clientSecret]: "text" }),
  values: opensearchValues,
  identities: (target, { snapshots }) => (snapshots.enabled ? snapshotIdentities(target) : []),
  monitoring: opensearchMonitoring,
  prepare,
  resources,
  problems,
});
