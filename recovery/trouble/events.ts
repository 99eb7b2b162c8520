import type * as k8s from "@kubernetes/client-node";

/** A cluster that is asked: its name, and clients of what workloads, pods and events are read by. */
export interface AskedCluster {
  readonly name: string;
  readonly core: Pick<k8s.CoreV1Api, "listEventForAllNamespaces" | "listPodForAllNamespaces">;
  readonly apps: Pick<
    k8s.AppsV1Api,
    "listDeploymentForAllNamespaces" | "listStatefulSetForAllNamespaces" | "listDaemonSetForAllNamespaces"
  >;
}

/** At most so many sentences for a cluster: the first ones name the cause, and the rest follows from it. */
const SHOWN = 8;

/** What the events of a cluster's pods say of workloads that do not run, one sentence each; newest first. */
export async function troubleOf(client: AskedCluster): Promise<string[]> {
  const [events, pods, workloads] = await Promise.all([
    client.core.listEventForAllNamespaces({ fieldSelector: "type=Warning" }),
    client.core.listPodForAllNamespaces(),
    notReady(client),
  ]);
  const ready = new Set(
    pods.items.filter(isReady).map(({ metadata }) => `Pod ${metadata?.namespace}/${metadata?.name}`),
  );
  const told = new Map<string, string>();
  for (const event of events.items.sort((a, b) => timeOf(b) - timeOf(a))) {
    const { kind = "", namespace = "", name = "" } = event.involvedObject;
    const workload = workloads.find((one) => one.namespace === namespace && name.startsWith(one.name));
    if (workload === undefined || ready.has(`${kind} ${namespace}/${name}`)) continue;
    const what = `${client.name}: ${workload.kind} ${namespace}/${workload.name}`;
    const message = plain(event.message ?? "");
    if (!told.has(`${what} ${event.reason}`))
      told.set(`${what} ${event.reason}`, `${what}: ${event.reason}: ${message}`);
  }
  const silent = workloads
    .map(({ kind, namespace, name }) => `${client.name}: ${kind} ${namespace}/${name}`)
    .filter((what) => ![...told.keys()].some((key) => key.startsWith(`${what} `)))
    .map((what) => `${what}: is not ready, and no event says why`);
  return [...told.values(), ...silent].slice(0, SHOWN);
}

interface NotReady {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

async function notReady({ apps }: AskedCluster): Promise<NotReady[]> {
  const [deployments, stateful, daemons] = await Promise.all([
    apps.listDeploymentForAllNamespaces(),
    apps.listStatefulSetForAllNamespaces(),
    apps.listDaemonSetForAllNamespaces(),
  ]);
  const named = (kind: string, { metadata }: { metadata?: k8s.V1ObjectMeta }): NotReady => {
    return { kind, namespace: metadata?.namespace ?? "", name: metadata?.name ?? "" };
  };
  return [
    ...deployments.items
      .filter(({ spec, status }) => (status?.readyReplicas ?? 0) < (spec?.replicas ?? 1))
      .map((one) => named("Deployment", one)),
    ...stateful.items
      .filter(({ spec, status }) => (status?.readyReplicas ?? 0) < (spec?.replicas ?? 1))
      .map((one) => named("StatefulSet", one)),
    ...daemons.items
      .filter(({ status }) => (status?.numberReady ?? 0) < (status?.desiredNumberScheduled ?? 0))
      .map((one) => named("DaemonSet", one)),
  ];
}

function isReady({ status }: k8s.V1Pod): boolean {
  return (status?.conditions ?? []).some(({ type, status: state }) => type === "Ready" && state === "True");
}

function timeOf({ lastTimestamp, eventTime }: k8s.CoreV1Event): number {
  return new Date(lastTimestamp ?? eventTime ?? 0).getTime();
}

/** Events repeat the pod's generated name and the whole rule; one line is enough to see what is wrong. */
function plain(message: string): string {
  const line = message.replace(/^\(combined from similar events\): /, "").replace(/\s+/g, " ");
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
