import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { z } from "zod";
import { defineAddon } from "../addon";
import { type AddonScope, type AddonTarget, isOn, settingsOf } from "../contract";
import { secretObject } from "../secret-object";
import { buildPolicy } from "./build-policy";
import { buildTemplate } from "./build-template";
import {
  BUILD_ACCOUNT,
  BUILD_NAMESPACE,
  BUILD_TEMPLATE,
  BUILDER,
  gitLogin,
  REGISTRY_LOGIN,
  SIGNING_KEY,
} from "./names";
import { dockerConfig, hostOf, pushIdentity, type Registry, registryOf } from "./registry";

const NAME = "builds";

const config = () =>
  z
    .strictObject({
      enabled: z.boolean().default(true),
      gitCredentials: z
        .record(
          z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]+)?$/, {
            error: 'not a host of Git such as "github.com" or "git.example.com:8443"',
          }),
          z.string().min(1),
        )
        .default({})
        .describe(
          'By host of Git, the key of a secret of this stack, {"username": "…", "password": "…"}: reads sources and writes ' +
            "the repository that Argo CD reads. No other host gets it. Default: none, for public sources and no promotion.",
        ),
    })
    .describe("Builds: the WorkflowTemplate `choreo-build-deploy` and what it runs with.");
export type BuildsConfig = z.output<ReturnType<typeof config>>;

function resources(scope: AddonScope<BuildsConfig>): pulumi.Resource[] {
  const registry = registryOf(scope);
  const logins = [...registryLogin(scope, registry), ...gitLogins(scope)];
  return [
    ...buildPolicy(scope),
    ...logins,
    ...account(scope, logins),
    signingKey(scope),
    ...limits(scope),
    ...(registry !== undefined && hasWorkflows(scope) ? [template(scope, registry)] : []),
  ];
}

/** The settings of builds on a cluster: hosts that Git has a login for. */
export function gitHostsOf(target: AddonTarget): string[] {
  return Object.keys(settingsOf<BuildsConfig>(target, NAME)?.gitCredentials ?? {});
}

/** Workflows come from one of two add-ons; where neither is on the cluster there is nothing to make a template for. */
function hasWorkflows(scope: AddonScope<BuildsConfig>): boolean {
  return isOn(scope, "argo-workflows") || isOn(scope, "openchoreo-workflow-plane");
}

function template({ name, namespace, config, opts }: AddonScope<BuildsConfig>, registry: Registry): pulumi.Resource {
  const { prefix, insecure, ecrRegion: region } = registry;
  const gitHosts = Object.keys(config.gitCredentials);
  const spec = pulumi.output(prefix).apply((images) => {
    const ecr = region === undefined ? {} : { ecr: { host: hostOf(images), region } };
    return buildTemplate({ insecure, ...ecr, builder: `${images}/${BUILDER}`, gitHosts });
  });
  return new kubernetes.apiextensions.CustomResource(
    `${name}-template`,
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "WorkflowTemplate",
      metadata: { name: BUILD_TEMPLATE, namespace },
      spec,
    },
    opts,
  );
}

/** What builds may do: report their steps, and have kpack build. Secrets of the account are what kpack logs in with. */
function account(
  { name, namespace, opts }: AddonScope<BuildsConfig>,
  logins: readonly kubernetes.core.v1.Secret[],
): pulumi.Resource[] {
  const metadata = { name: BUILD_ACCOUNT, namespace };
  const secrets = logins.map((secret) => ({ name: secret.metadata.name }));
  const imagePullSecrets = pulumi.output(secrets).apply((all) => all.filter((one) => one.name === REGISTRY_LOGIN));
  const rules = [
    { apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] },
    { apiGroups: ["kpack.io"], resources: ["builds"], verbs: ["create", "get", "list", "watch"] },
  ];
  const role = new kubernetes.rbac.v1.Role(`${name}-role`, { metadata, rules }, opts);
  const binding = new kubernetes.rbac.v1.RoleBinding(
    `${name}-binding`,
    {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: BUILD_ACCOUNT },
      subjects: [{ kind: "ServiceAccount", name: BUILD_ACCOUNT, namespace }],
    },
    opts,
  );
  return [
    new kubernetes.core.v1.ServiceAccount(`${name}-account`, { metadata, secrets, imagePullSecrets }, opts),
    role,
    binding,
  ];
}

/** The Secret that steps and kpack push with; none where pods have an identity in the cloud. */
function registryLogin(
  { name, namespace, opts }: AddonScope<BuildsConfig>,
  registry: Registry | undefined,
): kubernetes.core.v1.Secret[] {
  const login = registry === undefined ? undefined : dockerConfig(registry);
  if (login === undefined) return [];
  return [
    new kubernetes.core.v1.Secret(
      `${name}-registry`,
      {
        metadata: { name: REGISTRY_LOGIN, namespace },
        type: "kubernetes.io/dockerconfigjson",
        stringData: { ".dockerconfigjson": login },
      },
      opts,
    ),
  ];
}

/** A Secret for each of Git's hosts, which kpack finds by its annotation. Source: kpack, docs/secrets.md. */
function gitLogins({ name, namespace, config, opts }: AddonScope<BuildsConfig>): kubernetes.core.v1.Secret[] {
  return Object.entries(config.gitCredentials).map(([host, key]) => {
    const login = secretObject(key, ["username", "password"]);
    const physical = gitLogin(host);
    return new kubernetes.core.v1.Secret(
      `${name}-${physical}`,
      {
        metadata: { name: physical, namespace, annotations: { "kpack.io/git": `https://${host}` } },
        type: "kubernetes.io/basic-auth",
        stringData: login.apply(({ username, password }) => ({ username, password })),
      },
      opts,
    );
  });
}

/** Images are signed with a key of the cluster's own; its public half is for whoever verifies them. */
function signingKey({ name, namespace, opts }: AddonScope<BuildsConfig>): pulumi.Resource {
  const key = new tls.PrivateKey(
    `${name}-signing-key`,
    { algorithm: "ECDSA", ecdsaCurve: "P256" },
    { parent: opts.parent },
  );
  return new kubernetes.core.v1.Secret(
    `${name}-signing`,
    {
      metadata: { name: SIGNING_KEY, namespace },
      stringData: { "key.pem": pulumi.secret(key.privateKeyPem), "key.pub": key.publicKeyPem },
    },
    opts,
  );
}

/** A build that asks for nothing gets little, and all of them together cannot take the cluster. */
function limits({ name, namespace, opts }: AddonScope<BuildsConfig>): pulumi.Resource[] {
  const metadata = { name: "builds", namespace };
  return [
    new kubernetes.core.v1.LimitRange(
      `${name}-limits`,
      {
        metadata,
        spec: {
          limits: [
            {
              type: "Container",
              defaultRequest: { cpu: "100m", memory: "256Mi" },
              default: { memory: "2Gi" },
              max: { memory: "8Gi" },
            },
          ],
        },
      },
      opts,
    ),
    new kubernetes.core.v1.ResourceQuota(
      `${name}-quota`,
      {
        metadata,
        spec: { hard: { "requests.cpu": "32", "requests.memory": "64Gi", "requests.storage": "500Gi", pods: "100" } },
      },
      opts,
    ),
  ];
}

export const builds = defineAddon({
  name: NAME,
  key: "builds",
  title: "Builds: choreo-build-deploy, rootless, scanned, signed and promoted through Git",
  namespace: { name: BUILD_NAMESPACE, podSecurity: "privileged" },
  on: ({ planes }) => planes.includes("workflow"),
  needs: ["kpack"],
  uses: ["argo-workflows", "openchoreo-workflow-plane"],
  requires: () => [
    { oneOf: ["argo-workflows", "openchoreo-workflow-plane"], why: "to run its workflows" },
    { oneOf: ["registry"], why: "to push images to" },
  ],
  kinds: [],
  config,
  secrets: ({ gitCredentials }) =>
    Object.fromEntries(Object.values(gitCredentials).map((key) => [key, ["username", "password"]])),
  values: () => ({}),
  identities: (target) => pushIdentity(target, { namespace: BUILD_NAMESPACE, serviceAccount: BUILD_ACCOUNT }),
  resources,
});
