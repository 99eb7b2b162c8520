/** The namespace of everything that handles logs. */
export const LOGS_NAMESPACE = "logging";

/** The Service of OpenSearch: a global one, of this name on every cluster that sends to it. */
export const OPENSEARCH = { service: "opensearch", port: 9200, portName: "http" } as const;

/** OpenSearch as pods of the mesh reach it. */
export const OPENSEARCH_HOST = `${OPENSEARCH.service}.${LOGS_NAMESPACE}.svc`;

/** Users of OpenSearch: each add-on that calls it has one of its own. `kibanaserver` is the security plugin's own name. */
export const USERS = {
  admin: "admin",
  dashboards: "kibanaserver",
  logs: "fluent-bit",
  traces: "jaeger",
  metrics: "metrics",
} as const;

/**
 * Labels of a namespace that say which tenant it is of: ours, and OpenChoreo's on the namespaces that it makes. Labels of
 * pods say nothing, as tenants write them.
 */
export const TENANT_LABELS = ["choreo.dev/tenant", "openchoreo.dev/namespace"] as const;

/** In the place of a tenant: logs of namespaces that are no tenant's. No tenant can have this name. */
export const PLATFORM_LOGS = "_platform";

/**
 * The data stream of a tenant's logs, or the platform's. What follows the dot ends the tenant's name, so that patterns
 * of tenant `shop` are never those of `shop-eu`.
 */
export function logStream(tenant: string, kind: "containers" | "gateway" | "*"): string {
  return `logs-${tenant}.${kind}`;
}
