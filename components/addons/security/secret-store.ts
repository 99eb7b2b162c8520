import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { FleetPlan } from "../../fleet";
import type { AddonScope } from "../contract";
import { makeNamespace } from "../namespaces";

export const NAMESPACE = "external-secrets";

/** Service account of the controller, as the chart names it. */
export const CONTROLLER_ACCOUNT = "external-secrets";

/** The ClusterSecretStore that secrets come from, on every cluster, whatever is behind it. */
export const SECRET_STORE = "choreo-store";

/** Where the store of a development cluster keeps its secrets: ordinary ones of the cluster itself. */
const SOURCE_NAMESPACE = "choreo-secrets";

/** Label, with the store's name as value, of namespaces beside OpenChoreo's that may use the store. */
export const STORE_LABEL = "openchoreo.dev/secret-store";

/** Secret with what settings give a provider to sign in with. */
const CREDENTIALS = "choreo-store-credentials";

/** Where secrets come from, by settings. */
export const storeSettings = z
  .discriminatedUnion(
    "kind",
    [
      z.strictObject({
        kind: z.literal("aws").describe("AWS Secrets Manager by the cluster's own identity; on EKS only."),
        region: z.string().min(1).optional().describe("Region of the secrets. Default: the cluster's."),
        prefix: z.string().min(1).optional().describe("What the secrets' names begin with. Default: `<stack>/`."),
      }),
      z.strictObject({
        kind: z
          .literal("kubernetes")
          .describe(`Secrets of the namespace ${SOURCE_NAMESPACE} of the same cluster, which platform engineers fill.`),
      }),
      z.strictObject({
        kind: z.literal("provider").describe("Any other provider that external-secrets knows, such as vault."),
        provider: z
          .record(z.string(), z.unknown())
          .refine((provider) => Object.keys(provider).length === 1, {
            error: "one provider, as the ClusterSecretStore's spec.provider spells it, such as { vault: { … } }",
          })
          .describe("The ClusterSecretStore's `spec.provider`."),
        credentials: z
          .record(z.string().regex(/^[-._a-zA-Z0-9]+$/, { error: "not a key of a Secret" }), z.string().min(1))
          .default({})
          .describe(
            `Values of the Secret ${NAMESPACE}/${CREDENTIALS}, which the provider can refer to: by its keys, the keys of ` +
              "secrets of this stack.",
          ),
      }),
    ],
    { error: 'kind is one of "aws", "kubernetes", "provider"' },
  )
  .describe("Where secrets come from. Default: aws on EKS, else kubernetes.");
export type StoreSettings = z.output<typeof storeSettings>;

/** What the names of a stack's secrets begin with. */
export function secretPrefix({ stack }: Pick<FleetPlan, "stack">, prefix: string | undefined): string {
  return prefix ?? `${stack}/`;
}

type Scope = AddonScope<{ readonly store?: StoreSettings }>;

/**
 * The store, and what is behind it. Only OpenChoreo's namespaces and those that carry the label may use it: whoever may
 * make an ExternalSecret elsewhere would otherwise read every secret of the platform.
 */
export function secretStore(scope: Scope): pulumi.Resource[] {
  const { provider, behind } = providerOf(scope);
  const store = new kubernetes.apiextensions.CustomResource(
    `${scope.name}-store`,
    {
      apiVersion: "external-secrets.io/v1",
      kind: "ClusterSecretStore",
      metadata: { name: SECRET_STORE },
      spec: {
        provider,
        conditions: [
          { namespaceSelector: { matchExpressions: [{ key: "openchoreo.dev/project", operator: "Exists" }] } },
          { namespaceRegexes: ["^workflows-.+$"] },
          { namespaceSelector: { matchLabels: { [STORE_LABEL]: SECRET_STORE } } },
        ],
      },
    },
    behind.length === 0 ? scope.opts : { ...scope.opts, dependsOn: [...behind] },
  );
  return [...behind, store];
}

interface Provider {
  readonly provider: Readonly<Record<string, unknown>>;
  /** What the provider refers to. */
  readonly behind: readonly pulumi.Resource[];
}

function providerOf(scope: Scope): Provider {
  const { connection, config, fleet } = scope;
  const { cloud } = connection;
  const store: StoreSettings = config.store ?? { kind: cloud === undefined ? "kubernetes" : "aws" };
  switch (store.kind) {
    case "aws": {
      if (cloud === undefined) throw new Error(`cluster ${scope.cluster.name} has no identity in AWS`);
      const { region = cloud.region, prefix } = store;
      const aws = { service: "SecretsManager", region, prefix: secretPrefix(fleet, prefix) };
      return { provider: { aws }, behind: [] };
    }
    case "kubernetes":
      return kubernetesProvider(scope);
    case "provider":
      return { provider: store.provider, behind: credentials(scope, store.credentials) };
  }
}

/** Reads Secrets of one namespace by a service account that may do nothing else. */
function kubernetesProvider({ name, opts }: Scope): Provider {
  const source = makeNamespace(`${name}-source`, { name: SOURCE_NAMESPACE, podSecurity: "restricted" }, opts);
  const account = new kubernetes.core.v1.ServiceAccount(
    `${name}-reader`,
    { metadata: { name: SECRET_STORE, namespace: NAMESPACE }, automountServiceAccountToken: false },
    opts,
  );
  const metadata = { name: SECRET_STORE, namespace: source.metadata.name };
  const role = new kubernetes.rbac.v1.Role(
    `${name}-reader`,
    { metadata, rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get", "list", "watch"] }] },
    opts,
  );
  const binding = new kubernetes.rbac.v1.RoleBinding(
    `${name}-reader`,
    {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
      subjects: [{ kind: "ServiceAccount", name: account.metadata.name, namespace: NAMESPACE }],
    },
    opts,
  );
  const provider = {
    kubernetes: {
      remoteNamespace: SOURCE_NAMESPACE,
      server: {
        caProvider: { type: "ConfigMap", name: "kube-root-ca.crt", key: "ca.crt", namespace: NAMESPACE },
      },
      auth: { serviceAccount: { name: SECRET_STORE, namespace: NAMESPACE } },
    },
  };
  return { provider, behind: [source, account, role, binding] };
}

function credentials({ name, opts }: Scope, keys: Readonly<Record<string, string>>): pulumi.Resource[] {
  if (Object.keys(keys).length === 0) return [];
  const metadata = { name: CREDENTIALS, namespace: NAMESPACE };
  const settings = new pulumi.Config();
  const stringData = Object.fromEntries(
    Object.entries(keys).map(([key, secret]) => [key, settings.requireSecret(secret)]),
  );
  return [new kubernetes.core.v1.Secret(`${name}-credentials`, { metadata, stringData }, opts)];
}
