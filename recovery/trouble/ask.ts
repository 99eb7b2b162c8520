import * as k8s from "@kubernetes/client-node";
import { withKubeconfigs } from "../edit";
import type { Pulumi } from "../pulumi";
import { type ExportedState, nameOf, resourcesOf, textInput } from "../state";
import { type AskedCluster, troubleOf } from "./events";

/** Where a stack's clusters are known from. */
export interface Sources {
  readonly pulumi: Pick<Pulumi, "export">;
  /** Kubeconfigs that settings name, by cluster, as they are valid now. */
  readonly kubeconfigs: () => Promise<ReadonlyMap<string, string>>;
  /** Default: a client of the Kubernetes API. @throws where the text is no kubeconfig */
  readonly connect?: (name: string, kubeconfig: string) => AskedCluster;
  /** How long one cluster is waited for. */
  readonly patienceMs?: number;
}

/**
 * What the events of a stack's pods say, a line each, cluster by cluster. Kubeconfigs come from the state and not from the
 * stack's outputs, which a stack does not have yet whose first `up` failed. The state's secrets stay in memory: lines are
 * made of the cluster's events, and of codes where there are none.
 */
export async function troubleIn(sources: Sources): Promise<string[]> {
  const exported = await sources.pulumi.export({ plain: true });
  const found = kubeconfigsIn(withKubeconfigs(exported.state, await sources.kubeconfigs()));
  if (found.size === 0) return ["the stack's state has no cluster yet"];
  const lines = await Promise.all([...found].map((one) => linesOf(one, sources)));
  return lines.flat();
}

/** By name of the cluster, which is that of its provider. */
function kubeconfigsIn(state: ExportedState): Map<string, string> {
  const providers = resourcesOf(state).filter(({ type }) => type === "pulumi:providers:kubernetes");
  return new Map(providers.map((one) => [nameOf(one.urn), textInput(one, "kubeconfig")]));
}

const PATIENCE_MS = 30_000;

async function linesOf([name, kubeconfig]: readonly [string, string], sources: Sources): Promise<string[]> {
  const { connect = connectTo, patienceMs = PATIENCE_MS } = sources;
  if (kubeconfig === "") return [`${name}: its kubeconfig is not known yet`];
  let cluster: AskedCluster;
  try {
    cluster = connect(name, kubeconfig);
  } catch {
    return [`${name}: its kubeconfig cannot be read`];
  }
  try {
    const lines = await within(patienceMs, troubleOf(cluster));
    return lines.length === 0 ? [`${name}: every workload is ready`] : lines;
  } catch (error) {
    return [`${name}: does not answer${whyNot(error)}`];
  }
}

function connectTo(name: string, kubeconfig: string): AskedCluster {
  const config = new k8s.KubeConfig();
  config.loadFromString(kubeconfig);
  return { name, core: config.makeApiClient(k8s.CoreV1Api), apps: config.makeApiClient(k8s.AppsV1Api) };
}

/** No answer in time; its message is the program's own. */
class LateError extends Error {}

async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LateError(`within ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A status or a code, and never a message: those of plugins that sign in may quote what they were given. */
function whyNot(error: unknown): string {
  if (error instanceof LateError) return ` ${error.message}`;
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  if (typeof code === "number") return ` (HTTP status ${code})`;
  return typeof code === "string" && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? ` (${code})` : "";
}
