import { z } from "zod";
import { component } from "./tenant/component";
import { database } from "./tenant/database";
import { formerName } from "./tenant/sharing";
import { httpUrl, label, quantity } from "./words";

export { COMPONENT_TYPES, type ComponentSettings } from "./tenant/component";
export type { DatabaseSettings } from "./tenant/database";
export type { ExposureSettings } from "./tenant/exposure";
export type { MeshSettings } from "./tenant/mesh";

const name = (what: string) => label(what, 40);

/** How often a project is backed up, and for how long. The platform's backups have the same names. */
export const TIERS = ["gold", "silver", "bronze", "none"] as const;

const project = z.strictObject({
  components: z.record(name("component name"), component).default({}).describe("What runs, by name."),
  databases: z.record(name("database name"), database).default({}).describe("Databases, by name."),
  backup: z
    .enum(TIERS)
    .optional()
    .describe(
      "Backups of the project's objects and volumes: gold every hour, silver every six, bronze every night. " +
        "Default: none, in production silver.",
    ),
  renamedFrom: formerName,
});
export type ProjectSettings = z.output<typeof project>;

const environment = z.strictObject({
  promotesFrom: z.string().optional().describe("The environment that releases come from. Default: it is a first one."),
  production: z.boolean().optional().describe("Whether it is one. Default: where it is named production."),
  clusters: z.array(z.string()).min(1).optional().describe("Where it is. Default: every cluster with the data plane."),
});

const repository = z
  .strictObject({
    git: httpUrl.describe("HTTPS URL of the repository."),
    revision: z.string().min(1).default("main").describe("Branch, tag or commit."),
    path: z.string().min(1).default(".").describe("Folder of the tenant in the repository."),
  })
  .describe("Where Argo CD finds what is deployed. Default: nothing is deployed from Git.");

/** One tenant: an application team and what it runs. */
export const tenantSchema = z.strictObject({
  owners: z
    .array(z.string().min(1))
    .min(1, { error: "name at least one owning group" })
    .describe("Groups that own the tenant."),
  quota: z
    .strictObject({
      cpu: quantity.default("20").describe("CPU that all pods together may ask for."),
      memory: quantity.default("40Gi").describe("Memory that all pods together may ask for."),
      storage: quantity.default("200Gi").describe("Storage that all volumes together may ask for."),
      pods: z.int().min(1).default(200).describe("Number of pods."),
    })
    .prefault({})
    .describe("Upper limit of each of the tenant's namespaces."),
  environments: z
    .record(name("environment name"), environment)
    .refine((environments) => Object.keys(environments).length > 0, { error: "name at least one environment" })
    .default({ development: {} })
    .describe("Environments and the order of promotion."),
  repository: repository.optional(),
  projects: z.record(name("project name"), project).default({}).describe("Projects, by name."),
  purge: z
    .boolean()
    .optional()
    .describe(
      "What becomes of databases when the tenant, or their own entry here, is removed. true: they go, with their volumes; " +
        "bring the stack up with it before. false: they are kept. Default: they are kept, and in production nothing can " +
        "be removed before one of both is said.",
    ),
  renamedFrom: formerName,
});
export type TenantSettings = z.output<typeof tenantSchema>;

/** Tenants inline, by name, or `{ from: <folder> }` with one file a tenant. */
export const tenantsSchema = z.record(
  label("tenant name", 40).refine((text) => text !== "from", {
    error: '"from" is kept for the folder of tenant files',
  }),
  tenantSchema,
);
export type TenantsSettings = z.output<typeof tenantsSchema>;
