export { type ClusterConnection, type ConnectArgs, type Connections, connectClusters } from "./connection";
export {
  type Endpoint,
  endpointOf,
  KubeconfigError,
  type SelectedContext,
  selectContext,
  selectFromFile,
} from "./kubeconfig";
export { type ClusterProbe, isDeployed, isRolledOut, liveProbe, type Workload } from "./probe";
