import type { FleetPlan, PlannedCluster } from "../../../fleet";
import type { AddonNamespace } from "../../contract";

/** Settings key of all parts of Istio. */
export const ISTIO = "istio";

/** Label that says which network a cluster, a namespace or a gateway is on. */
const NETWORK_LABEL = "topology.istio.io/network";

/**
 * Where all parts of Istio live. ztunnel and the CNI node agent need the host's files and capabilities, so the
 * namespace is privileged; nothing else belongs into it.
 */
export const ISTIO_SYSTEM: AddonNamespace = {
  name: "istio-system",
  podSecurity: "privileged",
  labelsOn: networkLabels,
};

/** The trust domain of the mesh's identities, the same on every cluster. Istio's own default. */
const TRUST_DOMAIN = "cluster.local";

/** Name of the mesh; metrics of several stacks stay apart by it. */
export function meshId(fleet: Pick<FleetPlan, "namespace">): string {
  return fleet.namespace;
}

/** Every cluster is a network of its own: ambient mode on one network across clusters is untested upstream. */
export function networkOf({ name }: Pick<PlannedCluster, "name">): string {
  return name;
}

export function networkLabels(cluster: Pick<PlannedCluster, "name">): Record<string, string> {
  return { [NETWORK_LABEL]: networkOf(cluster) };
}

/** The identity of a service account, as authorization policies name it; `*` stands for every account of the namespace. */
export function principal(namespace: string, serviceAccount: string): string {
  return `${TRUST_DOMAIN}/ns/${namespace}/sa/${serviceAccount}`;
}
