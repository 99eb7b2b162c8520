import type { ProviderArgs } from "@pulumi/kubernetes";
import type { FleetPlan } from "../fleet";

/** What the provider of every cluster has in common, whoever made the cluster. */
export function providerOptions({ stack, clusters }: Pick<FleetPlan, "stack" | "clusters">, cluster: string) {
  const lost = clusters.some(({ name, lost }) => name === cluster && lost);
  return {
    // What is on it stays as it is in the state until somebody can look.
    ...(lost ? { skipUpdateUnreachable: true, deleteUnreachable: true } : {}),
    // Fixed, so that a changed address or credential never looks like another cluster, whose objects would be replaced.
    clusterIdentifier: `${stack}/${cluster}`,
    enableServerSideApply: true,
    // Else a changed Secret or ConfigMap is deleted and made anew, and what mounts it sees it gone in between.
    enableSecretMutable: true,
    enableConfigMapMutable: true,
  } satisfies Partial<ProviderArgs>;
}
