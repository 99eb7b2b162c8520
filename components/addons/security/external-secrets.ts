import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { CloudIdentity } from "../../clusters";
import { type Problem, type Profile, pathOf } from "../../settings";
import { defineAddon } from "../addon";
import { PINS } from "../charts";
import type { AddonTarget, PlatformCluster } from "../contract";
import type { Kind } from "../gate";
import type { Monitoring } from "../monitoring";
import { CONTROLLER_ACCOUNT, NAMESPACE, secretPrefix, secretStore, storeSettings } from "./secret-store";

const KINDS: readonly (readonly [kind: string, plural: string, scope: Kind["scope"]])[] = [
  ["ClusterExternalSecret", "clusterexternalsecrets", "Cluster"],
  ["ClusterSecretStore", "clustersecretstores", "Cluster"],
  ["ExternalSecret", "externalsecrets", "Namespaced"],
  ["SecretStore", "secretstores", "Namespaced"],
];

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
        .describe("Replicas of the controller and of its webhook."),
      keepKinds: z
        .boolean()
        .default(production)
        .describe("Keep the kinds, and with them every Secret that was fetched, when external-secrets is removed."),
      store: storeSettings.optional(),
    })
    .describe("external-secrets and the ClusterSecretStore `choreo-store`.");
};
export type ExternalSecretsConfig = z.output<ReturnType<typeof config>>;

/**
 * The certificate of its webhook is made by the chart's own controller at run time, so that the release needs no issuer
 * and renders the same every time. That controller is ready once the webhook answers, which the ClusterSecretStore has
 * to wait for: the webhook's failure policy is Fail. Source: the chart's values.yaml.
 */
export function externalSecretsValues(_target: AddonTarget, { replicas, keepKinds }: ExternalSecretsConfig) {
  const replicated = { replicaCount: replicas, podDisruptionBudget: { enabled: replicas > 1 } };
  return {
    ...replicated,
    leaderElect: replicas > 1,
    crds: { annotations: keepKinds ? { "helm.sh/resource-policy": "keep" } : {} },
    resources: { requests: { cpu: "25m", memory: "96Mi" }, limits: { memory: "256Mi" } },
    webhook: { ...replicated, resources: { requests: { cpu: "10m", memory: "48Mi" }, limits: { memory: "128Mi" } } },
    certController: { resources: { requests: { cpu: "10m", memory: "96Mi" }, limits: { memory: "256Mi" } } },
  };
}

/** Reads the secrets below the stack's prefix, and decrypts them by the cluster's key; nothing is listed or written. */
function identities({ connection, fleet }: AddonTarget, { store }: ExternalSecretsConfig): CloudIdentity[] {
  const { cloud } = connection;
  if (cloud === undefined || (store !== undefined && store.kind !== "aws")) return [];
  const { partition, account, keyArn } = cloud;
  const { region = cloud.region, prefix } = store ?? {};
  const named = `secret:${secretPrefix(fleet, prefix)}*`;
  const secrets = pulumi.interpolate`arn:${partition}:secretsmanager:${region}:${account}:${named}`;
  const actions = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"];
  const statements = [
    { actions, resources: [secrets] },
    { actions: ["kms:Decrypt"], resources: [keyArn] },
  ];
  return [{ namespace: NAMESPACE, serviceAccount: CONTROLLER_ACCOUNT, statements }];
}

function problems({ store }: ExternalSecretsConfig, clusters: Readonly<Record<string, PlatformCluster>>): Problem[] {
  if (store?.kind !== "aws") return [];
  const others = Object.entries(clusters).filter(([, { settings }]) => settings.provider.kind !== "eks");
  if (others.length === 0) return [];
  const names = others.map(([name]) => name).join(", ");
  const message = `aws is for clusters on EKS, whose pods have an identity there, and ${names} is none; leave the store out, which chooses by cluster, or give a provider with credentials`;
  return [{ path: pathOf("platform", "externalSecrets", "store", "kind"), message }];
}

function monitoring(): Monitoring {
  const labels = { "app.kubernetes.io/instance": "external-secrets" };
  return {
    scrapes: [{ name: "external-secrets", of: "pods", labels, port: "metrics" }],
    alerts: [
      {
        alert: "ExternalSecretNotSynced",
        expr: 'max by (namespace, name) (externalsecret_status_condition{condition="Ready",status="False"}) == 1',
        for: "15m",
        severity: "warning",
        summary:
          "ExternalSecret {{ $labels.namespace }}/{{ $labels.name }} is not fetched; its Secret is old or missing.",
        runbook: "kubectl -n {{ $labels.namespace }} describe externalsecret {{ $labels.name }}",
      },
    ],
    dashboards: {
      "external-secrets": {
        title: "External secrets",
        panels: [
          {
            title: "Not ready",
            queries: {
              "{{namespace}}/{{name}}":
                'max by (namespace, name) (externalsecret_status_condition{condition="Ready",status="False"})',
            },
          },
          {
            title: "Fetches that failed",
            queries: { "{{namespace}}": "sum by (namespace) (rate(externalsecret_sync_calls_error[5m]))" },
          },
          {
            title: "Calls to the store",
            queries: {
              "{{provider}} {{call}} {{status}}":
                "sum by (provider, call, status) (rate(externalsecret_provider_api_calls_count[5m]))",
            },
          },
        ],
      },
    },
  };
}

export const externalSecrets = defineAddon({
  name: "external-secrets",
  key: "externalSecrets",
  title: "Secrets from outside the cluster, and the store that they come from",
  chart: PINS["external-secrets"],
  namespace: { name: NAMESPACE, podSecurity: "restricted" },
  on: () => true,
  needs: ["cilium"],
  kinds: KINDS.map(([kind, plural, scope]) => ({
    group: "external-secrets.io",
    version: "v1",
    kind,
    plural,
    scope,
    registeredBy: "release" as const,
  })),
  keepsKinds: ({ keepKinds }) =>
    keepKinds ? "kept by externalSecrets.keepKinds, and every Secret that was fetched with it" : undefined,
  config,
  // Its texts have the names that the provider asks for.
  secrets: ({ store }) => {
    const keys = store?.kind === "provider" ? Object.values(store.credentials) : [];
    return Object.fromEntries(keys.map((key) => [key, "text" as const]));
  },
  values: externalSecretsValues,
  identities,
  monitoring,
  problems,
  resources: secretStore,
});
