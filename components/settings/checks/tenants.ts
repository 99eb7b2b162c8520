import type { PlatformBase } from "../platform";
import { type Problem, pathOf } from "../problems";
import type { TenantSettings, TenantsSettings } from "../tenants";
import { quantityValue } from "../words";

/** What tenants are checked against. `platform` is absent in a stack of tenants only, and where it is unsound. */
export interface TenantWorld {
  readonly tenants: TenantsSettings;
  /** Whether `tenants` are all of the stack's; else a reference to a tenant that is not among them is no problem. */
  readonly complete: boolean;
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
      ...referenceProblems(name, tenant, world),
    ]),
    ...dataPlaneProblems(world),
    ...hostProblems(world.tenants),
  ];
}

/** An entry by a name that settings give, which may also be that of a property of every object ("constructor"). */
function own<T>(entries: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(entries, name) ? entries[name] : undefined;
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
    if (own(environments, promotesFrom) === undefined) {
      return [
        {
          path,
          message: `no environment "${promotesFrom}" here; it is one of ${Object.keys(environments).join(", ")}`,
        },
      ];
    }
    const circle = circleFrom(name, environments);
    // A circle is reported once, at the first of its environments.
    const first = Object.keys(environments).find((key) => circle.includes(key)) === name;
    return first ? [{ path, message: `promotion goes round in a circle: ${[...circle, name].join(" ← ")}` }] : [];
  });
}

/** The environments that promotion passes on its way back to `name`; empty where it does not come back. */
function circleFrom(name: string, environments: TenantSettings["environments"]): string[] {
  const chain = [name];
  let from = own(environments, name)?.promotesFrom;
  while (from !== undefined) {
    if (from === name) return chain;
    if (chain.includes(from)) return [];
    chain.push(from);
    from = own(environments, from)?.promotesFrom;
  }
  return [];
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
  if (value >= 2 ** 30) return `${(value / 2 ** 30).toFixed(1)}Gi`;
  return value >= 2 ** 20 ? `${Math.ceil(value / 2 ** 20)}Mi` : String(Number(value.toFixed(3)));
}

function nameProblems(tenant: string, settings: TenantSettings): Problem[] {
  return Object.entries(settings.projects).flatMap(([project, { components, databases }]) =>
    Object.keys(databases)
      .filter((name) => own(components, name) !== undefined)
      .map((name) => ({
        path: pathOf("tenants", tenant, "projects", project, "databases", name),
        message: "a component of the project has this name already; connections could not tell them apart",
      })),
  );
}

/** In development there is a server in each cluster, and clusters that are made here have buckets of their own. */
function hasObjectStore({ objectStore, profile, clusters }: PlatformBase): boolean {
  const existing = Object.values(clusters).some(({ provider }) => provider.kind === "existing");
  return objectStore !== undefined || profile === "development" || !existing;
}

function backupProblems(tenant: string, settings: TenantSettings, platform?: PlatformBase): Problem[] {
  if (platform === undefined || hasObjectStore(platform)) return [];
  return Object.entries(settings.projects).flatMap(([project, { databases }]) =>
    Object.entries(databases)
      .filter(([, database]) => database.backup !== undefined)
      .map(([name]) => ({
        path: pathOf("tenants", tenant, "projects", project, "databases", name, "backup"),
        message: "needs a bucket; set platform.objectStore",
      })),
  );
}

function placementProblems(tenant: string, settings: TenantSettings, platform?: PlatformBase): Problem[] {
  if (platform === undefined) return [];
  const data = Object.entries(platform.clusters).filter(([, cluster]) => cluster.planes.includes("data"));
  const names = data.map(([name]) => name);
  if (names.length === 0) return [];
  return eachComponent(tenant, settings, (component, path) => {
    return (component.clusters ?? []).flatMap((cluster, index) => {
      if (names.includes(cluster)) return [];
      const what = own(platform.clusters, cluster) === undefined ? "is no cluster" : "has no data plane";
      return [
        { path: pathOf(...path, "clusters", index), message: `"${cluster}" ${what}; choose from ${names.join(", ")}` },
      ];
    });
  });
}

/** One problem, however many components have nowhere to run. */
function dataPlaneProblems({ tenants, platform }: TenantWorld): Problem[] {
  const projects = Object.values(tenants).flatMap((tenant) => Object.values(tenant.projects));
  const runs = projects.some(({ components }) => Object.keys(components).length > 0);
  if (!runs || platform === undefined) return [];
  if (Object.values(platform.clusters).some(({ planes }) => planes.includes("data"))) return [];
  const message = 'no cluster has the plane "data", so no component can run; give it to one';
  return [{ path: pathOf("platform", "clusters"), message }];
}

/** Resolves `name`, `project/name` and `tenant/project/name`; another stack's (`stack://…`) are checked when they are read. */
function referenceProblems(tenant: string, settings: TenantSettings, world: TenantWorld): Problem[] {
  return eachComponent(tenant, settings, (component, path) =>
    component.uses.flatMap((reference, index) => {
      const message = reference.startsWith("stack://")
        ? undefined
        : referenceProblem(component, fullReference(reference, tenant, path[3] ?? ""), world);
      return message === undefined ? [] : [{ path: pathOf(...path, "uses", index), message }];
    }),
  );
}

/** `name`, `project/name` or `tenant/project/name`, completed by where it stands. */
function fullReference(reference: string, tenant: string, project: string): readonly string[] {
  const parts = reference.split("/");
  return [tenant, project].slice(0, 3 - parts.length).concat(parts);
}

function referenceProblem(
  from: Component,
  [owner = "", project = "", name = ""]: readonly string[],
  { tenants, complete }: TenantWorld,
): string | undefined {
  const holder = own(tenants, owner);
  if (holder === undefined && !complete) return undefined;
  const target = holder === undefined ? undefined : own(holder.projects, project);
  const used = target === undefined ? undefined : own(target.components, name);
  if (used === from) return "is the component itself";
  const full = `"${owner}/${project}/${name}"`;
  if (used !== undefined)
    return used.port === undefined ? `${full} serves on no port, so nothing can call it` : undefined;
  const isDatabase = target !== undefined && Object.hasOwn(target.databases, name);
  return isDatabase ? undefined : `no component or database ${full}`;
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
