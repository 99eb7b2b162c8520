import type * as pulumi from "@pulumi/pulumi";
import type { Cell } from "../cells";
import type { Edges } from "../edges";
import type { PlannedDatabase, PlannedTenant } from "../plan";
import type { TenantSite, TenantSites } from "../site";
import { connectionsOf, DatabaseConnections } from "./connections";
import { DatabaseCell } from "./database-cell";
import { type DatabaseKeys, NamespaceKeys } from "./keys";
import { ProjectSchedules, projectBackups } from "./project-backups";

/** Arguments of {@link makeData}. */
export interface MakeDataArgs {
  /** The tenants that this stack makes. */
  readonly planned: readonly PlannedTenant[];
  /** Their cells. */
  readonly cells: readonly Cell[];
  readonly edges: Edges;
  readonly sites: TenantSites;
  /** What objects of a cell come after: its namespace and what guards it. */
  readonly after: (cell: Cell) => pulumi.Input<pulumi.Resource[]>;
}

/** Makes what keeps data: databases with their backups, what components sign in to them with, and projects' backups. */
export function makeData({ planned, cells, edges, sites, after }: MakeDataArgs): void {
  const keys = makeKeys(planned.flatMap(databasesIn));
  for (const cell of cells) {
    const site = siteOf(sites, cell.cluster);
    const name = `${cell.cluster}.${cell.namespace}`;
    const opts = { providers: [site.provider] };
    if (cell.holds === "databases") {
      const own = keys.get(cell.namespace);
      if (own === undefined) continue;
      const args = { cell, site, sites, edges, keys: own, after: after(cell) };
      new DatabaseCell(`${name}.data`, args, opts);
    } else {
      const { own, others } = connectionsOf(cell, edges, site);
      if (own.length + others.length === 0) continue;
      new DatabaseConnections(`${name}.connections`, { cell, own, others, keys, after: after(cell) }, opts);
    }
  }
  makeSchedules(planned, cells, sites);
}

function databasesIn({ projects }: PlannedTenant): readonly PlannedDatabase[] {
  return projects.flatMap(({ databases }) => databases);
}

/** Keys by namespace: made once for all clusters, and named by the namespace alone, which no renaming changes. */
function makeKeys(databases: readonly PlannedDatabase[]): ReadonlyMap<string, DatabaseKeys> {
  const homes = new Map(databases.map(({ namespace, tenant }) => [namespace, tenant]));
  return new Map(
    [...homes].map(([namespace, tenant]) => [namespace, new NamespaceKeys(namespace, { tenant, namespace })]),
  );
}

function makeSchedules(planned: readonly PlannedTenant[], cells: readonly Cell[], sites: TenantSites): void {
  const projects = planned.flatMap((tenant) => tenant.projects);
  for (const backup of projectBackups(projects, cells)) {
    const { name, cluster } = backup.plan;
    const site = siteOf(sites, cluster);
    if (!site.has("velero")) continue;
    new ProjectSchedules(`${cluster}.${name}.backups`, { backup, site }, { providers: [site.provider] });
  }
}

function siteOf(sites: TenantSites, cluster: string): TenantSite {
  const site = sites.clusters.get(cluster);
  if (site === undefined) throw new Error(`no cluster "${cluster}"`);
  return site;
}
