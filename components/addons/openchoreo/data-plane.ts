import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { defineAddon } from "../addon";
import { PINS } from "../charts";
import type { AddonScope, AddonTarget } from "../contract";
import { agentValues, prepareAgent } from "./agent";
import { applicationHost, NAMESPACES, planeAddon } from "./names";
import type { OpenchoreoConfig } from "./settings";

/** The agent's service account. Source: the chart's clusterAgent.serviceAccount.name. */
const AGENT_ACCOUNT = "cluster-agent-dataplane";

const ALL = ["get", "list", "watch", "create", "update", "patch", "delete"];

/**
 * What the platform's project types, component types and traits render beyond what the chart's own role allows the
 * agent: its gateway class is another one, and the guard rails of a project come with it.
 */
const RENDERED = [
  { apiGroups: [""], resources: ["limitranges", "resourcequotas"], verbs: ALL },
  {
    apiGroups: ["gateway.envoyproxy.io"],
    resources: ["backends", "backendtrafficpolicies", "envoyextensionpolicies", "securitypolicies"],
    verbs: ALL,
  },
  { apiGroups: ["gateway.networking.k8s.io"], resources: ["backendtlspolicies"], verbs: ALL },
  { apiGroups: ["security.istio.io"], resources: ["authorizationpolicies", "peerauthentications"], verbs: ALL },
  { apiGroups: ["monitoring.coreos.com"], resources: ["prometheusrules", "servicemonitors"], verbs: ALL },
];

/** The data plane's Helm values. Source: the chart's values.yaml. */
export function dataPlaneValues(target: AddonTarget, config: OpenchoreoConfig) {
  return {
    // Components are reached by the platform's gateway; the chart asks for the name all the same.
    gateway: { enabled: false, tls: { hostname: `*.${applicationHost(target.fleet, target.cluster)}` } },
    // A certificate for a webhook that the chart does not have.
    security: { enabled: false },
    clusterAgent: agentValues(target, "data", config),
  };
}

function resources({ name, namespace, opts }: AddonScope<OpenchoreoConfig>): pulumi.Resource[] {
  const metadata = { name: "cluster-agent-platform" };
  const role = new kubernetes.rbac.v1.ClusterRole(`${name}-rendered`, { metadata, rules: RENDERED }, opts);
  const binding = new kubernetes.rbac.v1.ClusterRoleBinding(
    `${name}-rendered`,
    {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: metadata.name },
      subjects: [{ kind: "ServiceAccount", name: AGENT_ACCOUNT, namespace }],
    },
    opts,
  );
  return [role, binding];
}

export const dataPlane = defineAddon({
  name: planeAddon("data"),
  key: "openchoreo",
  title: "OpenChoreo's data plane: the agent that runs components where the control plane says",
  chart: PINS["openchoreo-data-plane"],
  // The chart's schema takes no seccomp profile for the agent.
  namespace: { name: NAMESPACES.data, podSecurity: "baseline" },
  on: ({ planes }) => planes.includes("data"),
  // The chart makes certificates, whose kinds have to be there.
  needs: ["cert-manager"],
  requires: () => [
    { oneOf: ["ztunnel"], why: "as components are reached through the mesh alone" },
    { oneOf: ["envoy-gateway"], why: "as the way to components from outside" },
  ],
  kinds: [],
  values: dataPlaneValues,
  prepare: (scope) => prepareAgent(scope, "data"),
  resources,
});
