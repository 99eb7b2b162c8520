import type { HeldLock } from "../../../recovery/lock";
import type { LiveRelease } from "../../../recovery/releases";
import { type ExportedState, parseState } from "../../../recovery/state";
import type { ClusterView, Situation } from "../../../recovery/steps";

/** Pieces of states and clusters, for tables. */

const PREFIX = "urn:pulumi:live::openchoreo::";
export const RELEASE_TYPE = "kubernetes:helm.sh/v3:Release";
export const PROVIDER = `${PREFIX}pulumi:providers:kubernetes::only`;

export function urn(type: string, name: string): string {
  return `${PREFIX}${type}::${name}`;
}

type Json = Record<string, unknown>;

export function resource(type: string, name: string, more: Json = {}): Json {
  return { urn: urn(type, name), type, custom: true, inputs: {}, provider: `${PROVIDER}::1234`, ...more };
}

/** A Helm release as the program registers it. */
export function release(name = "cilium", more: Json = {}): Json {
  const inputs = { name, namespace: "system", chart: `/charts/${name}`, version: "1.2.3", values: { a: 1 } };
  return resource(RELEASE_TYPE, `only.${name}`, { inputs, ...more });
}

/** The provider of the only cluster, with its kubeconfig as a secret in plain text. */
const provider = resource("pulumi:providers:kubernetes", "only", { id: "1234" });

export function state(
  resources: readonly Json[] = [],
  pending: readonly (readonly [string, Json])[] = [],
): ExportedState {
  const operations = pending.map(([type, one]) => ({ type, resource: one }));
  return parseState(
    JSON.stringify({
      version: 3,
      deployment: { manifest: { magic: "kept" }, resources: [provider, ...resources], pending_operations: operations },
    }),
  );
}

export function live(status: string, more: Partial<LiveRelease> = {}): LiveRelease {
  return {
    namespace: "system",
    name: "cilium",
    revision: 1,
    status,
    chart: "cilium",
    version: "1.2.3",
    data: [],
    ...more,
  };
}

export function lock(holder: HeldLock["holder"], pid = 4711): HeldLock {
  return { pid, user: "deployer", host: "runner-1", since: "2026-11-25T10:00:00Z", holder };
}

/** One interrupted operation, and what the only cluster has. */
export function situation(
  more: Partial<Omit<Situation, "clusters">> & { readonly view?: ClusterView } = {},
): Situation {
  const { view = { releases: [] }, ...rest } = more;
  return { state: state(), locks: [], clusters: new Map([[PROVIDER, view]]), ...rest };
}
