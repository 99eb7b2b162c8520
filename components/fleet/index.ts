export type { ClusterApiPlan, ClusterApiPool, PlannedMachine } from "./cluster-api";
export {
  type AwsPlan,
  type EksPlan,
  eksName,
  type NetworkPlan,
  type PlannedAccess,
  type PlannedPool,
  type PlannedZone,
  subnetsOf,
} from "./eks";
export type { Placement } from "./placement";
export {
  type ControlPlane,
  type FleetPlan,
  livePeersOf,
  MESH_PORT,
  type MeshMembership,
  type PlannedCluster,
  pairs,
  peersOf,
  planeName,
  planFleet,
} from "./plan";
