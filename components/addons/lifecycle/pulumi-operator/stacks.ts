import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { FleetPlan } from "../../../fleet";
import { shardConfig, shardStack } from "../../../settings";
import type { AddonScope } from "../../contract";
import { credentialsOf } from "../../object-store";
import { secretObject } from "../../secret-object";
import type { PulumiOperatorSettings } from "./settings";

/** Service account of the shards' workspaces. */
export const WORKSPACE_ACCOUNT = "tenant-shards";

/** Secrets and the ConfigMap that workspaces are given. */
const GIT_SECRET = "tenant-shards-git";
const AWS_SECRET = "tenant-shards-aws";
const AWS_CONFIG = "tenant-shards-aws";
const AWS_FOLDER = "/etc/tenant-shards";

type Scope = AddonScope<PulumiOperatorSettings>;

/** What workspaces find when they start: an account, and who they are in Git and in AWS. */
export function workspaceObjects(scope: Scope): pulumi.Resource[] {
  const { name, namespace, opts, config, connection } = scope;
  const account = new kubernetes.core.v1.ServiceAccount(
    `${name}-workspaces`,
    { metadata: { name: WORKSPACE_ACCOUNT, namespace } },
    opts,
  );
  // A workspace asks the API server who calls it. Source: the operator's documentation, "Service accounts".
  const binding = new kubernetes.rbac.v1.ClusterRoleBinding(
    `${name}-auth`,
    {
      metadata: { name: `${WORKSPACE_ACCOUNT}:system:auth-delegator` },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:auth-delegator" },
      subjects: [{ kind: "ServiceAccount", name: WORKSPACE_ACCOUNT, namespace }],
    },
    opts,
  );
  return [
    account,
    binding,
    ...gitSecret(scope),
    ...(connection.cloud === undefined ? awsSecret(scope) : awsConfig(scope)),
  ];

  function gitSecret({ config: { program } }: Scope): pulumi.Resource[] {
    if (program?.credentials === undefined) return [];
    const both = secretObject(program.credentials, ["username", "password"]);
    const stringData = {
      username: both.apply((login) => login.username),
      password: both.apply((login) => login.password),
    };
    return [
      new kubernetes.core.v1.Secret(`${name}-git`, { metadata: { name: GIT_SECRET, namespace }, stringData }, opts),
    ];
  }

  function awsSecret({ config: { credentials } }: Scope): pulumi.Resource[] {
    if (credentials === undefined) return [];
    const stringData = { ...credentialsOf(credentials) };
    return [
      new kubernetes.core.v1.Secret(`${name}-aws`, { metadata: { name: AWS_SECRET, namespace }, stringData }, opts),
    ];
  }

  /** The role is taken with the identity that the pod has. Source: AWS CLI, "Using an IAM role", credential_source. */
  function awsConfig({ connection: { cloud } }: Scope): pulumi.Resource[] {
    const lines = [
      "[default]",
      `region = ${cloud?.region}`,
      `role_arn = ${config.role}`,
      "credential_source = EcsContainer",
    ];
    const data = { config: `${lines.join("\n")}\n` };
    return [new kubernetes.core.v1.ConfigMap(`${name}-aws`, { metadata: { name: AWS_CONFIG, namespace }, data }, opts)];
  }
}

/** One `Stack` for each shard of the fleet's tenants; none where they are not sharded. */
export function shardObjects(scope: Scope): pulumi.Resource[] {
  const { name, namespace, opts, fleet } = scope;
  const { shards } = fleet;
  if (shards === undefined) return [];
  const qualified = (stack: string) => [pulumi.getOrganization(), pulumi.getProject(), stack].join("/");
  const tenants: unknown = new pulumi.Config().getObject("tenants");
  const args = { platformStack: qualified(fleet.stack), tenants, sharding: shards };
  return Array.from({ length: shards.count }, (_, shard) => {
    const stack = shardStack(fleet.stack, shard);
    return new kubernetes.apiextensions.CustomResource(
      `${name}-shard-${shard}`,
      {
        apiVersion: "pulumi.com/v1",
        kind: "Stack",
        metadata: { name: objectName(fleet, shard), namespace, labels: { "choreo.dev/shard": String(shard) } },
        spec: { stack: qualified(stack), config: shardConfig(args, shard), ...stackSpec(scope) },
      },
      opts,
    );
  });
}

/** Names of stacks may hold what names of objects may not; the stack's own namespace is made of its name in the same way. */
function objectName({ namespace }: Pick<FleetPlan, "namespace">, shard: number): string {
  return `${namespace}-tenants-${shard}`;
}

/** What the `Stack`s of all shards have in common. */
function stackSpec({ config, connection }: Scope) {
  const { program, state, secretsProvider } = config;
  return {
    backend: state,
    secretsProvider,
    projectRepo: program?.git,
    ...(program?.commit === undefined ? { branch: program?.branch ?? "main" } : { commit: program.commit }),
    ...(program?.path === undefined ? {} : { repoDir: program.path }),
    ...(program?.credentials === undefined
      ? {}
      : { gitAuth: { basicAuth: { userName: git("username"), password: git("password") } } }),
    shallow: true,
    ...(connection.cloud === undefined ? { envRefs: awsEnvironment() } : {}),
    serviceAccountName: WORKSPACE_ACCOUNT,
    // A `Stack` that is deleted stops being brought up; what it made stays, as a shard may have moved elsewhere.
    destroyOnFinalize: false,
    retryOnUpdateConflict: true,
    resyncFrequencySeconds: config.resync,
    // Between two changes a shard costs nothing.
    workspaceReclaimPolicy: "Delete",
    workspaceTemplate: { spec: workspaceSpec(config, connection.cloud !== undefined) },
  };
}

function workspaceSpec({ image, memory }: PulumiOperatorSettings, onAws: boolean) {
  const mounted = {
    env: [{ name: "AWS_CONFIG_FILE", value: `${AWS_FOLDER}/config` }],
    podTemplate: {
      spec: {
        containers: [{ name: "pulumi", volumeMounts: [{ name: "aws", mountPath: AWS_FOLDER, readOnly: true }] }],
        volumes: [{ name: "aws", configMap: { name: AWS_CONFIG } }],
      },
    },
  };
  return {
    image,
    securityProfile: "restricted",
    resources: { requests: { cpu: "500m", memory }, limits: { memory } },
    ...(onAws ? mounted : {}),
  };
}

const git = (key: string) => ({ type: "Secret", secret: { name: GIT_SECRET, key } });

function awsEnvironment() {
  const aws = (key: string) => ({ type: "Secret", secret: { name: AWS_SECRET, key } });
  return { AWS_ACCESS_KEY_ID: aws("accessKeyId"), AWS_SECRET_ACCESS_KEY: aws("secretAccessKey") };
}
