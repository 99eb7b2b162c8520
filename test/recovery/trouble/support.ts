import type { AskedCluster } from "../../../recovery/trouble/events";

interface State {
  readonly name?: string;
  readonly deployments?: readonly object[];
  readonly events?: readonly object[];
  readonly pods?: readonly object[];
}

/** A client of a cluster that is in a state. */
export function clusterIn({ name = "east", deployments = [], events = [], pods = [] }: State): AskedCluster {
  const listing = (items: readonly object[]) => async () => ({ items: [...items] });
  return {
    name,
    core: { listEventForAllNamespaces: listing(events), listPodForAllNamespaces: listing(pods) },
    apps: {
      listDeploymentForAllNamespaces: listing(deployments),
      listStatefulSetForAllNamespaces: listing([]),
      listDaemonSetForAllNamespaces: listing([]),
    },
  } as unknown as AskedCluster;
}

/** A Deployment of one replica. */
export const deployment = (name: string, ready: number) => ({
  metadata: { namespace: "apps", name },
  spec: { replicas: 1 },
  status: { readyReplicas: ready },
});

/** A warning of a workload's ReplicaSet. */
export const event = (name: string, reason: string, message: string, minute = 0) => ({
  involvedObject: { kind: "ReplicaSet", namespace: "apps", name },
  reason,
  message,
  lastTimestamp: new Date(Date.UTC(2026, 0, 1, 0, minute)),
});
