import { denyAll, type Manifest, SECRET_STORE, STORE_LABEL, TENANT_IN_MESH, USE_WAYPOINT, waypoint } from "../addons";
import type { Cell } from "./cells";
import { DEFAULT_DENY, type NetworkPolicySpec } from "./network-policy";

/** What every namespace of a tenant has, whatever runs in it. */

/** Labels of a tenant's namespace. */
export function namespaceLabels(
  { tenant, project, environment, holds, components }: Cell,
  { meshed, waypoint: behind }: { readonly meshed: boolean; readonly waypoint: boolean },
): Record<string, string> {
  return {
    "choreo.dev/tenant": tenant,
    "choreo.dev/project": project,
    "choreo.dev/environment": environment,
    "choreo.dev/holds": holds,
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/warn": "restricted",
    "pod-security.kubernetes.io/audit": "restricted",
    ...(meshed ? TENANT_IN_MESH : {}),
    ...(behind ? USE_WAYPOINT : {}),
    // Which secrets of the store its components get is for the settings to say: each tenant's begin with its name.
    ...(components.some(({ settings }) => Object.keys(settings.secrets).length > 0)
      ? { [STORE_LABEL]: SECRET_STORE }
      : {}),
  };
}

/**
 * Of a Service on several clusters, endpoints of the own network, so of the own cluster, go first, then those of other
 * ones. Source: Istio's documentation, "Traffic Distribution" of ambient mode; it holds for all Services of a namespace.
 */
export const LOCAL_FIRST = { "networking.istio.io/traffic-distribution": "PreferSameZone" } as const;

/** Upper limits of a namespace. The platform's gateway is the way in, so it has no load balancer of its own. */
export function quotaSpec({ quota }: Pick<Cell, "quota">) {
  return {
    hard: {
      "requests.cpu": quota.cpu,
      "requests.memory": quota.memory,
      "limits.memory": quota.memory,
      "requests.storage": quota.storage,
      pods: String(quota.pods),
      "services.loadbalancers": "0",
      "services.nodeports": "0",
    },
  };
}

/** A container that says nothing is small, and counts. */
export const LIMITS = {
  limits: [{ type: "Container", defaultRequest: { cpu: "50m", memory: "128Mi" }, default: { memory: "256Mi" } }],
};

/** A network policy of a namespace. */
export function networkPolicy(name: string, namespace: string, spec: NetworkPolicySpec): Manifest {
  return { apiVersion: "cilium.io/v2", kind: "CiliumNetworkPolicy", metadata: { name, namespace }, spec };
}

/** What closes a namespace, on the network and in the mesh. */
export function defaultDeny(namespace: string, meshed: boolean): Manifest[] {
  return [networkPolicy("default-deny", namespace, DEFAULT_DENY), ...(meshed ? [denyAll(namespace)] : [])];
}

/**
 * The waypoint of a namespace; one with Services on several clusters is reached from all of them. Istio makes its Service
 * of the Gateway and takes the labels along.
 */
export function cellWaypoint(namespace: string, global: boolean): Manifest {
  const { metadata, spec, ...rest } = waypoint(namespace);
  if (!global) return { ...rest, metadata, spec };
  const labels = { "istio.io/global": "true" };
  return {
    ...rest,
    metadata: { ...metadata, labels: { ...metadata.labels, ...labels } },
    spec: { ...spec, infrastructure: { labels } },
  };
}
