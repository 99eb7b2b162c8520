import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { CloudIdentity } from "../../clusters";
import { type Profile, words } from "../../settings";
import { defineAddon } from "../addon";
import { PINS } from "../charts";
import { type AddonScope, type AddonTarget, clustersWith, settingsOf } from "../contract";
import { globalServiceAnnotations, reaches } from "../global-service";
import { CLUSTER_DOMAIN } from "../metrics/names";
import type { Monitoring } from "../monitoring";
import { secretObject } from "../secret-object";

const NAME = "registry";
const NAMESPACE = "registry";
const PORT = 5000;

/** Every node reaches the registry at this port of its own, which containerd's `hosts.toml` names (docs/add-ons/registry.md). */
const NODE_PORT = 30500;

/** Who pushes; everyone in the cluster may pull. */
const PUSHER = "builder";

const config = (profile: Profile) =>
  z
    .strictObject({
      enabled: z.boolean().default(true),
      host: z
        .string()
        .regex(/^[a-z0-9.-]+(:[0-9]+)?(\/[a-z0-9._/-]+)?$/, {
          error: 'not a registry such as "registry.example.com/team"',
        })
        .optional()
        .describe("A registry that someone else runs. Default: ECR on clusters made here, else one in the cluster."),
      credentials: z
        .string()
        .min(1)
        .optional()
        .describe('With `host`: key of a secret of this stack, {"username": "…", "password": "…"}.'),
      storage: words.size
        .default(profile === "production" ? "200Gi" : "20Gi")
        .describe("Volume of the one in the cluster."),
    })
    .refine(({ host, credentials }) => host !== undefined || credentials === undefined, {
      path: ["credentials"],
      error: "go with `host`",
    })
    .describe("Where images of components are kept.");
export type RegistryConfig = z.output<ReturnType<typeof config>>;

/** A registry as builds and pods use it. */
export interface Registry {
  /** Host, and a path where images share the registry with others. */
  readonly prefix: pulumi.Input<string>;
  /** Absent where pods have an identity in the cloud. */
  readonly login?: { readonly username: pulumi.Input<string>; readonly password: pulumi.Output<string> };
  /** Whether it speaks plain HTTP, in a cluster for development. */
  readonly insecure: boolean;
  /** Region of the account's registry (ECR), which takes tokens that the cloud gives to an identity. */
  readonly ecrRegion?: string;
}

/**
 * Host of the registry in the cluster. Clients built on go-containerregistry, kpack's among them, speak plain HTTP to names
 * that end in `.local` alone. Source: go-containerregistry, pkg/name/registry.go.
 */
const HOST = `${NAME}.${NAMESPACE}.svc.${CLUSTER_DOMAIN}:${PORT}`;

/** The registry of a cluster; `undefined` where there is none. */
export function registryOf(target: AddonTarget): Registry | undefined {
  const { cloud } = target.connection;
  const settings = settingsOf<RegistryConfig>(target, NAME);
  if (settings?.host !== undefined) return external(settings.host, settings.credentials);
  if (cloud !== undefined) {
    const { registry: host, repositories, region } = cloud;
    return { prefix: pulumi.interpolate`${host}/${repositories}`, insecure: false, ecrRegion: region };
  }
  const holder = clustersWith(target, NAME).find((cluster) => reaches(target.cluster, cluster));
  if (holder === undefined) return undefined;
  const login = { username: PUSHER, password: target.trust.sharedPassword("registry").value };
  return { prefix: HOST, login, insecure: true };
}

function external(host: string, credentials: string | undefined): Registry {
  if (credentials === undefined) return { prefix: host, insecure: false };
  const both = secretObject(credentials, ["username", "password"]);
  return {
    prefix: host,
    insecure: false,
    login: { username: both.apply(({ username }) => username), password: both.apply(({ password }) => password) },
  };
}

/** Lets a service account push to the cluster's repositories in ECR. Source: Amazon ECR, "Private repository policies". */
export function pushIdentity(
  { connection: { cloud } }: AddonTarget,
  account: Pick<CloudIdentity, "namespace" | "serviceAccount">,
): CloudIdentity[] {
  if (cloud === undefined) return [];
  const repositories = pulumi.interpolate`arn:${cloud.partition}:ecr:${cloud.region}:${cloud.account}:repository/${cloud.repositories}/*`;
  const actions = [
    "BatchCheckLayerAvailability",
    "BatchGetImage",
    "CompleteLayerUpload",
    "CreateRepository",
    "DescribeImages",
    "GetDownloadUrlForLayer",
    "InitiateLayerUpload",
    "PutImage",
    "UploadLayerPart",
  ].map((action) => `ecr:${action}`);
  return [
    {
      ...account,
      statements: [
        // The token is the account's: the action knows no resource.
        { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
        { actions, resources: [repositories] },
      ],
    },
  ];
}

/** The registry's host, of what images begin with. */
export function hostOf(prefix: string): string {
  return prefix.split("/")[0] ?? prefix;
}

/** The Secret that pods and builds log in with, as Docker keeps it. */
export function dockerConfig({ prefix, login }: Registry): pulumi.Output<string> | undefined {
  if (login === undefined) return undefined;
  return pulumi.all([prefix, login.username, login.password]).apply(([host, username, password]) => {
    const auth = Buffer.from(`${username}:${password}`).toString("base64");
    return JSON.stringify({ auths: { [hostOf(host)]: { username, password, auth } } });
  });
}

/**
 * What a namespace needs for its pods to pull; `undefined` where nodes need nothing: those of a cluster on EKS have an
 * identity that reads ECR, and the registry in the cluster lets everyone pull.
 */
export function pullLogin(registry: Registry | undefined): pulumi.Output<string> | undefined {
  return registry === undefined || registry.insecure ? undefined : dockerConfig(registry);
}

/** zot's values. Source: the chart's values.yaml and zot's documentation of its configuration. */
function values(_target: AddonTarget, { storage }: RegistryConfig) {
  const policies = { users: [PUSHER], actions: ["read", "create", "update", "delete"] };
  const settings = {
    storage: { rootDirectory: "/var/lib/registry", gc: true, gcInterval: "24h", dedupe: true },
    http: {
      address: "0.0.0.0",
      port: String(PORT),
      auth: { htpasswd: { path: "/secret/htpasswd" } },
      accessControl: { repositories: { "**": { policies: [policies], anonymousPolicy: ["read"] } } },
    },
    log: { level: "info" },
    extensions: { metrics: { enable: true, prometheus: { path: "/metrics" } } },
  };
  return {
    service: { type: "NodePort", port: PORT, nodePort: NODE_PORT, annotations: globalServiceAnnotations("pods") },
    mountConfig: true,
    configFiles: { "config.json": JSON.stringify(settings) },
    externalSecrets: [{ secretName: "registry-users", mountPath: "/secret" }],
    persistence: true,
    pvc: { create: true, storage },
    strategy: { type: "Recreate" },
    fullnameOverride: NAME,
    podSecurityContext: { fsGroup: 65532, seccompProfile: { type: "RuntimeDefault" } },
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65532,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    },
  };
}

function users({ name, namespace, trust, opts }: AddonScope<RegistryConfig>): pulumi.Resource[] {
  const { bcrypt } = trust.sharedPassword("registry");
  const stringData = { htpasswd: pulumi.interpolate`${PUSHER}:${bcrypt}\n` };
  const metadata = { name: "registry-users", namespace };
  return [new kubernetes.core.v1.Secret(`${name}-users`, { metadata, stringData }, opts)];
}

/** The registry of a development fleet, on the workflow plane. */
export const registry = defineAddon({
  name: NAME,
  key: "registry",
  title: "Registry in the cluster (zot), where no other one is named",
  chart: PINS.registry,
  namespace: { name: NAMESPACE, podSecurity: "restricted" },
  on: ({ planes, provider }) => planes.includes("workflow") && provider.kind !== "eks",
  needs: ["cilium"],
  kinds: [],
  config,
  when: ({ host }) => host === undefined,
  secrets: ({ credentials }) => (credentials === undefined ? {} : { [credentials]: ["username", "password"] }),
  values,
  prepare: users,
  monitoring: (): Monitoring => ({
    scrapes: [{ name: "registry", of: "services", labels: { "app.kubernetes.io/name": "zot" }, port: "zot" }],
  }),
});

/** What the other clusters pull through: the same Service without pods, at the same port of each node. */
export const registryAccess = defineAddon<RegistryConfig, object>({
  name: "registry-access",
  key: "registry",
  title: "Way of other clusters' nodes to the registry in the cluster",
  namespace: { name: NAMESPACE, podSecurity: "restricted" },
  on: ({ planes, provider }) => planes.includes("data") && !planes.includes("workflow") && provider.kind !== "eks",
  needs: ["cilium"],
  kinds: [],
  when: ({ host }) => host === undefined,
  values: () => ({}),
  resources: (scope) => {
    const reachable = clustersWith(scope, NAME).some((cluster) => reaches(scope.cluster, cluster));
    return reachable ? [nodePort(scope)] : [];
  },
});

function nodePort({ name, namespace, opts }: AddonScope<RegistryConfig>): pulumi.Resource {
  const metadata = { name: NAME, namespace, annotations: globalServiceAnnotations("callers") };
  const ports = [{ name: "zot", protocol: "TCP", port: PORT, nodePort: NODE_PORT }];
  return new kubernetes.core.v1.Service(`${name}-service`, { metadata, spec: { type: "NodePort", ports } }, opts);
}
