import { inMesh, waveOf } from "../../defaults";
import type { Plane, PlatformBase, Profile } from "../../platform";
import type { Problem } from "../../problems";
import { type Reference, readReference } from "../../references";
import type { ComponentSettings, DatabaseSettings, TenantSettings, TenantsSettings } from "../../tenants";

/** What a cluster's add-ons do for tenants. */
export interface ClusterServices {
  /** Add-ons that are not there, though databases of an engine cannot do without them, and their keys in `platform`. */
  readonly lacking: Readonly<
    Record<DatabaseSettings["engine"], readonly { readonly addon: string; readonly key: string }[]>
  >;
  /** Names that the certificate of the platform's gateway is for; absent where there is no gateway. */
  readonly gatewayNames?: readonly string[];
  /** Whether Secrets are fetched from other namespaces, as databases of other tenants need it. */
  readonly fetchesSecrets: boolean;
  /** Whether the gateway counts requests; absent where there is none, and where nobody says. */
  readonly rateLimits?: boolean;
}

/** A cluster, as far as tenants are checked against it. */
export interface TenantCluster {
  readonly planes: readonly Plane[];
  readonly provider: { readonly kind: string };
  /** Absent outside the mesh. */
  readonly mesh?: { readonly id: number };
  /** Absent where settings of add-ons are unsound. */
  readonly services?: ClusterServices;
}

/** What tenants ask of a platform: of settings, or of what another stack puts out. */
export interface TenantPlatform {
  readonly profile: Profile;
  readonly domain: string;
  /** In the fleet's order. */
  readonly clusters: Readonly<Record<string, TenantCluster>>;
  /** Absent where clusters have buckets of their own, or none. */
  readonly objectStore?: unknown;
  /** Fully qualified name of the stack that makes it, where that is another one. */
  readonly stack?: string;
}

/** The platform of the same settings. @param services By cluster; absent where settings of add-ons are unsound. */
export function ownPlatform(
  { profile, domain, clusters, objectStore }: PlatformBase,
  services?: Readonly<Record<string, ClusterServices>>,
): TenantPlatform {
  const inOrder = Object.entries(clusters).sort(([, a], [, b]) => waveOf(a) - waveOf(b));
  const known = inOrder.map(([name, cluster]): [string, TenantCluster] => {
    const { planes, provider, network } = cluster;
    const mesh = inMesh(cluster) ? { id: network.meshId } : undefined;
    return [name, { planes, provider, mesh, services: own(services ?? {}, name) }];
  });
  return { profile, domain, objectStore, clusters: Object.fromEntries(known) };
}

/** What tenants are checked against. `platform` is absent in a stack of tenants only, and where it is unsound. */
export interface TenantWorld {
  readonly tenants: TenantsSettings;
  /** Whether `tenants` are all of the stack's; else a reference to a tenant that is not among them is no problem. */
  readonly complete: boolean;
  readonly platform?: TenantPlatform;
}

/** An entry by a name that settings give, which may also be that of a property of every object ("constructor"). */
export function own<T>(entries: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(entries, name) ? entries[name] : undefined;
}

/** What looks at one entry. */
export type Visit<T> = (entry: T, path: readonly string[]) => Problem[];

/** Every component of a tenant, with its path: `tenants`, tenant, `projects`, project, `components`, name. */
export function eachComponent(tenant: string, settings: TenantSettings, visit: Visit<ComponentSettings>): Problem[] {
  return Object.entries(settings.projects).flatMap(([project, { components }]) =>
    Object.entries(components).flatMap(([name, value]) =>
      visit(value, ["tenants", tenant, "projects", project, "components", name]),
    ),
  );
}

/** Every database of a tenant, likewise. */
export function eachDatabase(tenant: string, settings: TenantSettings, visit: Visit<DatabaseSettings>): Problem[] {
  return Object.entries(settings.projects).flatMap(([project, { databases }]) =>
    Object.entries(databases).flatMap(([name, value]) =>
      visit(value, ["tenants", tenant, "projects", project, "databases", name]),
    ),
  );
}

/** What a path of {@link eachComponent} says of where it is. */
export function homeOf(path: readonly string[]): { readonly tenant: string; readonly project: string } {
  return { tenant: path[1] ?? "", project: path[3] ?? "" };
}

/** What a reference leads to in the own stack. */
export function find({ tenant, project, name }: Reference, tenants: TenantsSettings) {
  const holder = own(own(tenants, tenant)?.projects ?? {}, project);
  if (holder === undefined) return undefined;
  const component = own(holder.components, name);
  if (component !== undefined) return { kind: "component", settings: component } as const;
  const database = own(holder.databases, name);
  return database && ({ kind: "database", settings: database } as const);
}

/** The connections of a component, each read. */
export function usesOf(component: ComponentSettings, path: readonly string[]): Reference[] {
  return component.uses.map((text) => readReference(text, homeOf(path)));
}
