import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import type { FleetAddons } from "../addons";
import { type FleetPlan, livePeersOf, MESH_PORT, type PlannedCluster, peersOf } from "../fleet";

const NAMESPACE = "kube-system";
const CERTIFICATES = "/var/lib/cilium/clustermesh";

/** How Cilium dials an etcd of the mesh, in Cilium's own configuration format. */
export interface EtcdConfig {
  readonly endpoints: readonly string[];
  readonly "trusted-ca-file": string;
  readonly "key-file": string;
  readonly "cert-file": string;
}

/**
 * What KVStoreMesh of a cluster reads: for each peer, where the peer's own API server is.
 * Source: Cilium's chart, templates/clustermesh-config/kvstoremesh-secret.yaml.
 */
export function peerConfigs(peers: readonly PlannedCluster[]): Record<string, string> {
  return configs(peers, (peer) => etcd(`https://${peer.mesh?.address}:${MESH_PORT}`, "common"));
}

/**
 * What the agents of a cluster read: for each peer, the local copy that KVStoreMesh keeps.
 * Source: Cilium's chart, templates/clustermesh-config/clustermesh-secret.yaml.
 */
export function localConfigs(peers: readonly PlannedCluster[]): Record<string, string> {
  return configs(peers, () => etcd(`https://clustermesh-apiserver.${NAMESPACE}.svc:${MESH_PORT}`, "local"));
}

function configs(
  peers: readonly PlannedCluster[],
  config: (peer: PlannedCluster) => EtcdConfig,
): Record<string, string> {
  return Object.fromEntries(peers.map((peer) => [peer.name, stringify(config(peer))]));
}

function etcd(endpoint: string, certificate: "common" | "local"): EtcdConfig {
  const file = `${CERTIFICATES}/${certificate}-etcd-client`;
  return {
    endpoints: [endpoint],
    "trusted-ca-file": `${file}-ca.crt`,
    "key-file": `${file}.key`,
    "cert-file": `${file}.crt`,
  };
}

/** Arguments of {@link linkClusters}. */
export interface LinkClustersArgs {
  readonly fleet: FleetPlan;
  readonly addons: FleetAddons;
}

/** Joins every pair of the mesh's clusters by Cilium cluster mesh. */
export function linkClusters({ fleet, addons }: LinkClustersArgs): ClusterMeshLinks[] {
  return fleet.clusters.flatMap((cluster) => {
    const own = addons.get(cluster.name);
    if (peersOf(fleet, cluster.name).length === 0 || own === undefined) return [];
    const args = { peers: livePeersOf(fleet, cluster.name), network: own.ready("cilium") };
    return [new ClusterMeshLinks(`${cluster.name}.mesh`, args, { providers: [own.connection.provider] })];
  });
}

/** Arguments of {@link ClusterMeshLinks}. */
export interface ClusterMeshLinksArgs {
  readonly peers: readonly PlannedCluster[];
  /**
   * Cilium on this cluster. Peers are not waited for: KVStoreMesh dials one that is not there yet until it is, and a
   * peer that fails must not hold up the links between the others.
   */
  readonly network: pulumi.Input<pulumi.Resource[]>;
}

/** One cluster's side of its links. Cilium reads the Secrets as they change; nothing restarts. */
export class ClusterMeshLinks extends pulumi.ComponentResource {
  constructor(name: string, { peers, network }: ClusterMeshLinksArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:mesh:ClusterMeshLinks", name, {}, opts);
    const secret = (why: string, physical: string, stringData: Record<string, string>) =>
      new kubernetes.core.v1.Secret(
        `${name}-${why}`,
        { metadata: { name: physical, namespace: NAMESPACE }, stringData },
        { parent: this, dependsOn: network },
      );
    secret("peers", "cilium-kvstoremesh", peerConfigs(peers));
    secret("local", "cilium-clustermesh", localConfigs(peers));
    this.registerOutputs();
  }
}
