import * as k8s from "@kubernetes/client-node";
import { CATALOG } from "../../components/addons";
import type { ClusterApiPlan, FleetPlan } from "../../components/fleet";
import { type ClusterClient, statusOf } from "./client";
import { registerAll } from "./simulate";

/**
 * What Cluster API's controllers would do on the control cluster: a provider that the operator is told to install gets its
 * workload and its kinds; control planes and node pools are rolled out; a cluster gets the kubeconfig of the local cluster
 * that stands for it, and is available when Cilium is installed there, as nodes are not ready before.
 */
export interface ClusterApiSimulation {
  readonly control: ClusterClient;
  readonly fleet: FleetPlan;
  /** The client and the kubeconfig of a local cluster of the plan, by the cluster's name. */
  readonly local: (cluster: string) => { readonly client: ClusterClient; readonly kubeconfig: string } | undefined;
}

const POLL_MS = 500;

/** Starts the simulation; the returned function ends it. */
export function simulateClusterApi(simulation: ClusterApiSimulation): () => Promise<void> {
  const objects = simulation.control.config.makeApiClient(k8s.CustomObjectsApi);
  let stopped = false;
  const run = async () => {
    while (!stopped) {
      // An object may change or go while it is acted on; the next turn brings it here again.
      await turn(simulation, objects).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  };
  const running = run();
  return async () => {
    stopped = true;
    await running;
  };
}

/** As far as this looks at an object. */
interface Custom extends k8s.KubernetesObject {
  readonly spec?: { readonly version?: string; readonly replicas?: number };
  readonly status?: { readonly observedGeneration?: number; readonly conditions?: readonly Condition[] };
}

interface Condition {
  readonly type: string;
  readonly status: string;
}

type Resource = readonly [group: string, version: string, plural: string];

const PROVIDERS: readonly Resource[] = [
  "coreproviders",
  "bootstrapproviders",
  "controlplaneproviders",
  "infrastructureproviders",
].map((plural) => ["operator.cluster.x-k8s.io", "v1alpha2", plural]);

const ROLLED_OUT: readonly Resource[] = [
  ["controlplane.cluster.x-k8s.io", "v1beta2", "kubeadmcontrolplanes"],
  ["cluster.x-k8s.io", "v1beta2", "machinedeployments"],
];

const CLUSTERS: Resource = ["cluster.x-k8s.io", "v1beta2", "clusters"];

async function turn(simulation: ClusterApiSimulation, objects: k8s.CustomObjectsApi): Promise<void> {
  for (const resource of PROVIDERS) {
    for (const provider of await list(objects, resource)) await install(simulation, objects, resource, provider);
  }
  for (const resource of ROLLED_OUT) {
    for (const one of await list(objects, resource)) {
      await setStatus(objects, resource, one, { Available: "True", RollingOut: "False" });
    }
  }
  for (const cluster of await list(objects, CLUSTERS)) await initialize(simulation, objects, cluster);
}

/** Every object of a kind; none where the kind is not there. */
async function list(objects: k8s.CustomObjectsApi, [group, version, plural]: Resource): Promise<readonly Custom[]> {
  try {
    const { items } = (await objects.listCustomObjectForAllNamespaces({ group, version, plural })) as {
      items: readonly Custom[];
    };
    return items;
  } catch (error) {
    if (statusOf(error) === 404) return [];
    throw error;
  }
}

/** The operator fetches a provider's components and applies them: here its Deployment, and the kinds that are waited for. */
async function install(
  { control }: ClusterApiSimulation,
  objects: k8s.CustomObjectsApi,
  resource: Resource,
  provider: Custom,
): Promise<void> {
  const { namespace = "" } = provider.metadata ?? {};
  for (const addon of CATALOG) {
    const workloads = addon.chart === undefined ? (addon.workloads?.({} as never, {}) ?? []) : [];
    const own = workloads.filter((workload) => workload.namespace === namespace);
    if (own.length === 0) continue;
    for (const { name } of own) await makeDeployment(control, namespace, name, provider);
    await registerAll(control, addon);
  }
  await setStatus(objects, resource, provider, { ProviderInstalled: "True", Ready: "True" });
}

async function makeDeployment({ apps }: ClusterClient, namespace: string, name: string, owner: Custom): Promise<void> {
  const labels = { "cluster.x-k8s.io/provider": name };
  const body: k8s.V1Deployment = {
    metadata: { name, namespace, ownerReferences: [ownerOf(owner)] },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          automountServiceAccountToken: false,
          securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
          containers: [
            {
              name: "manager",
              image: "stand-in.invalid/cluster-api:0.0.0",
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
            },
          ],
        },
      },
    },
  };
  await unlessThere(apps.createNamespacedDeployment({ namespace, body }));
}

async function initialize(
  simulation: ClusterApiSimulation,
  objects: k8s.CustomObjectsApi,
  cluster: Custom,
): Promise<void> {
  const { name = "", namespace = "" } = cluster.metadata ?? {};
  const plan = planOf(simulation.fleet, name);
  const local = plan === undefined ? undefined : simulation.local(plan.name);
  if (local === undefined || cluster.metadata?.deletionTimestamp !== undefined) return;
  const body: k8s.V1Secret = {
    metadata: { name: `${name}-kubeconfig`, namespace, ownerReferences: [ownerOf(cluster)] },
    type: "cluster.x-k8s.io/secret",
    stringData: { value: local.kubeconfig },
  };
  await unlessThere(simulation.control.core.createNamespacedSecret({ namespace, body }));
  const available = (await hasNetwork(local.client)) ? "True" : "False";
  await setStatus(objects, CLUSTERS, cluster, { ControlPlaneInitialized: "True", Available: available });
}

function planOf(
  { clusters }: FleetPlan,
  physicalName: string,
): (ClusterApiPlan & { readonly name: string }) | undefined {
  const found = clusters.find(({ clusterApi }) => clusterApi?.physicalName === physicalName);
  return found?.clusterApi && { ...found.clusterApi, name: found.name };
}

/** Nodes become ready with the network; before that a cluster is not available. */
async function hasNetwork({ apps }: ClusterClient): Promise<boolean> {
  try {
    await apps.readNamespacedDaemonSet({ name: "cilium", namespace: "kube-system" });
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw error;
  }
}

/** Writes the status as a controller does that has seen the newest form of the object; not where it says so already. */
async function setStatus(
  objects: k8s.CustomObjectsApi,
  [group, version, plural]: Resource,
  object: Custom,
  wanted: Readonly<Record<string, string>>,
): Promise<void> {
  const { name = "", namespace = "", generation } = object.metadata ?? {};
  const { observedGeneration, conditions = [] } = object.status ?? {};
  const says = (type: string) => conditions.find((one) => one.type === type)?.status;
  const same = Object.entries(wanted).every(([type, status]) => says(type) === status);
  if (same && observedGeneration === generation) return;
  const lastTransitionTime = new Date().toISOString();
  const status = {
    observedGeneration: generation,
    conditions: Object.entries(wanted).map(([type, one]) => {
      return { type, status: one, reason: "Simulated", message: "", lastTransitionTime };
    }),
  };
  await objects.replaceNamespacedCustomObjectStatus({
    group,
    version,
    plural,
    namespace,
    name,
    body: { ...object, status },
  });
}

function ownerOf({ apiVersion = "", kind = "", metadata }: Custom): k8s.V1OwnerReference {
  return { apiVersion, kind, name: metadata?.name ?? "", uid: metadata?.uid ?? "" };
}

async function unlessThere(created: Promise<unknown>): Promise<void> {
  try {
    await created;
  } catch (error) {
    if (statusOf(error) !== 409) throw error;
  }
}
