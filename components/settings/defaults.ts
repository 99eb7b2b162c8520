import type { ClusterSettings, PlatformBase } from "./platform";

/** Defaults that depend on more than one key, in one place for the checks and for the fleet's plan. */

/** The wave of a cluster: the control plane changes first, everything else after it. */
export function waveOf(cluster: ClusterSettings): number {
  return cluster.wave ?? (cluster.planes.includes("control") ? 0 : 1);
}

/** Whether the names `<cluster>.mesh.<domain>` are served by a DNS zone. */
export function meshDns(platform: Pick<PlatformBase, "profile" | "mesh">): "published" | "none" {
  return platform.mesh.dns ?? (platform.profile === "production" ? "published" : "none");
}

/** How pods of different nodes reach each other. On EKS they have addresses of the network itself. */
export function routingOf(cluster: ClusterSettings): "tunnel" | "native" {
  return cluster.network.routing ?? (cluster.provider.kind === "eks" ? "native" : "tunnel");
}

/** The range that covers the network of every cluster of the mesh. */
export function supernetOf(platform: Pick<PlatformBase, "aws" | "mesh">): string {
  return platform.aws?.supernet ?? platform.mesh.ranges.networks;
}

/** The root that signs the mesh's intermediates. */
export function issuingRoot(platform: Pick<PlatformBase, "mesh">): string {
  const { issuer, roots } = platform.mesh.trust;
  return issuer ?? roots[0] ?? "";
}

/** Whether the cluster is one of the cluster mesh. */
export function inMesh(cluster: ClusterSettings): boolean {
  return cluster.network.mesh && cluster.cilium === "managed";
}

/** Whether a cluster's own account serves names of the platform's domain. */
export function hasZone({ provider }: Pick<ClusterSettings, "provider">, { aws }: Pick<PlatformBase, "aws">): boolean {
  return provider.kind === "eks" && aws?.zone !== undefined;
}

/** Providers that bring buckets of the cluster's own. */
const WITH_BUCKETS: readonly string[] = ["eks"];

/** Where a cluster keeps objects: buckets made with it, those that settings name, or a small server in it. */
export type ObjectStorePlace = "cloud" | "settings" | "server";

/** Where a cluster keeps metrics, backups and logs. */
export function objectStoreOf(
  { provider }: { readonly provider: { readonly kind: string } },
  { objectStore }: { readonly objectStore?: unknown },
): ObjectStorePlace {
  if (WITH_BUCKETS.includes(provider.kind)) return "cloud";
  return objectStore === undefined ? "server" : "settings";
}
