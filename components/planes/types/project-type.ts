import { cel, field, inProject, type ResourceTemplate, schema, tenantOf } from "./cel";
import { PROJECT_EDGES, TENANT_LABEL } from "./edges";

/** Name of the project type that the API and the console take where nobody names one. */
export const PROJECT_TYPE = "default";

const parameters = schema({
  owners: field.texts("Groups that may look at the project's pods and their logs."),
  quota: field.object(
    {
      cpu: field.text("20", "CPU that all pods together may ask for."),
      memory: field.text("40Gi", "Memory that all pods together may ask for."),
      storage: field.text("200Gi", "Storage that all volumes together may ask for."),
      pods: field.number(200, "Number of pods.", 1),
    },
    "Upper limits of the project in each of its environments.",
  ),
});

const namespace = {
  id: "namespace",
  template: {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name: cel("metadata.namespace"),
      labels: cel(
        `oc_merge(metadata.labels, {${[
          ["pod-security.kubernetes.io/enforce", '"restricted"'],
          ["pod-security.kubernetes.io/warn", '"restricted"'],
          ["istio.io/dataplane-mode", '"ambient"'],
          [TENANT_LABEL, tenantOf("metadata.projectNamespace")],
        ]
          .map(([label, value]) => `"${label}": ${value}`)
          .join(", ")}})`,
      ),
    },
  },
};

const quota = {
  id: "quota",
  template: {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: inProject("project"),
    spec: {
      hard: {
        "requests.cpu": cel("parameters.quota.cpu"),
        "requests.memory": cel("parameters.quota.memory"),
        "limits.memory": cel("parameters.quota.memory"),
        "requests.storage": cel("parameters.quota.storage"),
        pods: cel("string(parameters.quota.pods)"),
        // The platform's gateway is the way in.
        "services.loadbalancers": "0",
        "services.nodeports": "0",
      },
    },
  },
};

/** A container that says nothing is small, and counts. */
const limits = {
  id: "limits",
  template: {
    apiVersion: "v1",
    kind: "LimitRange",
    metadata: inProject("project"),
    spec: {
      limits: [{ type: "Container", defaultRequest: { cpu: "50m", memory: "128Mi" }, default: { memory: "256Mi" } }],
    },
  },
};

const network = {
  id: "network",
  template: {
    apiVersion: "cilium.io/v2",
    kind: "CiliumNetworkPolicy",
    metadata: inProject("project"),
    spec: PROJECT_EDGES,
  },
};

/** Without a rule nobody is allowed anything; components bring rules of their own. */
const authorization = {
  id: "authorization",
  template: {
    apiVersion: "security.istio.io/v1",
    kind: "AuthorizationPolicy",
    metadata: inProject("default-deny"),
    spec: {},
  },
};

const owners = {
  id: "owners",
  forEach: cel("parameters.owners"),
  var: "owner",
  template: {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: inProject(cel('oc_generate_name("owner", owner)')),
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: cel("owner") }],
  },
};

/**
 * A project's namespace in each of its environments, with the guard rails in it: they have to be where OpenChoreo runs the
 * pods, and OpenChoreo makes the namespace. Source: OpenChoreo's documentation, "Authoring ProjectTypes".
 */
export function projectType(): object {
  const resources: readonly ResourceTemplate[] = [namespace, quota, limits, network, authorization, owners];
  return { parameters, resources };
}

/** Name of the project type of this program's tenants. */
export const PLACED_PROJECT_TYPE = "platform";

/**
 * The type of projects whose components run in namespaces that are there already. OpenChoreo makes a namespace for each
 * data plane all the same: it stays empty, and closed.
 */
export function placedProjectType(): object {
  const closed = { ...network, template: { ...network.template, spec: CLOSED } };
  return { resources: [namespace, emptyQuota, closed, authorization] };
}

const CLOSED = { endpointSelector: {}, ingress: [{}], egress: [{}] };

const emptyQuota = {
  id: "quota",
  template: {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: inProject("project"),
    spec: { hard: { pods: "0", "services.loadbalancers": "0", "services.nodeports": "0" } },
  },
};
