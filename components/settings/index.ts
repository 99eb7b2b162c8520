export type { AwsSettings, RunnerSettings } from "./aws";
export { partitionOf, ZONE_COUNT, zonesOf } from "./aws-regions";
export { type BootstrapSettings, bootstrapSchema } from "./bootstrap";
export type { ClusterServices, TenantCluster, TenantPlatform } from "./checks/tenants";
export {
  CLUSTER_API_INFRASTRUCTURES,
  type ClusterApiInfrastructure,
  type ClusterApiPoolSettings,
  type ClusterApiSettings,
} from "./cluster-api";
export { membersOf } from "./database-members";
export { type DatabaseSite, placeDatabase } from "./database-placement";
export {
  hasZone,
  inMesh,
  issuingRoot,
  meshDns,
  type ObjectStorePlace,
  objectStoreOf,
  routingOf,
  supernetOf,
  waveOf,
} from "./defaults";
export { type AccessEntrySettings, architectureOf, type EksSettings, type NodePoolSettings } from "./eks";
export { hostIn, isProduction, mainEnvironment, promotionOrder } from "./environments";
export type { ExtensionSettings, ManifestObject } from "./extensions";
export { EKS_VERSIONS, minorOf, skewProblem, stepProblem } from "./kubernetes-versions";
export { bounded, cellNamespace, dataNamespace } from "./namespaces";
export {
  type AddonContract,
  checkSettings,
  type PlatformSettings,
  parseSettings,
  parseShard,
  type RawSettings,
  type Settings,
} from "./parse";
export {
  type AddonSchema,
  type AddonSchemas,
  type ClusterSettings,
  type ExistingSettings,
  type KubeconfigReference,
  type ObjectStoreSettings,
  PLANES,
  type Plane,
  PROFILES,
  type Profile,
  platformSchema,
  stackName,
} from "./platform";
export {
  formatProblems,
  inFiles,
  legible,
  type Problem,
  pathOf,
  problemsOf,
  Refusal,
  refuse,
  SettingsError,
  type TenantFiles,
  wording,
} from "./problems";
export { blockOf, contains, overlap, type Ranges, rangesOf } from "./ranges";
export {
  checkBootstrap,
  providerProblems,
  readBootstrap,
  readSettings,
  resolveFiles,
  resolveTenants,
  secretProblems,
  unknownKeyProblems,
} from "./read";
export { isShared, type Reference, readReference } from "./references";
export { isSecretKey } from "./secret-keys";
export {
  ownTenants,
  pinProblems,
  placedIn,
  type ShardConfigArgs,
  type Sharding,
  type ShardSettings,
  shardConfig,
  shardOf,
  shardSchema,
  shardStack,
} from "./shards";
export {
  checkTenantStack,
  placeTenants,
  readTenantStack,
  type TenantStackSettings,
} from "./tenant-stack";
export {
  type ComponentSettings,
  type DatabaseSettings,
  type ExposureSettings,
  type MeshSettings,
  type ProjectSettings,
  type TenantSettings,
  type TenantsSettings,
  tenantSchema,
  tenantsSchema,
} from "./tenants";
export * as words from "./words";
export { parseYaml } from "./yaml";
