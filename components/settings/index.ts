export { inMesh, issuingRoot, meshDns, waveOf } from "./defaults";
export {
  type AddonContract,
  checkSettings,
  type PlatformSettings,
  parseSettings,
  type RawSettings,
  type Settings,
} from "./parse";
export {
  type AddonSchema,
  type AddonSchemas,
  type ClusterSettings,
  type ExistingSettings,
  type ExtensionSettings,
  type KubeconfigReference,
  PLANES,
  type Plane,
  PROFILES,
  type Profile,
} from "./platform";
export { formatProblems, type Problem, pathOf, problemsOf, Refusal, refuse, SettingsError, wording } from "./problems";
export { blockOf, overlap, type Ranges, rangesOf } from "./ranges";
export { parseYaml, providerProblems, readSettings, resolveTenants } from "./read";
export type { ComponentSettings, DatabaseSettings, TenantSettings, TenantsSettings } from "./tenants";
export * as words from "./words";
