import { connect } from "node:net";
import type { Endpoint } from "./kubeconfig";

/**
 * What the program asks running clusters during `up`. Tests and offline plans give another one, which asks nothing.
 */
export interface ClusterProbe {
  /** Why the endpoint cannot be reached, or `undefined` when it can. */
  readonly unreachable: (endpoint: Endpoint) => Promise<string | undefined>;
  /**
   * Waits until every CustomResourceDefinition in `names` is Established.
   * @param names Such as `certificates.cert-manager.io`.
   * @throws Error after `seconds`, with the names that are missing.
   */
  readonly established: (kubeconfig: string, names: readonly string[], seconds: number) => Promise<void>;
}

const CONNECT_MS = 5_000;
const POLL_MS = 500;

/** Asks for real. */
export const liveProbe: ClusterProbe = { unreachable, established };

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

async function established(kubeconfig: string, names: readonly string[], seconds: number): Promise<void> {
  // Loaded here, as it costs half a second that a preview need not pay.
  const { ApiextensionsV1Api, KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  const api = config.makeApiClient(ApiextensionsV1Api);
  const deadline = Date.now() + seconds * 1000;
  let missing = [...names];
  let trouble = "";
  while (missing.length > 0) {
    const checked = await Promise.all(
      missing.map(async (name) => {
        const state = await stateOf(() => api.readCustomResourceDefinition({ name }));
        if (state.trouble !== undefined) trouble = state.trouble;
        return state.established ? [] : [name];
      }),
    );
    missing = checked.flat();
    if (missing.length > 0 && Date.now() > deadline) {
      throw new Error(
        `not established after ${seconds} s: ${missing.join(", ")}${trouble === "" ? "" : ` (${trouble})`}`,
      );
    }
    if (missing.length > 0) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

interface Definition {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

async function stateOf(read: () => Promise<Definition>): Promise<{ established: boolean; trouble?: string }> {
  try {
    const { status } = await read();
    const conditions = status?.conditions ?? [];
    return { established: conditions.some((c) => c.type === "Established" && c.status === "True") };
  } catch (error) {
    const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
    if (code === 404) return { established: false };
    return {
      established: false,
      trouble: error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error),
    };
  }
}
