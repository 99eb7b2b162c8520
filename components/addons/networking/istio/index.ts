export { istioBase } from "./base";
export { istioCni } from "./cni";
export { ENROLMENT, GATEWAY_IN_MESH, NEVER_IN_MESH, TENANT_IN_MESH } from "./enrolment";
export { istiod } from "./istiod";
export { ISTIO_SYSTEM, networkLabels, networkOf, principal } from "./names";
export {
  type AllowArgs,
  allow,
  allowScrapes,
  denyAll,
  GLOBAL_SERVICE,
  type Manifest,
  strictMutualTls,
  USE_WAYPOINT,
  WAYPOINT,
  waypoint,
  waypointOf,
} from "./policies";
export { ztunnel } from "./ztunnel";
