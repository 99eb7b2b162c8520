import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { BUILD_NAMESPACE, BUILD_TEMPLATE, TENANT_LABELS } from "../addons";
import { gitRules, named, type TenantGit } from "./git-rules";
import { organizationNamespace } from "./organization";

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

/**
 * Whoever hands over a build says what is built of the own tenant's, and nothing of how. Values reach the build's scripts by
 * their environment; beyond that, no value holds what a shell reads otherwise than as a part of a word, is an option, or
 * leaves the source's folder.
 */
function handOverRules(registry: string): readonly (readonly [expression: string, message: string])[] {
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
      `size(${named("image")}) == 1 && ${named("image")}[0].value.startsWith(${JSON.stringify(`${registry}/`)} + variables.tenant + "/")`,
      "a build fills the tenant's own part of the registry",
    ],
  ];
}

const WHERE_BUILDS_ARE = {
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": BUILD_NAMESPACE } },
};

/** The tenant whose workflow asks, by the namespace of its account. */
const TENANT = `request.userInfo.username.split(":")[2].substring(${workflowNamespace(organizationNamespace("")).length})`;

/** Arguments of {@link BuildHandOver}. */
export interface BuildHandOverArgs {
  /** What every image of a build begins with. */
  readonly registry: pulumi.Input<string>;
  /** The workflow plane, and the add-on with the builds. */
  readonly after: pulumi.Input<pulumi.Resource[]>;
}

/**
 * How OpenChoreo's workflows, which run in a namespace of each organization, start builds in the namespace that is made
 * for them. OpenChoreo would make the organizations' namespaces without Pod Security, so {@link TenantWorkflows} makes them
 * first.
 */
export class BuildHandOver extends pulumi.ComponentResource {
  constructor(name: string, { registry, after }: BuildHandOverArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:planes:BuildHandOver", name, {}, opts);
    const own = { parent: this, dependsOn: after };
    new kubernetes.rbac.v1.Role(
      `${name}-role`,
      {
        metadata: { name: ROLE, namespace: BUILD_NAMESPACE },
        rules: [{ apiGroups: [WORKFLOWS], resources: ["workflows"], verbs: ["create", "get", "list", "watch"] }],
      },
      own,
    );
    this.policy(name, registry, own);
    this.registerOutputs();
  }

  private policy(name: string, registry: pulumi.Input<string>, opts: pulumi.CustomResourceOptions): void {
    const policy = new kubernetes.admissionregistration.v1.ValidatingAdmissionPolicy(
      `${name}-policy`,
      { metadata: { name: POLICY }, spec: pulumi.output(registry).apply(policySpec) },
      opts,
    );
    new kubernetes.admissionregistration.v1.ValidatingAdmissionPolicyBinding(
      `${name}-policy`,
      {
        metadata: { name: POLICY },
        spec: {
          policyName: POLICY,
          validationActions: ["Deny"],
          matchResources: WHERE_BUILDS_ARE,
        },
      },
      { parent: this, dependsOn: [policy] },
    );
  }
}

/** Arguments of {@link TenantWorkflows}. */
export interface TenantWorkflowsArgs {
  readonly tenant: string;
  /** What of Git is the tenant's own. */
  readonly git: TenantGit;
  /** Hosts of Git that the platform logs in with. Default: any host may be one. */
  readonly gitHosts?: readonly string[];
  /** What builds are handed over by; another stack's is there already. */
  readonly after: pulumi.Input<pulumi.Resource[]>;
}

/** Where a tenant's workflows run on a workflow plane, and their right to hand builds over. */
export class TenantWorkflows extends pulumi.ComponentResource {
  constructor(name: string, args: TenantWorkflowsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:planes:TenantWorkflows", name, {}, opts);
    const { tenant, after } = args;
    const namespace = workflowNamespace(organizationNamespace(tenant));
    const own = new kubernetes.core.v1.Namespace(
      name,
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
      { parent: this, dependsOn: after },
    );
    this.guard(name, namespace, own);
    const rules = this.gitPolicy(name, namespace, args);
    const apiGroup = "rbac.authorization.k8s.io";
    // The right comes after the rules that it is held to.
    new kubernetes.rbac.v1.RoleBinding(
      name,
      {
        metadata: { name: namespace, namespace: BUILD_NAMESPACE },
        roleRef: { apiGroup, kind: "Role", name: ROLE },
        subjects: [{ apiGroup, kind: "Group", name: `system:serviceaccounts:${namespace}` }],
      },
      { parent: this, dependsOn: [own, rules] },
    );
    this.registerOutputs({ tenant, namespace: own.metadata.name });
  }

  /** What the tenant's builds may read and write in Git. */
  private gitPolicy(name: string, namespace: string, args: TenantWorkflowsArgs): pulumi.Resource {
    const { tenant, git, gitHosts, after } = args;
    const opts = { parent: this, dependsOn: after };
    const metadata = { name: `${namespace}.openchoreo.dev` };
    const policy = new kubernetes.admissionregistration.v1.ValidatingAdmissionPolicy(
      `${name}-git`,
      { metadata, spec: handedOver(`${namespace}:`, gitRules({ tenant, git, gitHosts })) },
      opts,
    );
    return new kubernetes.admissionregistration.v1.ValidatingAdmissionPolicyBinding(
      `${name}-git`,
      {
        metadata,
        spec: { policyName: metadata.name, validationActions: ["Deny"], matchResources: WHERE_BUILDS_ARE },
      },
      { parent: this, dependsOn: [policy] },
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

function policySpec(registry: string) {
  return handedOver(PREFIX, handOverRules(registry));
}

/** The rules of what accounts of such namespaces hand over. */
function handedOver(namespaces: string, rules: readonly (readonly [expression: string, message: string])[]) {
  const workflows = { apiGroups: [WORKFLOWS], apiVersions: ["*"], resources: ["workflows"] };
  return {
    failurePolicy: "Fail",
    matchConstraints: { resourceRules: [{ ...workflows, operations: ["CREATE", "UPDATE"] }] },
    matchConditions: [
      {
        name: "handed-over",
        expression: `request.userInfo.username.startsWith("system:serviceaccount:${namespaces}")`,
      },
    ],
    variables: [{ name: "tenant", expression: TENANT }],
    validations: rules.map(([expression, message]) => ({ expression, message })),
  };
}
