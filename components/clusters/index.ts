export {
  type AwsCloud,
  BUCKET_USES,
  type BucketUse,
  type CloudIdentity,
  type CloudNetwork,
  type PolicyStatement,
} from "./cloud";
export type { ClusterConnection, ClusterSources } from "./connection";
export { makeBucket } from "./eks/bucket";
export { bucketName } from "./eks/buckets";
export { gatewayEndpoint } from "./eks/endpoints";
export { makeFlowLogs } from "./eks/flow-logs";
export { PodIdentity } from "./eks/identity";
export { accountOf, administration, custody, customerKey, logsUse, type Place } from "./eks/keys";
export { makeVpc, NetworkParts } from "./eks/network-parts";
export { type PeeringSide, VpcPeering } from "./eks/peering";
export { awsProvider, ownershipTags, tagsOf } from "./eks/providers";
export { admit, TRAFFIC, type Traffic, trafficTo } from "./eks/traffic";
export { type Found, findKubeconfig } from "./existing";
export {
  type Endpoint,
  endpointOf,
  KubeconfigError,
  type SelectedContext,
  selectContext,
  selectFromFile,
} from "./kubeconfig";
export { type ConnectArgs, openClusters } from "./open";
export { openOthers } from "./others";
export {
  type AwaitedObject,
  type ClusterProbe,
  isDeployed,
  isMet,
  isRolledOut,
  liveProbe,
  type Workload,
} from "./probe";
