import type { FleetPlan, PlannedCluster } from "../../../fleet";
import type { AddonNamespace } from "../../contract";
import { applicationHost } from "../../openchoreo/names";

/** Settings key of Envoy Gateway and of its kinds. */
export const ENVOY_GATEWAY = "envoyGateway";

/** Where the controller, its proxies and the rate-limit service are. */
export const GATEWAY_SYSTEM: AddonNamespace = {
  name: "envoy-gateway-system",
  podSecurity: "restricted",
  // Load balancers of Services that are left when the controller goes are taken down while the namespace empties.
  cleanedBy: ["aws-load-balancer-controller"],
};

/** The platform's gateway on a cluster, by its names in the API. */
export const GATEWAY = {
  name: "choreo-gateway",
  namespace: GATEWAY_SYSTEM.name,
  /** What routes of components and of the platform are attached to. */
  listener: "https",
} as const;

/** The listener that only sends clients to the other one. */
export const PLAIN_LISTENER = "http";

/** Label of the proxies, which network policies admit. Source: the source document's CiliumNetworkPolicy. */
export const GATEWAY_PODS: Readonly<Record<string, string>> = { "choreo.dev/component": "api-gateway" };

/** Identity of the proxies in the mesh, which authorization policies admit. */
export const GATEWAY_IDENTITY = { namespace: GATEWAY.namespace, serviceAccount: GATEWAY.name } as const;

/** Name of the GatewayClass. */
export const GATEWAY_CLASS = "envoy-gateway";

/** Controller name of Envoy Gateway's classes. */
export const CONTROLLER = "gateway.envoyproxy.io/gatewayclass-controller";

/** Secret with the gateway's certificate. */
export const TLS_SECRET = "choreo-tls-cert";

/** Name of a cluster's own gateway, whatever the names that several gateways share. */
export function gatewayHost({ domain }: Pick<FleetPlan, "domain">, { name }: Pick<PlannedCluster, "name">): string {
  return `${name}.gateway.${domain}`;
}

/** The name that the gateways of all data planes share, which clients' own names lead to. */
export function sharedGatewayHost({ domain }: Pick<FleetPlan, "domain">): string {
  return `gateway.${domain}`;
}

/**
 * Names that the gateway's certificate is for: a wildcard covers one label only, so the components of a data plane, at
 * `<component>.<cluster>.apps.<domain>`, have one of their own.
 */
export function gatewayNames(
  fleet: Pick<FleetPlan, "domain">,
  cluster: Pick<PlannedCluster, "name" | "planes">,
): string[] {
  const { domain } = fleet;
  const apps = cluster.planes.includes("data") ? [`*.${applicationHost(fleet, cluster)}`] : [];
  return [domain, `*.${domain}`, gatewayHost(fleet, cluster), ...apps];
}
