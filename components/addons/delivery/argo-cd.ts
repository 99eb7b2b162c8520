import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { type Profile, words } from "../../settings";
import { defineAddon } from "../addon";
import { PINS } from "../charts";
import type { AddonScope, AddonTarget } from "../contract";
import type { Kind } from "../gate";
import type { Monitoring } from "../monitoring";
import { route } from "../route";

const NAME = "argo-cd";
export const ARGO_CD_NAMESPACE = "argocd";

/** Where Argo CD's own parts find the password of its Redis; the chart's own name. */
const REDIS_SECRET = "argocd-redis";

/** The interface's Service, by the chart's names. */
const SERVER = { service: "argocd-server", port: 80 };

const sso = z
  .strictObject({
    issuer: words.httpUrl.describe("URL of the OpenID Connect provider."),
    clientId: z.string().min(1),
    clientSecret: z.string().min(1).describe("Key of a secret of this stack that holds the client's secret."),
    scopes: z.array(z.string().min(1)).default(["openid", "profile", "email", "groups"]),
    admins: z.array(z.string().min(1)).min(1, { error: "name at least one group of administrators" }),
  })
  .describe("Single sign-on; without it there is only the account `admin`.");

const config = (profile: Profile) => {
  const production = profile === "production";
  return z
    .strictObject({
      enabled: z.boolean().default(true),
      replicas: z
        .int()
        .min(1)
        .max(5)
        .default(production ? 2 : 1)
        .describe("Replicas of the server, the repository server and the ApplicationSet controller."),
      host: words.hostName.optional().describe("Host name of the interface. Default: argocd.<domain>."),
      keepKinds: z
        .boolean()
        .default(production)
        .describe("Keep the kinds, and with them every Application, when Argo CD is removed."),
      sso: sso.optional(),
    })
    .describe("Argo CD: what Git says is brought to the clusters.");
};
export type ArgoCdConfig = z.output<ReturnType<typeof config>>;

const KINDS: readonly (readonly [kind: string, plural: string])[] = [
  ["Application", "applications"],
  ["ApplicationSet", "applicationsets"],
  ["AppProject", "appprojects"],
];

/** Where the interface is, which single sign-on comes back to. */
function hostOf({ domain }: AddonTarget["fleet"], host: string | undefined): string {
  return host ?? `argocd.${domain}`;
}

/** Argo CD's Helm values. Source: the chart's values.yaml. */
function values({ fleet }: AddonTarget, { replicas, host, keepKinds, sso: login }: ArgoCdConfig) {
  const disruption = { enabled: replicas > 1, minAvailable: replicas > 1 ? 1 : "" };
  return {
    fullnameOverride: "argocd",
    crds: { install: true, keep: keepKinds },
    global: { domain: hostOf(fleet, host) },
    configs: {
      cm: {
        "admin.enabled": login === undefined,
        "exec.enabled": false,
        ...(login === undefined ? {} : { "oidc.config": oidc(login) }),
      },
      params: {
        // TLS ends at the gateway; from there on Cilium encrypts what goes from node to node. Argo CD is not in the mesh.
        "server.insecure": true,
        "controller.diff.server.side": "true",
      },
      rbac: { "policy.default": "", "policy.csv": policy(login) },
    },
    controller: { metrics: { enabled: true } },
    dex: { enabled: false },
    notifications: { enabled: false },
    // The password is made by the program: a hook that makes one would run at every upgrade.
    redisSecretInit: { enabled: false },
    redis: { enabled: replicas === 1 },
    "redis-ha": { enabled: replicas > 1 },
    server: { replicas, pdb: disruption, metrics: { enabled: true } },
    repoServer: { replicas, pdb: disruption, metrics: { enabled: true } },
    applicationSet: { replicas, pdb: disruption, metrics: { enabled: true } },
  };
}

/** The client's secret is read from the Secret that `prepare` makes. */
function oidc({ issuer, clientId, scopes }: NonNullable<ArgoCdConfig["sso"]>): string {
  return JSON.stringify({
    name: "SSO",
    issuer,
    clientID: clientId,
    clientSecret: "$argocd-sso:clientSecret",
    requestedScopes: scopes,
    requestedIDTokenClaims: { groups: { essential: true } },
  });
}

function policy(login: ArgoCdConfig["sso"]): string {
  return (login?.admins ?? []).map((group) => `g, ${group}, role:admin\n`).join("");
}

function secrets({
  name,
  namespace,
  trust,
  config: { sso: login },
  opts,
}: AddonScope<ArgoCdConfig>): pulumi.Resource[] {
  const secret = (why: string, physical: string, stringData: Record<string, pulumi.Input<string>>) =>
    new kubernetes.core.v1.Secret(
      `${name}-${why}`,
      {
        metadata: { name: physical, namespace, labels: { "app.kubernetes.io/part-of": "argocd" } },
        stringData,
      },
      opts,
    );
  const redis = secret("redis", REDIS_SECRET, { auth: trust.sharedPassword("argocd-redis").value });
  if (login === undefined) return [redis];
  const clientSecret = new pulumi.Config().requireSecret(login.clientSecret);
  return [redis, secret("sso", "argocd-sso", { clientSecret })];
}

/** The project of what the platform itself brings by Git; every tenant has one of its own (components/tenants). */
function platformProject({ name, namespace, opts }: AddonScope<ArgoCdConfig>): pulumi.Resource {
  return new kubernetes.apiextensions.CustomResource(
    `${name}-platform-project`,
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "AppProject",
      metadata: { name: "platform", namespace },
      spec: {
        description: "What the platform's own engineers bring by Git",
        sourceRepos: ["*"],
        destinations: [{ server: "*", namespace: "*" }],
        clusterResourceWhitelist: [{ group: "*", kind: "*" }],
      },
    },
    opts,
  );
}

export const argoCd = defineAddon({
  name: NAME,
  key: "argoCd",
  title: "Continuous delivery from Git",
  chart: PINS["argo-cd"],
  namespace: { name: ARGO_CD_NAMESPACE, podSecurity: "restricted" },
  on: ({ planes }) => planes.includes("control"),
  needs: ["cilium"],
  uses: ["gateway-api-crds"],
  kinds: KINDS.map(
    ([kind, plural]): Kind => ({
      group: "argoproj.io",
      version: "v1alpha1",
      kind,
      plural,
      scope: "Namespaced",
      registeredBy: "release",
    }),
  ),
  config,
  secrets: ({ sso: login }) => (login === undefined ? {} : { [login.clientSecret]: "text" }),
  keepsKinds: ({ keepKinds }) => (keepKinds ? "kept by argoCd.keepKinds, and every Application with it" : undefined),
  values,
  prepare: secrets,
  resources: (scope) => [
    platformProject(scope),
    // The interface watches by streams that last.
    ...route(scope, { ...SERVER, host: hostOf(scope.fleet, scope.config.host), timeout: "0s" }),
  ],
  monitoring: (): Monitoring => ({
    scrapes: ["application-controller", "server", "repo-server", "applicationset-controller"].map((part) => ({
      name: part,
      of: "services" as const,
      labels: { "app.kubernetes.io/part-of": "argocd", "app.kubernetes.io/component": part },
      port: "http-metrics",
    })),
    alerts: [
      {
        alert: "ApplicationNotSynced",
        expr: 'sum by (name, project) (argocd_app_info{sync_status!="Synced"}) > 0',
        for: "30m",
        severity: "warning",
        summary: "Application {{ $labels.name }} of {{ $labels.project }} is not what Git says.",
        runbook: "Look at the Application's conditions: kubectl -n argocd describe application {{ $labels.name }}",
      },
      {
        alert: "ApplicationUnhealthy",
        expr: 'sum by (name, project) (argocd_app_info{health_status="Degraded"}) > 0',
        for: "15m",
        severity: "warning",
        summary: "Application {{ $labels.name }} of {{ $labels.project }} is degraded.",
      },
    ],
    dashboards: {
      "argo-cd": {
        title: "Argo CD",
        panels: [
          { title: "Applications by state", queries: { "{{sync_status}}": "sum by (sync_status) (argocd_app_info)" } },
          {
            title: "Syncs",
            queries: { "{{phase}}": "sum by (phase) (increase(argocd_app_sync_total[10m]))" },
          },
          {
            title: "Reconciliation, 95th percentile",
            queries: {
              "{{namespace}}":
                "histogram_quantile(0.95, sum by (le, namespace) (rate(argocd_app_reconcile_bucket[10m])))",
            },
            unit: "s",
          },
        ],
      },
    },
  }),
});
