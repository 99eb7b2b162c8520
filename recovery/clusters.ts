import { CoreV1Api, KubeConfig, type V1Secret } from "@kubernetes/client-node";
import { RecoveryError } from "./errors";
import { decodeRelease, encodeRelease, type LiveRelease, liveRelease, newestOf, revisionOf } from "./releases";
import { type ExportedState, operationsOf, resourcesOf, textInput } from "./state";
import type { ClusterView } from "./steps";

/** The stack's clusters, reached as the program reached them last: by the kubeconfigs that its state holds. */
export class Clusters {
  private readonly kubeconfigs: ReadonlyMap<string, string>;

  /** @param state With secrets in plain text. */
  constructor(state: ExportedState) {
    const all = [...resourcesOf(state), ...operationsOf(state).map(({ resource }) => resource)];
    const providers = all.filter(({ type }) => type === "pulumi:providers:kubernetes");
    this.kubeconfigs = new Map(providers.map((one) => [one.urn, textInput(one, "kubeconfig")]));
  }

  /** The releases of every cluster, by URN of its provider. */
  async views(): Promise<Map<string, ClusterView>> {
    const entries = [...this.kubeconfigs].map(async ([urn, kubeconfig]): Promise<[string, ClusterView]> => {
      if (kubeconfig === "") return [urn, { unreachable: "its kubeconfig is not known yet" }];
      try {
        const secrets = await helmSecrets(clientOf(kubeconfig));
        return [urn, { releases: newestOf(secrets).map(liveRelease) }];
      } catch (error) {
        return [urn, { unreachable: reason(error) }];
      }
    });
    return new Map(await Promise.all(entries));
  }

  /** Writes "failed" where Helm's own record says that somebody works on a release. */
  async fail(provider: string, { namespace, name, revision, status }: LiveRelease): Promise<void> {
    const core = clientOf(this.kubeconfigs.get(provider) ?? "");
    const secrets = newestOf(await helmSecrets(core));
    const found = secrets.find(({ metadata }) => metadata?.namespace === namespace && metadata.labels?.name === name);
    if (found === undefined || revisionOf(found) !== revision) {
      throw new RecoveryError(`somebody changed the release ${namespace}/${name} in the meantime; look again`);
    }
    const decoded = decodeRelease(found.data?.release ?? "");
    const info = { ...decoded.info, status: "failed", description: `Interrupted while ${status}` };
    await core.replaceNamespacedSecret({
      namespace,
      name: found.metadata?.name ?? "",
      body: {
        ...found,
        metadata: { ...found.metadata, labels: { ...found.metadata?.labels, status: "failed" } },
        data: { release: encodeRelease({ ...decoded, info }) },
      },
    });
  }
}

function clientOf(kubeconfig: string): CoreV1Api {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  return config.makeApiClient(CoreV1Api);
}

const PATIENCE_MS = 15_000;

async function helmSecrets(core: CoreV1Api): Promise<V1Secret[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
  });
  try {
    return (await Promise.race([core.listSecretForAllNamespaces({ labelSelector: "owner=helm" }), late])).items;
  } finally {
    clearTimeout(timer);
  }
}

function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split("\n")[0] ?? text).slice(0, 200);
}
