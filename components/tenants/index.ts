export {
  type BringTenantsArgs,
  bringTenants,
  ownStack,
  type PreparedTenants,
  type PrepareTenantsArgs,
  prepareTenants,
  type TenantOutputs,
} from "./bring";
export { type Cell, planCells } from "./cells";
export {
  counterpart,
  DATABASE_PORTS,
  type Edge,
  type EdgeOptions,
  Edges,
  type End,
  isWorkload,
  nameOf,
  type OwnEdges,
  type PlatformName,
  type Port,
  planEdges,
  servedPort,
  WorkloadIndex,
} from "./edges";
export { type MakeTenantsArgs, makeTenants, type Tenants } from "./make";
export { type TenancyOutputs, tenancyOutputs } from "./outputs";
export { type OwnSitesArgs, ownSites } from "./own-sites";
export {
  type Home,
  type PlannedComponent,
  type PlannedDatabase,
  type PlannedProject,
  type PlannedTenant,
  type PlanSite,
  type PlanTenantsArgs,
  planTenants,
  type TenantEnvironment,
  type Workload,
} from "./plan";
export type { BackupStore, ControlSite, TenantSite, TenantSites } from "./site";
export { makeTenantStack } from "./tenant-stack";
