export type { Placement } from "./placement";
export {
  type ControlPlane,
  type FleetPlan,
  MESH_PORT,
  type MeshMembership,
  type PlannedCluster,
  pairs,
  peersOf,
  planFleet,
} from "./plan";
