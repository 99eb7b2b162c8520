export { defineAddon, releaseOf } from "./addon";
export { AREAS, CATALOG } from "./catalog";
export { type ChartPin, type ChartSource, chartProblems, chartReference, chartSource, PINS } from "./charts";
export type { Addon, AddonDefinition, AddonTarget, PodSecurity, SelectedAddon } from "./contract";
export { extensionAddon } from "./extension";
export { definitionName, type Kind } from "./gate";
export { ClusterAddons, type FleetAddons, installAddons } from "./install";
export { GATEWAY, GATEWAY_IDENTITY, GATEWAY_PODS, gatewayHost } from "./networking/envoy-gateway/names";
export { HEALTH_PATH } from "./networking/envoy-gateway/policies";
export { fixedAddress, fixedAddressAnnotations } from "./networking/fixed-address";
export {
  type AllowArgs,
  allow,
  allowScrapes,
  denyAll,
  GLOBAL_SERVICE,
  ISTIO_SYSTEM,
  type Manifest,
  networkLabels,
  TENANT_IN_MESH,
  USE_WAYPOINT,
  waypoint,
  waypointOf,
} from "./networking/istio";
export { orderByNeeds } from "./order";
export { addonContract, selectAddons } from "./select";
export { placeholderOf, stackSecrets } from "./stack-secrets";
