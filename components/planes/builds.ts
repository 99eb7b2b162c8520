import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { BUILD_NAMESPACE, BUILD_TEMPLATE, TENANT_LABELS } from "../addons";
import type { TenantSettings } from "../settings";
import { organizationNamespace } from "./organization";
import { SAFE } from "./types";

const ROLE = "openchoreo-hand-over";
const POLICY = "choreo-hand-over.openchoreo.dev";
const WORKFLOWS = "argoproj.io";
const PREFIX = "workflows-";

/** A value that a script may hold: nothing in it ends a word of a shell, and it is no option. */
export const PLAIN_VALUE = "^([A-Za-z0-9._/\\[][A-Za-z0-9._/:@~\\[\\]-]*)?$";

/** Namespace that OpenChoreo runs an organization's workflows in. Source: OpenChoreo, internal/pipeline/workflow. */
export function workflowNamespace(organization: string): string {
  return `${PREFIX}${organization}`;
}

/** What a tenant has in Git, by its settings. */
export interface TenantGit {
  /** URLs of the sources of its components, and of its own repository. */
  readonly sources: readonly string[];
  /** Where its images are written: a repository, and the folder of the tenant in it. */
  readonly deploy?: { readonly repository: string; readonly path: string };
}

/** What of Git is a tenant's own. */
export function tenantGit({ projects, repository }: Pick<TenantSettings, "projects" | "repository">): TenantGit {
  const components = Object.values(projects).flatMap((project) => Object.values(project.components));
  const sources = components.flatMap(({ source }) => (source === undefined ? [] : [source.git]));
  if (repository === undefined) return { sources };
  const { git, path } = repository;
  return { sources: [...sources, git], deploy: { repository: git, path } };
}

/** Both ways to spell a repository: hosts take its URL with and without the suffix. */
function spellings(url: string): string[] {
  const plain = url.replace(/\/+$/, "").replace(/\.git$/, "");
  return [plain, `${plain}.git`];
}

const named = (name: string) => `object.spec.arguments.parameters.filter(p, p.name == "${name}")`;
const given = (name: string) => `${named(name)}[0].value`;
const ofTenant = (values: Readonly<Record<string, unknown>>) => `${JSON.stringify(values)}[variables.tenant]`;

/**
 * The logins of Git's hosts are the platform's, which every tenant's builds have: with them nothing is read but the
 * tenant's own sources, and nothing is written but below its own folder. Git sees one host in several spellings, so a URL
 * is plain, and its host is compared without its port.
 */
function gitRules({ tenants, gitHosts }: RuleArgs): readonly (readonly [expression: string, message: string])[] {
  const by = <Value>(pick: (git: TenantGit) => Value) =>
    Object.fromEntries(Object.entries(tenants).map(([tenant, git]) => [tenant, pick(git)]));
  const sources = by((git) => git.sources.flatMap(spellings));
  const repositories = by(({ deploy }) => (deploy === undefined ? [] : spellings(deploy.repository)));
  const folders = by(({ deploy }) => (deploy === undefined || deploy.path === "." ? "" : `${deploy.path}/`));
  const hosts = [...new Set(gitHosts.map((host) => host.replace(/:[0-9]+$/, "")))];
  const repository = given("repository");
  const url = JSON.stringify(SAFE.url);
  const once = (name: string) => `size(${named(name)}) == 1`;
  return [
    [`variables.tenant in ${JSON.stringify(by(() => true))}`, "a build is of a tenant of this stack"],
    [
      `${once("repository")} && ${repository}.matches(${url}) && (!(url(${repository}).getHostname().lowerAscii() in ${JSON.stringify(hosts)}) || ${repository} in ${ofTenant(sources)})`,
      "a build of a host that the platform logs in with is of a source or the repository that the tenant's file names",
    ],
    [
      `${once("deploy-repository")} && (${given("deploy-repository")} == "" || ${given("deploy-repository")} in ${ofTenant(repositories)})`,
      "an image is written into the repository that the tenant's file names",
    ],
    [
      `${once("deploy-path")} && ${given("deploy-path")}.startsWith(${ofTenant(folders)})`,
      "an image is written below the tenant's own folder of its repository",
    ],
  ];
}

/** What the rules of a hand-over hold builds to. */
interface RuleArgs {
  readonly registry: string;
  readonly tenants: Readonly<Record<string, TenantGit>>;
  readonly gitHosts: readonly string[];
}

/**
 * Whoever hands over a build says what is built of the own tenant's, and nothing of how. Values reach the build's scripts by
 * their environment; beyond that, no value holds what a shell reads otherwise than as a part of a word, is an option, or
 * leaves the source's folder.
 */
function handOverRules(args: RuleArgs): readonly (readonly [expression: string, message: string])[] {
  return [
    [
      'object.spec.all(key, key in ["arguments", "workflowTemplateRef"])',
      `a build says its arguments and the template ${BUILD_TEMPLATE}, nothing else`,
    ],
    [
      `object.spec.workflowTemplateRef.all(key, key == "name") && object.spec.workflowTemplateRef.name == "${BUILD_TEMPLATE}"`,
      `a build is one of the template ${BUILD_TEMPLATE}`,
    ],
    [
      'object.spec.arguments.all(key, key == "parameters") && object.spec.arguments.parameters.all(p, p.all(key, key in ["name", "value"]))',
      "a build takes parameters with their values, and no artifacts",
    ],
    [
      `object.spec.arguments.parameters.all(p, p.value.matches(${JSON.stringify(PLAIN_VALUE)}) && !p.value.contains(".."))`,
      "a parameter of a build is plain: letters, digits and ._/:@~-[], not an option and not the way up",
    ],
    [
      `size(${named("component")}) == 1 && ${named("component")}[0].value.startsWith(variables.tenant + ".")`,
      "a build is of a component of the tenant whose workflow it is",
    ],
    [
      `size(${named("image")}) == 1 && ${named("image")}[0].value.startsWith(${JSON.stringify(`${args.registry}/`)} + variables.tenant + "/")`,
      "a build fills the tenant's own part of the registry",
    ],
    ...gitRules(args),
  ];
}

/** The tenant whose workflow asks, by the namespace of its account. */
const TENANT = `request.userInfo.username.split(":")[2].substring(${workflowNamespace(organizationNamespace("")).length})`;

/** Arguments of {@link BuildHandOver}. */
export interface BuildHandOverArgs {
  /** Tenants whose workflows run on the cluster, and what they have in Git. */
  readonly tenants: Readonly<Record<string, TenantGit>>;
  /** Hosts of Git that the platform logs in with. */
  readonly gitHosts: readonly string[];
  /** What every image of a build begins with. */
  readonly registry: pulumi.Input<string>;
  /** The workflow plane, and the add-on with the builds. */
  readonly after: pulumi.Input<pulumi.Resource[]>;
}

/**
 * How OpenChoreo's workflows, which run in a namespace of each organization, start builds in the namespace that is made
 * for them. OpenChoreo would make the organizations' namespaces without Pod Security, so they are made here first.
 */
export class BuildHandOver extends pulumi.ComponentResource {
  constructor(name: string, args: BuildHandOverArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:planes:BuildHandOver", name, {}, opts);
    const { tenants, after } = args;
    const own = { parent: this, dependsOn: after };
    const role = new kubernetes.rbac.v1.Role(
      `${name}-role`,
      {
        metadata: { name: ROLE, namespace: BUILD_NAMESPACE },
        rules: [{ apiGroups: [WORKFLOWS], resources: ["workflows"], verbs: ["create", "get", "list", "watch"] }],
      },
      own,
    );
    const policy = this.policy(name, args, own);
    for (const tenant of Object.keys(tenants)) this.organization(name, tenant, [role, policy]);
    this.registerOutputs();
  }

  private policy(name: string, args: BuildHandOverArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource {
    const spec = pulumi.output(args.registry).apply((registry) => policySpec({ ...args, registry }));
    const policy = new kubernetes.admissionregistration.v1.ValidatingAdmissionPolicy(
      `${name}-policy`,
      { metadata: { name: POLICY }, spec },
      opts,
    );
    return new kubernetes.admissionregistration.v1.ValidatingAdmissionPolicyBinding(
      `${name}-policy`,
      {
        metadata: { name: POLICY },
        spec: {
          policyName: POLICY,
          validationActions: ["Deny"],
          matchResources: { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": BUILD_NAMESPACE } } },
        },
      },
      { parent: this, dependsOn: [policy] },
    );
  }

  private organization(name: string, tenant: string, after: readonly pulumi.Resource[]): void {
    const namespace = workflowNamespace(organizationNamespace(tenant));
    const own = new kubernetes.core.v1.Namespace(
      `${name}-${tenant}`,
      {
        metadata: {
          name: namespace,
          labels: {
            [TENANT_LABELS[0]]: tenant,
            "pod-security.kubernetes.io/enforce": "restricted",
            "pod-security.kubernetes.io/warn": "restricted",
          },
        },
      },
      { parent: this, dependsOn: [...after] },
    );
    this.guard(`${name}-${tenant}`, namespace, own);
    const apiGroup = "rbac.authorization.k8s.io";
    new kubernetes.rbac.v1.RoleBinding(
      `${name}-${tenant}`,
      {
        metadata: { name: namespace, namespace: BUILD_NAMESPACE },
        roleRef: { apiGroup, kind: "Role", name: ROLE },
        subjects: [{ apiGroup, kind: "Group", name: `system:serviceaccounts:${namespace}` }],
      },
      { parent: this, dependsOn: [own] },
    );
  }

  /** What a namespace of a tenant has wherever its pods run: edges, a quota and limits. */
  private guard(name: string, namespace: string, own: pulumi.Resource): void {
    const opts = { parent: this, dependsOn: [own] };
    const metadata = (object: string) => ({ name: object, namespace });
    new kubernetes.apiextensions.CustomResource(
      `${name}-edges`,
      { apiVersion: "cilium.io/v2", kind: "CiliumNetworkPolicy", metadata: metadata("default-deny"), spec: EDGES },
      opts,
    );
    new kubernetes.core.v1.ResourceQuota(
      `${name}-quota`,
      { metadata: metadata("workflows"), spec: { hard: QUOTA } },
      opts,
    );
    new kubernetes.core.v1.LimitRange(
      `${name}-limits`,
      { metadata: metadata("workflows"), spec: { limits: [LIMIT] } },
      opts,
    );
  }
}

/** Steps that start builds and wait for them: small, and as many at a time as builds may be. */
const QUOTA = { pods: "50", "requests.cpu": "5", "requests.memory": "8Gi" };
const LIMIT = {
  type: "Container",
  default: { memory: "256Mi" },
  defaultRequest: { cpu: "50m", memory: "64Mi" },
};

/** What such a step talks to: the API server, which it finds by name. An empty rule closes what no other one opens. */
const EDGES = {
  endpointSelector: {},
  ingress: [{}],
  egress: [
    {
      toEndpoints: [{ matchLabels: { "k8s:io.kubernetes.pod.namespace": "kube-system", "k8s:k8s-app": "kube-dns" } }],
      toPorts: [
        {
          ports: [
            { port: "53", protocol: "UDP" },
            { port: "53", protocol: "TCP" },
          ],
        },
      ],
    },
    { toEntities: ["kube-apiserver"] },
  ],
};

function policySpec(args: RuleArgs) {
  const workflows = { apiGroups: [WORKFLOWS], apiVersions: ["*"], resources: ["workflows"] };
  return {
    failurePolicy: "Fail",
    matchConstraints: { resourceRules: [{ ...workflows, operations: ["CREATE", "UPDATE"] }] },
    matchConditions: [
      {
        name: "handed-over",
        expression: `request.userInfo.username.startsWith("system:serviceaccount:${PREFIX}")`,
      },
    ],
    variables: [{ name: "tenant", expression: TENANT }],
    validations: handOverRules(args).map(([expression, message]) => ({ expression, message })),
  };
}
