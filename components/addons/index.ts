export { defineAddon, joined, releaseOf } from "./addon";
export { AREAS, CATALOG } from "./catalog";
export { type ChartPin, type ChartSource, chartProblems, chartReference, chartSource, PINS } from "./charts";
export type { Addon, AddonDefinition, AddonTarget, PodSecurity, SelectedAddon } from "./contract";
export { REDIS_BACKUP_SUFFIX } from "./data/databases/redis";
export {
  BACKUP_TIERS,
  type BackupPlan,
  type BackupTier,
  backupSchedules,
  copiesBackups,
  VELERO_NAMESPACE,
} from "./data/velero";
export { ARGO_CD_NAMESPACE } from "./delivery/argo-cd";
export { gitHostsOf } from "./delivery/builds";
export { BUILD_ACCOUNT, BUILD_NAMESPACE, BUILD_TEMPLATE, BUILDER, REGISTRY_LOGIN } from "./delivery/names";
export { pullLogin, type Registry, registryOf } from "./delivery/registry";
export { extensionAddon } from "./extension";
export { definitionName, type Kind } from "./gate";
export { NOT_AWAITED, reaches } from "./global-service";
export { IMAGES } from "./images";
export { ClusterAddons, type FleetAddons, installAddons } from "./install";
export { publishesByWeight } from "./lifecycle/external-dns";
export { LOGS_NAMESPACE, OPENSEARCH, TENANT_LABELS } from "./logs/names";
export { METRICS } from "./metrics/names";
export {
  GATEWAY,
  GATEWAY_IDENTITY,
  GATEWAY_PODS,
  gatewayHost,
  sharedGatewayHost,
} from "./networking/envoy-gateway/names";
export { HEALTH_PATH } from "./networking/envoy-gateway/policies";
export type { EnvoyGatewayConfig } from "./networking/envoy-gateway/settings";
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
  principal,
  TENANT_IN_MESH,
  USE_WAYPOINT,
  WAYPOINT,
  waypoint,
  waypointOf,
} from "./networking/istio";
export { type ObjectStore, type ObjectStoreCredentials, objectStore, S3_SERVER, usesS3Server } from "./object-store";
export {
  AGENT_PLANES,
  type AgentPlane,
  agentIdentity,
  applicationHost,
  observerHost,
  planeAddon,
} from "./openchoreo";
export { orderByNeeds } from "./order";
export { OTLP } from "./otlp";
export { RESTRICTED_CONTAINER, RESTRICTED_POD } from "./restricted";
export { SECRET_STORE, STORE_LABEL } from "./security/secret-store";
export { addonContract, comesAfter, selectAddons } from "./select";
export { DATABASE_ADDONS, servicesOf } from "./services";
export { placeholderOf, stackSecrets } from "./stack-secrets";
