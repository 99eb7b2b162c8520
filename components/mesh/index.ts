export { ClusterMeshLinks, type EtcdConfig, linkClusters, localConfigs, peerConfigs } from "./cluster-mesh";
export { linkNetworks } from "./networks";
