import type { Problem } from "../../problems";
import { backupProblems } from "./backups";
import { databaseProblems } from "./databases";
import { hostProblems } from "./hosts";
import { nameProblems } from "./names";
import { dataPlaneProblems, placementProblems } from "./placement";
import { promotionProblems } from "./promotion";
import { quotaProblems } from "./quota";
import { referenceProblems } from "./references";
import { serviceProblems } from "./services";
import type { TenantWorld } from "./world";

export { KEPT_NAMES } from "./names";
export { type ClusterServices, ownPlatform, type TenantCluster, type TenantPlatform, type TenantWorld } from "./world";

/** Problems of tenants among each other and with the platform. Paths begin with `tenants`. */
export function tenantProblems(world: TenantWorld): Problem[] {
  return [
    ...Object.entries(world.tenants).flatMap(([name, tenant]) => [
      ...promotionProblems(name, tenant),
      ...quotaProblems(name, tenant, world.platform?.profile),
      ...backupProblems(name, tenant, world.platform),
      ...databaseProblems(name, tenant, world.platform),
      ...placementProblems(name, tenant, world.platform),
      ...serviceProblems(name, tenant, world),
      ...referenceProblems(name, tenant, world),
    ]),
    ...nameProblems(world.tenants),
    ...dataPlaneProblems(world),
    ...hostProblems(world),
  ];
}
