import {
  type ComponentSettings,
  cellNamespace,
  type DatabaseSettings,
  type DatabaseSite,
  dataNamespace,
  hostIn,
  isProduction,
  membersOf,
  type Plane,
  type Profile,
  placeDatabase,
  promotionOrder,
  type TenantSettings,
  type TenantsSettings,
} from "../settings";

/** What planning asks of a cluster. */
export interface PlanSite extends DatabaseSite {
  readonly planes: readonly Plane[];
}

/** What tenants are planned for. */
export interface PlanTenantsArgs {
  readonly tenants: TenantsSettings;
  /** In the fleet's order. */
  readonly clusters: readonly PlanSite[];
  readonly profile: Profile;
  /** Whether OpenChoreo is on; else Argo CD alone deploys. */
  readonly openchoreo: boolean;
}

/** Where something belongs. Namespaces are the same on every cluster. */
export interface Home {
  readonly tenant: string;
  readonly project: string;
  readonly environment: string;
  readonly production: boolean;
  readonly namespace: string;
}

/** A component in one of its tenant's environments. */
export interface PlannedComponent extends Home {
  readonly kind: "component";
  readonly name: string;
  /** Clusters that it runs on, in the fleet's order. */
  readonly clusters: readonly string[];
  readonly deploy: "openchoreo" | "plain";
  /** Host name in this environment; absent where it is not exposed. */
  readonly host?: string;
  readonly settings: ComponentSettings;
}

/** A database in one of its tenant's environments. Its namespace is the project's other one, which is kept. */
export interface PlannedDatabase extends Home {
  readonly kind: "database";
  readonly name: string;
  /** The primary's cluster, then the replica's, should there be one. */
  readonly clusters: readonly string[];
  /** The name that connections use; `name` is that of its objects, which it keeps when it is renamed. */
  readonly calledAs: string;
  /**
   * Secret in its namespace that other tenants' connections are fetched from; absent where it is not shared, and where
   * another stack of an older program has it.
   */
  readonly connection?: string;
  /** Copies of the data on each of its clusters. */
  readonly members: 1 | 2 | 3;
  /** Whether members that cannot be in two zones do not run at all. */
  readonly strictZones: boolean;
  /** What becomes of it when it is no longer in the settings; see the tenant's setting. */
  readonly purge?: boolean;
  readonly settings: DatabaseSettings;
}

export type Workload = PlannedComponent | PlannedDatabase;

/** An environment of a tenant. */
export interface TenantEnvironment {
  readonly name: string;
  readonly production: boolean;
  readonly promotesFrom?: string;
  /** Clusters that it is on, in the fleet's order. */
  readonly clusters: readonly string[];
}

/** A project: one entry for each component and database in each environment. */
export interface PlannedProject {
  readonly tenant: string;
  readonly name: string;
  readonly backup?: TenantSettings["projects"][string]["backup"];
  readonly components: readonly PlannedComponent[];
  readonly databases: readonly PlannedDatabase[];
}

/** A tenant, decided. */
export interface PlannedTenant {
  readonly name: string;
  readonly owners: readonly string[];
  readonly quota: TenantSettings["quota"];
  readonly repository?: TenantSettings["repository"];
  /** In the order of promotion. */
  readonly environments: readonly TenantEnvironment[];
  readonly projects: readonly PlannedProject[];
}

/** Plans every tenant. Settings are valid already; the plan only decides. The same settings give the same plan. */
export function planTenants(args: PlanTenantsArgs): PlannedTenant[] {
  const data = args.clusters.filter(({ planes }) => planes.includes("data"));
  return Object.entries(args.tenants).map(([name, settings]) =>
    planTenant(name, settings, { ...args, clusters: data }),
  );
}

function planTenant(name: string, settings: TenantSettings, args: PlanTenantsArgs): PlannedTenant {
  const environments = planEnvironments(settings, args.clusters);
  const projects = Object.entries(settings.projects).map(([project, { components, databases, backup }]) => ({
    tenant: name,
    name: project,
    backup,
    components: environments.flatMap((environment) =>
      Object.entries(components).map(([component, own]) =>
        planComponent(component, own, { tenant: name, project, environment, settings, args }),
      ),
    ),
    databases: environments.flatMap((environment) =>
      Object.entries(databases).map(([database, own]) =>
        planDatabase(database, own, { tenant: name, project, environment, settings, args }),
      ),
    ),
  }));
  const { owners, quota, repository } = settings;
  return { name, owners, quota, repository, environments, projects };
}

function planEnvironments({ environments }: TenantSettings, clusters: readonly PlanSite[]): TenantEnvironment[] {
  return promotionOrder(environments).map((name) => {
    const wanted = environments[name]?.clusters;
    return {
      name,
      production: isProduction(environments, name),
      promotesFrom: environments[name]?.promotesFrom,
      clusters: clusters.map((site) => site.name).filter((site) => wanted === undefined || wanted.includes(site)),
    };
  });
}

/** Where a component or a database is planned. */
interface Spot {
  readonly tenant: string;
  readonly project: string;
  readonly environment: TenantEnvironment;
  readonly settings: TenantSettings;
  readonly args: PlanTenantsArgs;
}

function planComponent(name: string, settings: ComponentSettings, spot: Spot): PlannedComponent {
  const { tenant, project, environment, args } = spot;
  const { expose, clusters = environment.clusters } = settings;
  return {
    kind: "component",
    ...home(spot, cellNamespace(tenant, project, environment.name)),
    name,
    clusters: environment.clusters.filter((cluster) => clusters.includes(cluster)),
    deploy: args.openchoreo ? (settings.deploy ?? "openchoreo") : "plain",
    host: expose && hostIn(expose, environment.name, spot.settings.environments),
    settings,
  };
}

function planDatabase(name: string, settings: DatabaseSettings, spot: Spot): PlannedDatabase {
  const { tenant, project, environment, args } = spot;
  const careful = args.profile === "production";
  const former = spot.settings.projects[project]?.renamedFrom ?? project;
  const namespace = dataNamespace(spot.settings.renamedFrom ?? tenant, former, environment.name);
  return {
    kind: "database",
    ...home(spot, namespace),
    name: settings.renamedFrom ?? name,
    calledAs: name,
    connection: settings.sharedWith.length === 0 ? undefined : `connection.${settings.renamedFrom ?? name}`,
    clusters: placeDatabase(settings, {
      sites: args.clusters.filter((site) => environment.clusters.includes(site.name)),
      follows: careful && environment.production,
    }),
    members: membersOf(settings, { production: environment.production, profile: args.profile }),
    strictZones: careful && environment.production,
    purge: spot.settings.purge,
    settings,
  };
}

function home({ tenant, project, environment }: Spot, namespace: string): Home {
  return { tenant, project, environment: environment.name, production: environment.production, namespace };
}
