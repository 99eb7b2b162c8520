import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { PlannedCluster } from "../fleet";

/** One port of a global service; `targetPort` is the pods' own. Default of `targetPort`: `port`. */
export interface GlobalServicePort {
  readonly name: string;
  readonly port: number;
  readonly targetPort?: number | string;
  /** Such as `https` or `kubernetes.io/h2c`. */
  readonly appProtocol?: string;
}

/** A Service that pods of other clusters of the mesh reach too. */
export interface GlobalServiceArgs {
  /** The same on every cluster that has the pods, or calls them. */
  readonly service: string;
  readonly namespace: string;
  /** The same on every cluster. */
  readonly ports: readonly GlobalServicePort[];
  /** Labels of the pods. Absent: this cluster has none, and its Service leads to those of other clusters. */
  readonly selector?: Readonly<Record<string, string>>;
}

/**
 * Annotations of a global service, also for Services that a chart makes. A cluster that only calls keeps its
 * (empty) list of pods to itself. Source: Cilium's documentation, "Load-balancing & Service Discovery".
 */
export function globalServiceAnnotations(has: "pods" | "callers"): Record<string, string> {
  const global = { "service.cilium.io/global": "true" };
  return has === "pods" ? global : { ...global, "service.cilium.io/shared": "false" };
}

/** Annotations of a Service that is not waited for: its pods come later, or are on other clusters, and others wait for them. */
export const NOT_AWAITED = { "pulumi.com/skipAwait": "true" } as const;

/**
 * Makes one cluster's side of a global service. Only pods outside Istio's mesh are served by it: `socketLB` is limited
 * to the host's namespace, and ztunnel knows nothing of Cilium's other clusters.
 * @param name Name of the resource.
 */
export function globalService(
  name: string,
  { service, namespace, ports, selector }: GlobalServiceArgs,
  opts: pulumi.CustomResourceOptions,
): kubernetes.core.v1.Service {
  const annotations = { ...globalServiceAnnotations(selector === undefined ? "callers" : "pods"), ...NOT_AWAITED };
  const spec = {
    type: "ClusterIP",
    ...(selector === undefined ? {} : { selector: { ...selector } }),
    ports: ports.map(({ name: port, ...rest }) => ({ name: port, protocol: "TCP", ...rest })),
  };
  return new kubernetes.core.v1.Service(name, { metadata: { name: service, namespace, annotations }, spec }, opts);
}

/** Whether pods of `from` reach global services of `to`: it is the same cluster, or both are in the mesh. */
export function reaches(from: PlannedCluster, to: PlannedCluster): boolean {
  return from.name === to.name || (from.mesh !== undefined && to.mesh !== undefined);
}
