export { type AwsCloud, BUCKET_USES, type BucketUse, type CloudIdentity, type PolicyStatement } from "./cloud";
export { type ClusterConnection, type ClusterSources, type ConnectArgs, openClusters } from "./connection";
export {
  type Endpoint,
  endpointOf,
  KubeconfigError,
  type SelectedContext,
  selectContext,
  selectFromFile,
} from "./kubeconfig";
export { type ClusterProbe, isDeployed, isRolledOut, liveProbe, type Workload } from "./probe";
