import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type BackupPlan, type BackupTier, backupSchedules, VELERO_NAMESPACE } from "../../addons";
import type { Cell } from "../cells";
import type { PlannedProject } from "../plan";
import type { TenantSite } from "../site";

/** A project's backups on one cluster: how often, and of which namespaces. */
export interface ProjectBackup {
  readonly tenant: string;
  readonly plan: BackupPlan;
}

/**
 * The backups of projects: one plan for each tier on each cluster. A project's own tier is that of all its environments;
 * without one production is backed up, and nothing else. Databases have backups of their own, which a copy of a running
 * server's files is no match for.
 */
export function projectBackups(projects: readonly PlannedProject[], cells: readonly Cell[]): ProjectBackup[] {
  const tiers = new Map(projects.map(({ tenant, name, backup }) => [`${tenant}/${name}`, backup]));
  const plans = new Map<string, { tenant: string; plan: BackupPlan; namespaces: Set<string> }>();
  for (const { tenant, project, production, namespace, cluster, holds, components } of cells) {
    const tier = tiers.get(`${tenant}/${project}`) ?? (production ? "silver" : "none");
    if (tier === "none" || holds !== "components" || components.length === 0) continue;
    const key = `${tenant}/${project}/${cluster}/${tier}`;
    const name = `${tenant}-${project}`;
    const known = plans.get(key) ?? {
      tenant,
      plan: { name, cluster, tier: tier satisfies BackupTier, volumes: true },
      namespaces: new Set<string>(),
    };
    known.namespaces.add(namespace);
    plans.set(key, known);
  }
  return [...plans.values()].map(({ tenant, plan, namespaces }) => ({
    tenant,
    plan: { ...plan, namespaces: [...namespaces] },
  }));
}

/** A project's schedules on one cluster. Backups that they have made stay when they are removed, until their time is up. */
export class ProjectSchedules extends pulumi.ComponentResource {
  constructor(
    name: string,
    { backup: { tenant, plan }, site }: { readonly backup: ProjectBackup; readonly site: TenantSite },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("openchoreo:tenants:ProjectSchedules", name, {}, opts);
    for (const { name: schedule, spec } of backupSchedules(plan, { copy: site.backupCopy || undefined })) {
      new kubernetes.apiextensions.CustomResource(
        `${name}-${schedule}`,
        {
          apiVersion: "velero.io/v1",
          kind: "Schedule",
          metadata: { name: schedule, namespace: VELERO_NAMESPACE, labels: { "choreo.dev/tenant": tenant } },
          spec,
        },
        { parent: this, dependsOn: site.after("velero") },
      );
    }
    this.registerOutputs({ tenant });
  }
}
