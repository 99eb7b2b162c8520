import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { z } from "zod";
import type { Profile } from "../../settings";
import { defineAddon } from "../addon";
import { PINS } from "../charts";
import { type AddonScope, type AddonTarget, settingsOf } from "../contract";
import { digest } from "../digest";
import { route } from "../route";
import { LOGS_NAMESPACE, OPENSEARCH, OPENSEARCH_HOST, USERS } from "./names";
import type { OpenSearchConfig, SignIn } from "./opensearch-config";
import { discoveryUrl, opensearchPassword } from "./opensearch-security";
import { SECRETS } from "./opensearch-values";
import { type RestDocument, restDocuments } from "./rest-documents";
import { platformObjects, type SavedObject, tenantObjects } from "./saved-objects";

/** The Service, which the chart names after its release. */
export const DASHBOARDS = { service: "opensearch-dashboards", port: 5601 } as const;

/** Secret with the user of Dashboards itself, and what its cookies are sealed with. */
const ACCOUNT = "opensearch-dashboards";
const CERTIFICATES = "/usr/share/opensearch-dashboards/certificates";

const config = (profile: Profile) =>
  z
    .strictObject({
      enabled: z.boolean().default(true),
      replicas: z
        .int()
        .min(1)
        .max(5)
        .default(profile === "production" ? 2 : 1),
    })
    .describe("OpenSearch Dashboards: search and charts of logs, on the observability plane.");
export type DashboardsConfig = z.output<ReturnType<typeof config>>;

/** Dashboards' Helm values. Sources: the chart's values.yaml; the security plugin's documentation, "Multi-tenancy". */
export function dashboardsValues(target: AddonTarget, { replicas }: DashboardsConfig) {
  return {
    opensearchHosts: `https://${OPENSEARCH_HOST}:${OPENSEARCH.port}`,
    replicaCount: replicas,
    // Two versions of it may not migrate its index at once, so the default, all at once, stays for one replica alone.
    ...(replicas === 1 ? {} : { updateStrategy: { type: "RollingUpdate" } }),
    opensearchAccount: { secret: ACCOUNT },
    rbac: { create: false },
    serviceAccount: { automountServiceAccountToken: false },
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 1000,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    },
    // What it reads at its start only.
    podAnnotations: { "openchoreo.dev/trust": target.trust.bundle.apply(digest) },
    resources: { requests: { cpu: "100m", memory: "512Mi" }, limits: { cpu: "1", memory: "1Gi" } },
    topologySpreadConstraints: replicas === 1 ? [] : [spread()],
    secretMounts: [{ name: "tls", secretName: ACCOUNT, path: CERTIFICATES }],
    config: { "opensearch_dashboards.yml": stringify({ ...SETTINGS, ...signInSettings(target) }) },
    extraEnvs: signInOf(target) === undefined ? [] : [CLIENT_SECRET],
  };
}

function spread() {
  const labelSelector = { matchLabels: { "app.kubernetes.io/name": DASHBOARDS.service } };
  return { maxSkew: 1, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway", labelSelector };
}

/** Values in braces are environment variables, which the chart takes from the account's Secret. */
const fromEnvironment = (variable: string) => `$\{${variable}}`;

const SETTINGS = {
  "server.host": "0.0.0.0",
  "opensearch.hosts": [`https://${OPENSEARCH_HOST}:${OPENSEARCH.port}`],
  "opensearch.ssl.verificationMode": "full",
  "opensearch.ssl.certificateAuthorities": [`${CERTIFICATES}/ca.crt`],
  "opensearch.username": fromEnvironment("OPENSEARCH_USERNAME"),
  "opensearch.password": fromEnvironment("OPENSEARCH_PASSWORD"),
  "opensearch.requestHeadersAllowlist": ["securitytenant", "Authorization"],
  "opensearch_security.multitenancy.enabled": true,
  "opensearch_security.multitenancy.tenants.preferred": ["Global", "Private"],
  "opensearch_security.cookie.secure": true,
  "opensearch_security.cookie.password": fromEnvironment("COOKIE_PASS"),
};

/** The client's secret, by the name that the settings read. */
const CLIENT_SECRET = {
  name: "OIDC_CLIENT_SECRET",
  valueFrom: { secretKeyRef: { name: ACCOUNT, key: "clientSecret" } },
};

function signInOf(target: AddonTarget): SignIn | undefined {
  return settingsOf<OpenSearchConfig>(target, "opensearch")?.sso;
}

/** Host name of Dashboards. */
function hostOf(target: AddonTarget): string {
  return signInOf(target)?.host ?? `logs.${target.fleet.domain}`;
}

/** People sign in at the provider; OpenSearch's own users still can by name and password. */
function signInSettings(target: AddonTarget): object {
  const sso = signInOf(target);
  if (sso === undefined) return {};
  return {
    "opensearch_security.auth.type": ["openid", "basicauth"],
    "opensearch_security.auth.multiple_auth_enabled": true,
    "opensearch_security.openid.connect_url": discoveryUrl(sso.issuer),
    "opensearch_security.openid.base_redirect_url": `https://${hostOf(target)}`,
    "opensearch_security.openid.client_id": sso.clientId,
    "opensearch_security.openid.client_secret": fromEnvironment(CLIENT_SECRET.name),
    "opensearch_security.openid.scope": "openid profile email groups",
  };
}

function prepare(scope: AddonScope<DashboardsConfig>): pulumi.Resource[] {
  const { name, trust, opts } = scope;
  const sso = signInOf(scope);
  const stringData = {
    username: USERS.dashboards,
    password: opensearchPassword(scope, "dashboards").value,
    cookie: trust.sharedPassword("opensearch-cookie").value,
    "ca.crt": trust.bundle,
    ...(sso === undefined ? {} : { clientSecret: new pulumi.Config().requireSecret(sso.clientSecret) }),
  };
  const metadata = { name: ACCOUNT, namespace: LOGS_NAMESPACE };
  return [new kubernetes.core.v1.Secret(`${name}-account`, { metadata, stringData }, opts)];
}

/** What is to be found in Dashboards: the platform's objects for all, a tenant's in the part that is its own. */
export function dashboardsDocuments(target: AddonTarget): RestDocument[] {
  const tenants = settingsOf<OpenSearchConfig>(target, "opensearch")?.tenants ?? {};
  const read = Object.entries(tenants).filter(([, { readers }]) => readers.length > 0);
  return [imported("global", platformObjects()), ...read.map(([tenant]) => imported(tenant, tenantObjects(tenant)))];
}

function imported(tenant: string, objects: readonly SavedObject[]): RestDocument {
  return { verb: "import", path: "/api/saved_objects/_import?overwrite=true", name: tenant, body: objects };
}

function resources(scope: AddonScope<DashboardsConfig>): pulumi.Resource[] {
  const { service, port } = DASHBOARDS;
  // Without a provider only OpenSearch's own users could sign in, and those are the platform's.
  const reached =
    signInOf(scope) === undefined ? [] : route(scope, { service, port, host: hostOf(scope), timeout: "60s" });
  const documents = restDocuments(
    scope.name,
    {
      job: "opensearch-dashboards-setup",
      namespace: LOGS_NAMESPACE,
      baseUrl: `http://${DASHBOARDS.service}.${LOGS_NAMESPACE}.svc:${DASHBOARDS.port}`,
      readyPath: "/api/status",
      login: SECRETS.login,
      certificate: SECRETS.administrator,
      documents: dashboardsDocuments(scope),
    },
    scope.opts,
  );
  return [...reached, ...documents];
}

export const opensearchDashboards = defineAddon({
  name: "opensearch-dashboards",
  key: "opensearchDashboards",
  title: "Search and charts of logs",
  chart: PINS["opensearch-dashboards"],
  namespace: { name: LOGS_NAMESPACE, podSecurity: "restricted" },
  on: (cluster) => cluster.planes.includes("observability"),
  needs: ["opensearch"],
  kinds: [],
  config,
  values: dashboardsValues,
  prepare,
  resources,
});
