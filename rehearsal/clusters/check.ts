import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { releaseOf, type SelectedAddon } from "../../components/addons";
import { type FleetPlan, livePeersOf } from "../../components/fleet";
import type { ClusterClient } from "./client";

/** A Helm release as the cluster has it. */
export interface Release {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly chart: string;
  readonly version: string;
  /** Helm's own word: deployed, failed, pending-install, … */
  readonly status: string;
}

const release = z.object({
  name: z.string(),
  info: z.object({ status: z.string() }),
  chart: z.object({ metadata: z.object({ name: z.string(), version: z.string() }) }),
});

/** Reads a cluster's releases out of Helm's Secrets, newest revision of each. */
export async function releasesOf({ core, name: cluster }: ClusterClient): Promise<Release[]> {
  const { items } = await core.listSecretForAllNamespaces({ labelSelector: "owner=helm" });
  const newest = new Map<string, (typeof items)[number]>();
  for (const secret of items
    .filter(({ type }) => type === "helm.sh/release.v1")
    .sort((a, b) => revision(a) - revision(b))) {
    newest.set(`${secret.metadata?.namespace}/${secret.metadata?.labels?.name}`, secret);
  }
  return [...newest.values()]
    .map((secret) => {
      const { name, info, chart } = decodeRelease(secret.data?.release ?? "");
      const namespace = secret.metadata?.namespace ?? "";
      return {
        cluster,
        namespace,
        name,
        chart: chart.metadata.name,
        version: chart.metadata.version,
        status: info.status,
      };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Helm numbers the revisions of a release. */
function revision(secret: { metadata?: { labels?: Readonly<Record<string, string>> } }): number {
  return Number(secret.metadata?.labels?.version ?? 0);
}

/** Helm keeps a release as base64 of gzip of JSON, and Kubernetes adds its own base64. */
export function decodeRelease(data: string): z.output<typeof release> {
  const inner = Buffer.from(data, "base64").toString("ascii");
  return release.parse(JSON.parse(gunzipSync(Buffer.from(inner, "base64")).toString("utf8")));
}

/** What is not as it should be after `up`, one sentence each. */
export async function upProblems(
  clients: readonly ClusterClient[],
  releases: readonly Release[],
  fleet: FleetPlan,
  selected: readonly SelectedAddon[],
): Promise<string[]> {
  const mesh = await Promise.all(clients.map((client) => meshProblems(client, fleet)));
  const authorities = await Promise.all(clients.map(authorityOf));
  const members = fleet.clusters.filter((cluster) => cluster.mesh !== undefined).map((cluster) => cluster.name);
  const bundles = clients.flatMap((client, index) => (members.includes(client.name) ? [authorities[index]] : []));
  const differing = new Set(bundles);
  return [
    ...fleet.clusters.filter(({ lost }) => !lost).flatMap((cluster) => releaseProblems(cluster, releases, selected)),
    ...mesh.flat(),
    ...(differing.size > 1 || differing.has(undefined) ? ["the clusters of the mesh do not share one CA"] : []),
  ];
}

function releaseProblems(
  cluster: FleetPlan["clusters"][number],
  releases: readonly Release[],
  selected: readonly SelectedAddon[],
): string[] {
  return selected
    .filter(({ addon }) => addon.on(cluster))
    .flatMap(({ addon }) => {
      const wanted = releaseOf(addon);
      if (wanted === undefined || addon.chart === undefined) return [];
      const found = releases.find(
        ({ cluster: on, namespace, name }) =>
          on === cluster.name && namespace === addon.namespace.name && name === wanted,
      );
      const what = `${cluster.name}: release ${wanted}`;
      if (found === undefined) return [`${what} is missing`];
      if (found.status !== "deployed") return [`${what} is ${found.status}`];
      const plain = (version: string) => version.replace(/^v/, "");
      return plain(found.version) === plain(addon.chart.version)
        ? []
        : [`${what} has version ${found.version}, not ${addon.chart.version}`];
    });
}

/** The cluster's configuration must list all of its peers, and only them. */
async function meshProblems({ core, name: cluster }: ClusterClient, fleet: FleetPlan): Promise<string[]> {
  const peers = livePeersOf(fleet, cluster).map((peer) => peer.name);
  if (peers.length === 0) return [];
  const problems = ["cilium-clustermesh", "cilium-kvstoremesh"].map(async (name) => {
    const secret = await core.readNamespacedSecret({ name, namespace: "kube-system" }).catch(() => undefined);
    const listed = Object.keys(secret?.data ?? {}).sort();
    const same = listed.join() === [...peers].sort().join();
    return same ? [] : [`${cluster}: ${name} lists ${listed.join(", ") || "nothing"}, not ${peers.join(", ")}`];
  });
  return (await Promise.all(problems)).flat();
}

async function authorityOf({ core }: ClusterClient): Promise<string | undefined> {
  const config = await core
    .readNamespacedConfigMap({ name: "cilium-root-ca.crt", namespace: "kube-system" })
    .catch(() => undefined);
  return config?.data?.["ca.crt"];
}
