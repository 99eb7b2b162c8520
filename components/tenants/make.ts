import type * as pulumi from "@pulumi/pulumi";
import { joined, planeAddon } from "../addons";
import { organizationNamespace } from "../planes";
import type { TenantsSettings } from "../settings";
import { makeBuilds } from "./builds/make";
import { TenantCell } from "./cell";
import { type Cell, planCells } from "./cells";
import { controlObjects } from "./control-objects";
import { makeData } from "./data/make";
import { makeDelivery } from "./delivery/make";
import { type EdgeOptions, type Edges, planEdges } from "./edges";
import { type PlannedTenant, planTenants } from "./plan";
import { TenantProjects } from "./projects";
import { type Scene, sceneOf, waypointNamespaces } from "./scene";
import type { TenantSite, TenantSites } from "./site";

/** Arguments of {@link makeTenants}. */
export interface MakeTenantsArgs extends EdgeOptions {
  /** All tenants that there are, as those of one stack call those of others. */
  readonly tenants: TenantsSettings;
  /** Which of them this stack makes. Default: all. */
  readonly own?: (tenant: string) => boolean;
  readonly sites: TenantSites;
  /** What a tenant's projects come after, by tenant; nothing where another stack made it. Default: nothing. */
  readonly organizations?: ReadonlyMap<string, { readonly pipeline: pulumi.Resource }>;
  /** Namespaces of other stacks whose calls go through a waypoint. Default: none. */
  readonly foreignWaypoints?: ReadonlySet<string>;
}

/** What was planned and made. */
export interface Tenants {
  readonly planned: readonly PlannedTenant[];
  readonly edges: Edges;
  /** Cells of this stack's own tenants. */
  readonly cells: readonly Cell[];
}

/** Add-ons that bring the kinds of a cell's objects, or check them. */
const BEFORE = [
  "cilium",
  "istio-base",
  "istiod",
  "ztunnel",
  "gateway-api-crds",
  "envoy-gateway",
  "kube-prometheus-stack",
  "external-secrets",
];

/** Makes the tenants of this stack on every cluster that they are on. */
export function makeTenants(args: MakeTenantsArgs): Tenants {
  const { tenants, own = () => true, sites, foreign, foreignWaypoints = [] } = args;
  const { profile, openchoreo } = sites;
  const planned = planTenants({ tenants, clusters: [...sites.clusters.values()], profile, openchoreo });
  const edges = planEdges(planned, { foreign });
  const all = planCells(planned, edges);
  const waypoints = new Set([...waypointNamespaces(all), ...foreignWaypoints]);
  const grounds = new Map([...sites.clusters.values()].map((site) => [site.name, groundOf(site, sites, waypoints)]));
  const cells = all.filter(({ tenant }) => own(tenant));
  const made = new Map<Cell, TenantCell>();
  for (const cell of cells) {
    const ground = grounds.get(cell.cluster);
    if (ground === undefined) throw new Error(`no cluster "${cell.cluster}"`);
    const { site, scene, after } = ground;
    const name = `${cell.cluster}.${cell.namespace}`;
    made.set(cell, new TenantCell(name, { cell, edges, scene, site, after }, { providers: [site.provider] }));
  }
  const mine = planned.filter(({ name }) => own(name));
  for (const tenant of mine) makeProjects(tenant, edges, args);
  makeData({ planned: mine, cells, edges, sites, after: (cell) => [made.get(cell)].flatMap((one) => one ?? []) });
  makeBuilds(mine, sites);
  makeDelivery(mine, sites);
  return { planned, edges, cells };
}

/** The tenant on OpenChoreo's control plane. */
function makeProjects(tenant: PlannedTenant, edges: Edges, { sites, organizations }: MakeTenantsArgs): void {
  const { control, openchoreo } = sites;
  if (!openchoreo || control === undefined) return;
  const objects = controlObjects(tenant, edges, sites);
  if (objects.length === 0) return;
  const ready = control.after(planeAddon("control"));
  const pipeline = [organizations?.get(tenant.name)?.pipeline].flatMap((one) => one ?? []);
  const args = { tenant: tenant.name, objects, after: joined(ready, pipeline) };
  new TenantProjects(`${organizationNamespace(tenant.name)}.projects`, args, { providers: [control.provider] });
}

/** What all cells of a cluster have in common. */
interface Ground {
  readonly site: TenantSite;
  readonly scene: Scene;
  readonly after: pulumi.Input<pulumi.Resource[]>;
}

function groundOf(site: TenantSite, sites: TenantSites, waypoints: ReadonlySet<string>): Ground {
  return { site, scene: sceneOf(site, sites, waypoints), after: site.after(...BEFORE) };
}
