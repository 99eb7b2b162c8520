import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { z } from "zod";
import { defineAddon } from "../addon";
import { type AddonScope, isOn } from "../contract";
import { buildPolicy } from "./build-policy";
import { buildTemplate } from "./build-template";
import { BUILD_ACCOUNT, BUILD_NAMESPACE, BUILD_TEMPLATE, GIT_LOGIN, REGISTRY_LOGIN, SIGNING_KEY } from "./names";
import { dockerConfig, pushIdentity, registryOf } from "./registry";

const config = () =>
  z
    .strictObject({
      enabled: z.boolean().default(true),
      gitCredentials: z
        .string()
        .min(1)
        .optional()
        .describe(
          'Key of a secret of this stack, {"username": "…", "password": "…"}: reads sources and writes the repository that ' +
            "Argo CD reads. Default: none, for public sources and no promotion.",
        ),
    })
    .describe("Builds: the WorkflowTemplate `choreo-build-deploy` and what it runs with.");
export type BuildsConfig = z.output<ReturnType<typeof config>>;

function resources(scope: AddonScope<BuildsConfig>): pulumi.Resource[] {
  const registry = registryOf(scope);
  const login = registry === undefined ? undefined : dockerConfig(registry);
  return [
    ...buildPolicy(scope),
    ...account(scope, login),
    ...secrets(scope, login),
    signingKey(scope),
    ...limits(scope),
    ...(hasWorkflows(scope) ? [template(scope, registry?.insecure ?? false)] : []),
  ];
}

/** Workflows come from one of two add-ons; where neither is on the cluster there is nothing to make a template for. */
function hasWorkflows(scope: AddonScope<BuildsConfig>): boolean {
  return isOn(scope, "argo-workflows") || isOn(scope, "openchoreo-workflow-plane");
}

function template({ name, namespace, opts }: AddonScope<BuildsConfig>, insecure: boolean): pulumi.Resource {
  return new kubernetes.apiextensions.CustomResource(
    `${name}-template`,
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "WorkflowTemplate",
      metadata: { name: BUILD_TEMPLATE, namespace },
      spec: buildTemplate(insecure),
    },
    opts,
  );
}

/** What builds may do: report their steps, and have kpack build. */
function account(
  { name, namespace, opts }: AddonScope<BuildsConfig>,
  login?: pulumi.Output<string>,
): pulumi.Resource[] {
  const metadata = { name: BUILD_ACCOUNT, namespace };
  const secrets = login === undefined ? [] : [{ name: REGISTRY_LOGIN }];
  const rules = [
    { apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] },
    { apiGroups: ["kpack.io"], resources: ["images"], verbs: ["create", "get", "list", "patch", "watch"] },
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
    new kubernetes.core.v1.ServiceAccount(`${name}-account`, { metadata, secrets, imagePullSecrets: secrets }, opts),
    role,
    binding,
  ];
}

function secrets(
  { name, namespace, config: { gitCredentials }, opts }: AddonScope<BuildsConfig>,
  login: pulumi.Output<string> | undefined,
): pulumi.Resource[] {
  const secret = (why: string, physical: string, type: string, stringData: pulumi.Input<Record<string, string>>) =>
    new kubernetes.core.v1.Secret(
      `${name}-${why}`,
      { metadata: { name: physical, namespace }, type, stringData },
      opts,
    );
  const registry =
    login === undefined
      ? []
      : [
          secret(
            "registry",
            REGISTRY_LOGIN,
            "kubernetes.io/dockerconfigjson",
            login.apply((json) => ({ ".dockerconfigjson": json })),
          ),
        ];
  if (gitCredentials === undefined) return registry;
  const both = new pulumi.Config().requireSecretObject<{ username: string; password: string }>(gitCredentials);
  const git = both.apply(({ username, password }) => ({ username, password }));
  return [...registry, secret("git", GIT_LOGIN, "kubernetes.io/basic-auth", git)];
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
  name: "builds",
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
  secrets: ({ gitCredentials }) => (gitCredentials === undefined ? {} : { [gitCredentials]: ["username", "password"] }),
  values: () => ({}),
  identities: (target) => pushIdentity(target, { namespace: BUILD_NAMESPACE, serviceAccount: BUILD_ACCOUNT }),
  resources,
});
