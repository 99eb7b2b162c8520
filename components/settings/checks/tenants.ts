import type { PlatformBase } from "../platform";
import { type Problem, pathOf } from "../problems";
import type { TenantSettings, TenantsSettings } from "../tenants";
import { quantityValue } from "../words";

/** What tenants are checked against. `platform` is absent in a stack of tenants only. */
export interface TenantWorld {
  readonly tenants: TenantsSettings;
  readonly platform?: PlatformBase;
}

/** Problems of tenants among each other and with the platform. Paths begin with `tenants`. */
export function tenantProblems(world: TenantWorld): Problem[] {
  return [
    ...Object.entries(world.tenants).flatMap(([name, tenant]) => [
      ...promotionProblems(name, tenant),
      ...quotaProblems(name, tenant),
      ...nameProblems(name, tenant),
      ...backupProblems(name, tenant, world.platform),
      ...placementProblems(name, tenant, world.platform),
      ...referenceProblems(name, tenant, world.tenants),
    ]),
    ...hostProblems(world.tenants),
  ];
}

type Visit<T> = (entry: T, path: readonly string[]) => Problem[];

function eachComponent(tenant: string, settings: TenantSettings, visit: Visit<Component>): Problem[] {
  return Object.entries(settings.projects).flatMap(([project, { components }]) =>
    Object.entries(components).flatMap(([name, value]) =>
      visit(value, ["tenants", tenant, "projects", project, "components", name]),
    ),
  );
}
type Component = TenantSettings["projects"][string]["components"][string];

function promotionProblems(tenant: string, settings: TenantSettings): Problem[] {
  const { environments } = settings;
  return Object.entries(environments).flatMap(([name, { promotesFrom }]) => {
    const path = pathOf("tenants", tenant, "environments", name, "promotesFrom");
    if (promotesFrom === undefined) return [];
    if (environments[promotesFrom] === undefined) {
      return [
        {
          path,
          message: `no environment "${promotesFrom}" here; it is one of ${Object.keys(environments).join(", ")}`,
        },
      ];
    }
    const chain = [name];
    for (let from: string | undefined = promotesFrom; from !== undefined; from = environments[from]?.promotesFrom) {
      if (from === name)
        return [{ path, message: `promotion goes round in a circle: ${[...chain, name].join(" ← ")}` }];
      if (chain.includes(from)) return [];
      chain.push(from);
    }
    return [];
  });
}

/** All of a project's components run in one namespace, whose quota is the tenant's. */
function quotaProblems(tenant: string, settings: TenantSettings): Problem[] {
  return (["cpu", "memory"] as const).flatMap((key) =>
    Object.entries(settings.projects).flatMap(([project, { components }]) => {
      const limit = quantityValue(settings.quota[key]) ?? 0;
      const asked = Object.values(components)
        .map((component) => (quantityValue(component.resources[key]) ?? 0) * component.replicas)
        .reduce((sum, value) => sum + value, 0);
      if (asked <= limit) return [];
      const path = pathOf("tenants", tenant, "quota", key);
      return [
        {
          path,
          message: `${settings.quota[key]} is less than the components of project "${project}" ask for (${round(asked)}); raise it or ask for less`,
        },
      ];
    }),
  );
}

function round(value: number): string {
  return value >= 2 ** 30 ? `${(value / 2 ** 30).toFixed(1)}Gi` : String(Number(value.toFixed(3)));
}

function nameProblems(tenant: string, settings: TenantSettings): Problem[] {
  return Object.entries(settings.projects).flatMap(([project, { components, databases }]) =>
    Object.keys(databases)
      .filter((name) => components[name] !== undefined)
      .map((name) => ({
        path: pathOf("tenants", tenant, "projects", project, "databases", name),
        message: "a component of the project has this name already; connections could not tell them apart",
      })),
  );
}

function backupProblems(tenant: string, settings: TenantSettings, platform?: PlatformBase): Problem[] {
  if (platform === undefined || platform.backups !== undefined) return [];
  return Object.entries(settings.projects).flatMap(([project, { databases }]) =>
    Object.entries(databases)
      .filter(([, database]) => database.backup !== undefined)
      .map(([name]) => ({
        path: pathOf("tenants", tenant, "projects", project, "databases", name, "backup"),
        message: "needs a bucket; set platform.backups.bucket",
      })),
  );
}

function placementProblems(tenant: string, settings: TenantSettings, platform?: PlatformBase): Problem[] {
  if (platform === undefined) return [];
  const data = Object.entries(platform.clusters).filter(([, cluster]) => cluster.planes.includes("data"));
  const names = data.map(([name]) => name);
  return eachComponent(tenant, settings, (component, path) => {
    if (names.length === 0) {
      return [{ path: pathOf(...path), message: 'no cluster has the plane "data", so it can run nowhere' }];
    }
    return (component.clusters ?? []).flatMap((cluster, index) => {
      if (names.includes(cluster)) return [];
      const what = platform.clusters[cluster] === undefined ? "is no cluster" : "has no data plane";
      return [
        { path: pathOf(...path, "clusters", index), message: `"${cluster}" ${what}; choose from ${names.join(", ")}` },
      ];
    });
  });
}

/** Resolves `name`, `project/name` and `tenant/project/name`; another stack's (`stack://…`) are checked when they are read. */
function referenceProblems(tenant: string, settings: TenantSettings, tenants: TenantsSettings): Problem[] {
  return eachComponent(tenant, settings, (component, path) =>
    component.uses.flatMap((reference, index) => {
      if (reference.startsWith("stack://")) return [];
      const parts = reference.split("/");
      const [owner, project, name] = [tenant, path[3] ?? "", ""].slice(0, 3 - parts.length).concat(parts);
      const target = tenants[owner ?? ""]?.projects[project ?? ""];
      const key = name ?? "";
      if (target?.components[key] !== undefined || target?.databases[key] !== undefined) return [];
      const message = `no component or database "${owner}/${project}/${key}"`;
      return [{ path: pathOf(...path, "uses", index), message }];
    }),
  );
}

function hostProblems(tenants: TenantsSettings): Problem[] {
  const holders = new Map<string, string>();
  return Object.entries(tenants).flatMap(([tenant, settings]) =>
    eachComponent(tenant, settings, (component, path) => {
      const host = component.expose?.host;
      if (host === undefined) return [];
      const holder = holders.get(host);
      if (holder === undefined) {
        holders.set(host, pathOf(...path));
        return [];
      }
      return [{ path: pathOf(...path, "expose", "host"), message: `"${host}" is taken by ${holder}` }];
    }),
  );
}
