import type { FleetPlan, PlannedCluster } from "../../fleet";

/** OpenChoreo's planes other than the control plane: each has an agent that dials it. */
export const AGENT_PLANES = ["data", "workflow", "observability"] as const;
export type AgentPlane = (typeof AGENT_PLANES)[number];

/** Namespaces of the planes, which the charts' own defaults speak of. */
export const NAMESPACES = {
  control: "openchoreo-control-plane",
  data: "openchoreo-data-plane",
  workflow: "openchoreo-workflow-plane",
  observability: "openchoreo-observability-plane",
} as const;

/** Name of the add-on that installs a plane. */
export function planeAddon(plane: keyof typeof NAMESPACES): string {
  return `openchoreo-${plane}-plane`;
}

/** Port of the cluster gateway that agents dial. Source: the control plane's chart, clusterGateway.port. */
export const AGENT_PORT = 8443;

/** The Service that leads to the cluster gateway from every cluster of the mesh, the control plane's own included. */
export const AGENT_SERVICE = "cluster-gateway-mesh";

/** Host names of the control plane, below the platform's domain. */
export const HOSTS = {
  console: (domain: string) => `console.${domain}`,
  api: (domain: string) => `api.${domain}`,
  clusterGateway: (domain: string) => `cluster-gateway.${domain}`,
} as const;

/** Host name of a cluster's observer: one label below the domain, as certificates of wildcards cover no more. */
export function observerHost({ domain }: Pick<FleetPlan, "domain">, { name }: Pick<PlannedCluster, "name">): string {
  return `observer-${name}.${domain}`;
}

/** What a data plane's components are reached below: `<component>.<this>`. */
export function applicationHost({ domain }: Pick<FleetPlan, "domain">, { name }: Pick<PlannedCluster, "name">): string {
  return `${name}.apps.${domain}`;
}
