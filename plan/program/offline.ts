import { placeholderOf, stackSecrets } from "../../components/addons";
import type { ClusterProbe } from "../../components/clusters";
import { type CheckedStack, holdsSecret, override } from "../../rehearsal/stack-file";
import type { Json } from "./json";
import { kubeconfigOf } from "./kubeconfig";

/** The namespace of the program's configuration. */
const NAMESPACE = "openchoreo:";

/** A stack's configuration as an offline run has it, and which of its keys are secrets. */
export interface OfflineConfig {
  readonly config: Json;
  readonly secrets: readonly string[];
}

/** A probe that asks nobody, and takes everything to be there. */
export const offlineProbe: ClusterProbe = {
  unreachable: async () => undefined,
  admitted: async () => undefined,
  established: async () => undefined,
  ready: async () => undefined,
  met: async () => undefined,
};

/**
 * The configuration with placeholders for whatever a plan may not open: kubeconfigs, and values that are encrypted. What
 * they are is no part of a plan, and that they are there is for `up` to find out.
 */
export function offlineConfig({ config, settings }: CheckedStack): OfflineConfig {
  const kubeconfigs = existingClusters(settings).map((name) => ({ name, key: kubeconfigKey(name) }));
  const connected = kubeconfigs.reduce<Json>(
    (done, { name, key }) =>
      override(done, { path: ["platform", "clusters", name, "provider", "kubeconfig"], value: { secret: key } }),
    config,
  );
  const plain = Object.entries(connected).filter(([, value]) => !holdsSecret(value));
  const encrypted = Object.keys(connected).filter((key) => holdsSecret(connected[key]));
  const placeholders = {
    ...Object.fromEntries(encrypted.map((key) => [key, `(${key})`])),
    ...ofAddons(settings),
    ...Object.fromEntries(kubeconfigs.map(({ name, key }) => [`${NAMESPACE}${key}`, kubeconfigOf(name)])),
  };
  return { config: { ...Object.fromEntries(plain), ...placeholders }, secrets: Object.keys(placeholders) };
}

type Settings = CheckedStack["settings"];

/** Clusters whose kubeconfigs would be read from a file or a secret; those of other stacks come with their outputs. */
function existingClusters({ platform }: Settings): string[] {
  return Object.entries(platform.clusters).flatMap(([name, { provider }]) =>
    provider.kind === "existing" && provider.kubeconfig.stack === undefined ? [name] : [],
  );
}

/** Key that stands for a kubeconfig while a plan is made. */
function kubeconfigKey(cluster: string): string {
  return `planned-kubeconfig-of-${cluster}`;
}

function ofAddons({ platform }: Settings): Json {
  const secrets = Object.entries(stackSecrets(platform));
  return Object.fromEntries(secrets.map(([key, form]) => [`${NAMESPACE}${key}`, placeholderOf(form, `(${key})`)]));
}
