export {
  type AwsCloud,
  BUCKET_USES,
  type BucketUse,
  type CloudIdentity,
  type CloudNetwork,
  type PolicyStatement,
} from "./cloud";
export type { ClusterConnection, ClusterSources } from "./connection";
export { type PeeringSide, VpcPeering } from "./eks/peering";
export { awsProvider, tagsOf } from "./eks/providers";
export { admit, TRAFFIC, type Traffic, trafficTo } from "./eks/traffic";
export {
  type Endpoint,
  endpointOf,
  KubeconfigError,
  type SelectedContext,
  selectContext,
  selectFromFile,
} from "./kubeconfig";
export { type ConnectArgs, openClusters } from "./open";
export {
  type AwaitedObject,
  type ClusterProbe,
  isDeployed,
  isMet,
  isRolledOut,
  liveProbe,
  type Workload,
} from "./probe";
