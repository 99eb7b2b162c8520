import { connect } from "node:net";
import type { Endpoint } from "./kubeconfig";

/**
 * What the program asks running clusters during `up`. Tests and offline plans give another one, which asks nothing.
 */
export interface ClusterProbe {
  /** Why the endpoint cannot be reached, or `undefined` when it can. */
  readonly unreachable: (endpoint: Endpoint) => Promise<string | undefined>;
  /**
   * Waits until the API server admits the kubeconfig's credentials: who may use a new cluster is told to each of its API
   * servers some time after the cloud has taken it down.
   * @throws Error after `seconds`, with the last refusal.
   */
  readonly admitted: (kubeconfig: string, seconds: number) => Promise<void>;
  /**
   * Waits until every CustomResourceDefinition in `names` is Established.
   * @param names Such as `certificates.cert-manager.io`.
   * @throws Error after `seconds`, with the names that are missing.
   */
  readonly established: (kubeconfig: string, names: readonly string[], seconds: number) => Promise<void>;
  /**
   * Waits until every workload in `workloads` runs as its specification says.
   * @throws Error after `seconds`, with those that do not.
   */
  readonly ready: (kubeconfig: string, workloads: readonly Workload[], seconds: number) => Promise<void>;
  /**
   * Waits until the conditions of every object are as they should be, in the newest form of the object.
   * @throws Error after `seconds`, with those that are not.
   */
  readonly met: (kubeconfig: string, objects: readonly AwaitedObject[], seconds: number) => Promise<void>;
}

/** A custom object that is waited for, by what its controller says of it. */
export interface AwaitedObject {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespace: string;
  readonly name: string;
  /** Types of conditions that have to be True, and of those that have to be False. */
  readonly True?: readonly string[];
  readonly False?: readonly string[];
}

/** A workload that is waited for. */
export interface Workload {
  readonly kind: "DaemonSet" | "Deployment";
  readonly namespace: string;
  readonly name: string;
}

const CONNECT_MS = 5_000;
const POLL_MS = 500;

/** Asks for real. */
export const liveProbe: ClusterProbe = { unreachable, admitted, established, ready, met };

function unreachable({ host, port }: Endpoint): Promise<string | undefined> {
  return new Promise((done) => {
    const socket = connect({ host, port, timeout: CONNECT_MS });
    const end = (why: string | undefined) => {
      socket.destroy();
      done(why);
    };
    socket.once("connect", () => end(undefined));
    socket.once("timeout", () => end(`no answer within ${CONNECT_MS / 1000} s`));
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}

/** How often in a row they have to be admitted: there are several API servers behind one name. */
const ADMITTED_TIMES = 3;

async function admitted(kubeconfig: string, seconds: number): Promise<void> {
  const { CoreV1Api, KubeConfig } = await client();
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  const api = config.makeApiClient(CoreV1Api);
  const deadline = Date.now() + seconds * 1000;
  for (let times = 0; times < ADMITTED_TIMES; ) {
    const refusal = await refusalOf(() => api.listNamespace({ limit: 1 }));
    times = refusal === undefined ? times + 1 : 0;
    if (refusal !== undefined && Date.now() > deadline) {
      throw new Error(`credentials are not admitted after ${seconds} s: ${refusal}`);
    }
    if (times < ADMITTED_TIMES) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function refusalOf(call: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    return firstLine(error);
  }
}

function firstLine(error: unknown): string {
  return error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
}

async function established(kubeconfig: string, names: readonly string[], seconds: number): Promise<void> {
  const { ApiextensionsV1Api, KubeConfig } = await client();
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  const api = config.makeApiClient(ApiextensionsV1Api);
  await waitFor("not established", names, seconds, async (name) => {
    const { status } = await api.readCustomResourceDefinition({ name });
    return (status?.conditions ?? []).some((one) => one.type === "Established" && one.status === "True");
  });
}

async function ready(kubeconfig: string, workloads: readonly Workload[], seconds: number): Promise<void> {
  const { AppsV1Api, KubeConfig } = await client();
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  const api = config.makeApiClient(AppsV1Api);
  const named = new Map(workloads.map((one) => [`${one.kind} ${one.namespace}/${one.name}`, one]));
  await waitFor("not ready", [...named.keys()], seconds, async (key) => {
    const workload = named.get(key);
    if (workload === undefined) return true;
    if (workload.kind === "DaemonSet") return isRolledOut(await api.readNamespacedDaemonSet(workload));
    return isDeployed(await api.readNamespacedDeployment(workload));
  });
}

async function met(kubeconfig: string, objects: readonly AwaitedObject[], seconds: number): Promise<void> {
  const { CustomObjectsApi, KubeConfig } = await client();
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  const api = config.makeApiClient(CustomObjectsApi);
  const named = new Map(objects.map((one) => [`${one.plural}/${one.name} (${conditionsOf(one)})`, one]));
  await waitFor("not as it should be", [...named.keys()], seconds, async (key) => {
    const wanted = named.get(key);
    return wanted === undefined || isMet(await api.getNamespacedCustomObject(wanted), wanted);
  });
}

function conditionsOf({ True = [], False = [] }: AwaitedObject): string {
  return [...True.map((type) => `${type}=True`), ...False.map((type) => `${type}=False`)].join(", ");
}

/** What the status of a custom object says, as far as it matters here. */
interface CustomState {
  readonly metadata?: { readonly generation?: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/** Whether a controller has seen the newest form of an object, and its conditions are as they should be. */
export function isMet(object: CustomState, { True = [], False = [] }: Pick<AwaitedObject, "True" | "False">): boolean {
  const conditions = object.status?.conditions ?? [];
  const has = (type: string, wanted: string) => {
    return conditions.some(({ type: other, status }) => other === type && status === wanted);
  };
  return isObserved(object) && True.every((type) => has(type, "True")) && False.every((type) => has(type, "False"));
}

/** Loaded when something is waited for: it costs half a second that a preview need not pay. */
function client() {
  return import("@kubernetes/client-node");
}

/** What the status of a DaemonSet and of a Deployment say, as far as it matters here. */
interface WorkloadState {
  readonly metadata?: { readonly generation?: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly desiredNumberScheduled?: number;
    readonly updatedNumberScheduled?: number;
    readonly numberAvailable?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
  };
}

function isObserved({ metadata, status }: Pick<WorkloadState | CustomState, "metadata" | "status">): boolean {
  return (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0);
}

/** Whether a DaemonSet runs in its newest form on every node that it is for. */
export function isRolledOut(set: WorkloadState): boolean {
  const { desiredNumberScheduled = 0, updatedNumberScheduled = 0, numberAvailable = 0 } = set.status ?? {};
  return (
    isObserved(set) && updatedNumberScheduled >= desiredNumberScheduled && numberAvailable >= desiredNumberScheduled
  );
}

/** Whether a Deployment runs in its newest form with all its replicas. */
export function isDeployed(deployment: WorkloadState & { readonly spec?: { readonly replicas?: number } }): boolean {
  const wanted = deployment.spec?.replicas ?? 1;
  const { updatedReplicas = 0, availableReplicas = 0 } = deployment.status ?? {};
  return isObserved(deployment) && updatedReplicas >= wanted && availableReplicas >= wanted;
}

/** Asks for each name until all have been `done`; what is not there yet is asked again. */
async function waitFor(
  what: string,
  names: readonly string[],
  seconds: number,
  done: (name: string) => Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  let missing = [...names];
  let trouble = "";
  while (missing.length > 0) {
    const answers = await Promise.all(missing.map((name) => ask(() => done(name))));
    trouble = answers.find((answer) => answer.trouble !== undefined)?.trouble ?? trouble;
    missing = missing.filter((_, index) => answers[index]?.done !== true);
    if (missing.length > 0 && Date.now() > deadline) {
      throw new Error(`${what} after ${seconds} s: ${missing.join(", ")}${trouble === "" ? "" : ` (${trouble})`}`);
    }
    if (missing.length > 0) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function ask(done: () => Promise<boolean>): Promise<{ done: boolean; trouble?: string }> {
  try {
    return { done: await done() };
  } catch (error) {
    const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
    if (code === 404) return { done: false };
    // Waiting does not mend credentials.
    if (code === 401 || code === 403) throw new Error(`the API server refuses the kubeconfig's credentials (${code})`);
    return { done: false, trouble: firstLine(error) };
  }
}
