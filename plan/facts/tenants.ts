import type { FleetPlan } from "../../components/fleet";
import { readReference, type Settings } from "../../components/settings";
import {
  nameOf,
  type PlannedComponent,
  type PlannedDatabase,
  planTenants,
  WorkloadIndex,
} from "../../components/tenants";
import { idOf, type PlanComponent, type PlanDatabase, type PlanTenant } from "../model";

/** Tenants, with where their components and databases are in every environment. */
export function tenantsOf({ clusters, profile }: FleetPlan, { tenants, platform }: Settings): PlanTenant[] {
  const openchoreo = platform.addons.openchoreo?.enabled === true;
  const planned = planTenants({ tenants, clusters, profile, openchoreo });
  const index = new WorkloadIndex(planned);
  return planned.map(({ name, owners, environments, projects }) => ({
    name,
    owners,
    environments: environments.map((environment) => environment.name),
    components: projects.flatMap(({ components }) => components.map((one) => componentOf(one, index))),
    databases: projects.flatMap(({ databases }) => databases.map(databaseOf)),
  }));
}

function componentOf(component: PlannedComponent, index: WorkloadIndex): PlanComponent {
  const { environment, clusters, host, settings } = component;
  return {
    component: nameOf(component),
    environment,
    type: settings.type,
    clusters,
    replicas: settings.replicas,
    ...(host !== undefined && { host }),
    uses: settings.uses.map((text) => {
      const reference = readReference(text, component);
      const found = reference.stack === undefined ? index.find(reference, component) : undefined;
      return found === undefined ? text : idOf({ name: nameOf(found), environment: found.environment });
    }),
  };
}

function databaseOf(database: PlannedDatabase): PlanDatabase {
  const { environment, clusters, members, settings } = database;
  const [cluster, ...replicas] = clusters;
  return {
    database: nameOf(database),
    environment,
    engine: settings.engine,
    class: members > 1 ? "highly-available" : "single",
    ...(cluster !== undefined && { cluster }),
    replicas,
    backup: settings.backup.schedule,
  };
}
