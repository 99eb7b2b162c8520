import { deepEqual } from "node:assert/strict";
import type { ClusterClient } from "../../rehearsal/clusters/client";
import { troubleOf } from "../../rehearsal/clusters/trouble";

interface State {
  readonly deployments?: readonly object[];
  readonly events?: readonly object[];
  readonly pods?: readonly object[];
}

/** A client of a cluster that is in a state. */
function clusterIn({ deployments = [], events = [], pods = [] }: State): ClusterClient {
  const listing = (items: readonly object[]) => async () => ({ items: [...items] });
  return {
    name: "east",
    core: { listEventForAllNamespaces: listing(events), listPodForAllNamespaces: listing(pods) },
    apps: {
      listDeploymentForAllNamespaces: listing(deployments),
      listStatefulSetForAllNamespaces: listing([]),
      listDaemonSetForAllNamespaces: listing([]),
    },
  } as unknown as ClusterClient;
}

const deployment = (name: string, ready: number) => ({
  metadata: { namespace: "apps", name },
  spec: { replicas: 1 },
  status: { readyReplicas: ready },
});
const event = (name: string, reason: string, message: string, minute = 0) => ({
  involvedObject: { kind: "ReplicaSet", namespace: "apps", name },
  reason,
  message,
  lastTimestamp: new Date(Date.UTC(2026, 0, 1, 0, minute)),
});

describe("what a cluster's events say", () => {
  it("is nothing where everything runs", async () => {
    const events = [event("web-1", "FailedCreate", "it was so for a while")];
    deepEqual(await troubleOf(clusterIn({ deployments: [deployment("web", 1)], events })), []);
  });

  it("is the newest message of each reason, by workload", async () => {
    const events = [
      event("web-1", "FailedCreate", "old", 1),
      event("web-1", "FailedCreate", "(combined from similar events): new", 2),
      event("web-1", "BackOff", "pulling\nfails", 1),
    ];
    deepEqual(await troubleOf(clusterIn({ deployments: [deployment("web", 0)], events })), [
      "east: Deployment apps/web: FailedCreate: new",
      "east: Deployment apps/web: BackOff: pulling fails",
    ]);
  });

  it("says so where no event tells", async () => {
    deepEqual(await troubleOf(clusterIn({ deployments: [deployment("web", 0)] })), [
      "east: Deployment apps/web: is not ready, and no event says why",
    ]);
  });
});
