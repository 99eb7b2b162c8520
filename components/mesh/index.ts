export { registerClusters } from "./argo-clusters";
export { ClusterMeshLinks, type EtcdConfig, linkClusters, localConfigs, peerConfigs } from "./cluster-mesh";
export { EAST_WEST_NAMESPACE, eastWestName } from "./istio-gateway";
export { IstioMember, linkMeshes, remoteKubeconfig } from "./istio-links";
export { linkNetworks } from "./networks";
export { type GatewayHealth, recordAnnotations, type TrafficPolicy, watchGateways } from "./traffic";
