import type * as k8s from "@kubernetes/client-node";
import { type ClusterClient, statusOf } from "../clusters/client";
import type { Folders } from "../folders";
import { Account, type Item } from "../providers/aws/account";
import { zonesOf } from "../providers/aws/regions";
import { TYPES } from "../providers/aws/targets";
import { isObject, number, objects, text, texts } from "../providers/aws/values";
import type { EksStandIn } from "./local-clusters";

/** For the summary of a rehearsal. */
export const SIMULATED_NODES = "nodes of EKS' node groups, and that Cilium takes its taint off them";

const POLL_MS = 500;
const GROUP = "eks.amazonaws.com/nodegroup";
/** Taint that Cilium's agent takes off when it runs on a node. */
const NETWORK_TAINT = "node.cilium.io/agent-not-ready";
const EFFECTS: Readonly<Record<string, string>> = {
  NO_SCHEDULE: "NoSchedule",
  NO_EXECUTE: "NoExecute",
  PREFER_NO_SCHEDULE: "PreferNoSchedule",
};

/** A local cluster that stands for one on EKS. */
export interface EksMember {
  readonly stands: EksStandIn;
  readonly client: ClusterClient;
}

/**
 * Gives each EKS cluster the nodes that its node groups in the stand-in's account say, as they come and go; without one
 * it has none. The returned function ends it.
 */
export function followNodeGroups(
  members: readonly EksMember[],
  { account }: Pick<Folders, "account">,
): () => Promise<void> {
  const source = new Account(account);
  let running: Promise<void> = Promise.resolve();
  const step = async () => {
    const items = source.snapshot();
    // A cluster may be under way or gone; the next step tries again.
    await Promise.all(members.map((member) => sync(member, items).catch(() => undefined)));
  };
  const timer = setInterval(() => {
    running = running.then(step);
  }, POLL_MS);
  return async () => {
    clearInterval(timer);
    await running;
  };
}

async function sync({ stands, client }: EksMember, items: readonly Item[]): Promise<void> {
  const groups = items.filter(
    ({ type, region, state }) =>
      type === TYPES.nodeGroup && region === stands.region && text(state, "clusterName") === stands.physicalName,
  );
  const wanted = new Map(
    groups.flatMap((group) => nodesOf(group, items)).map((node) => [node.metadata?.name ?? "", node]),
  );
  const { items: present } = await client.core.listNode({ labelSelector: GROUP });
  const names = present.map((node) => node.metadata?.name ?? "");
  for (const [name, body] of wanted) if (!names.includes(name)) await create(client, body);
  for (const name of names) if (!wanted.has(name)) await remove(client, name);
  await takeOffTaint(client, present);
}

/** The nodes of a group, spread over the zones of its subnets. */
function nodesOf({ id, region, state }: Item, items: readonly Item[]): k8s.V1Node[] {
  const group = id.split(":")[1] ?? "";
  const places = items.filter((item) => item.type === TYPES.subnet && texts(state, "subnetIds").includes(item.id));
  const zones = places.map((place) => text(place.state, "availabilityZone"));
  const fallback = zonesOf(region).map(({ name }) => name);
  const taints = objects(state, "taints").map((taint) => ({
    key: text(taint, "key"),
    value: text(taint, "value"),
    effect: EFFECTS[text(taint, "effect")] ?? "NoSchedule",
  }));
  return Array.from({ length: number(state, "scalingConfig.desiredSize") ?? 0 }, (_, index) => {
    const own = zones.length > 0 ? zones : fallback;
    const name = `${group}-${index + 1}`;
    return node(
      name,
      {
        ...(isObject(state.labels) ? (state.labels as Record<string, string>) : {}),
        [GROUP]: group,
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": /ARM/.test(text(state, "amiType")) ? "arm64" : "amd64",
        "node.kubernetes.io/instance-type": texts(state, "instanceTypes")[0] ?? "",
        "topology.kubernetes.io/region": region,
        "topology.kubernetes.io/zone": own[index % own.length] ?? "",
      },
      taints,
    );
  });
}

/** Large enough for everything: a rehearsal is not about sizes. */
function node(name: string, labels: Record<string, string>, taints: k8s.V1Taint[]): k8s.V1Node {
  const resources = { cpu: "64", memory: "512Gi", "ephemeral-storage": "1Ti", pods: "1000" };
  return {
    metadata: { name, labels, annotations: { "kwok.x-k8s.io/node": "fake" } },
    spec: { taints },
    status: { allocatable: resources, capacity: resources },
  };
}

async function create({ core }: ClusterClient, body: k8s.V1Node): Promise<void> {
  try {
    await core.createNode({ body });
  } catch (error) {
    if (statusOf(error) !== 409) throw error;
  }
}

/** A node goes with the pods that run on it, as an instance does. */
async function remove({ core }: ClusterClient, name: string): Promise<void> {
  await core.deleteNode({ name });
  const { items } = await core.listPodForAllNamespaces({ fieldSelector: `spec.nodeName=${name}` });
  for (const { metadata } of items) {
    const [pod, namespace] = [metadata?.name ?? "", metadata?.namespace ?? ""];
    await core.deleteNamespacedPod({ name: pod, namespace, gracePeriodSeconds: 0 }).catch(() => undefined);
  }
}

/** Where Cilium's DaemonSet is, its agent runs on every node. */
async function takeOffTaint({ core, apps }: ClusterClient, nodes: readonly k8s.V1Node[]): Promise<void> {
  const tainted = nodes.filter(({ spec }) => spec?.taints?.some(({ key }) => key === NETWORK_TAINT));
  if (tainted.length === 0) return;
  const { items } = await apps.listDaemonSetForAllNamespaces({ fieldSelector: "metadata.name=cilium" });
  if (items.length === 0) return;
  for (const body of tainted) {
    const taints = body.spec?.taints?.filter(({ key }) => key !== NETWORK_TAINT);
    await core.replaceNode({ name: body.metadata?.name ?? "", body: { ...body, spec: { ...body.spec, taints } } });
  }
}
