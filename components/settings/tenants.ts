import { z } from "zod";
import { cron, duration, hostName, httpUrl, label, quantity, size, timeout } from "./words";

/** Kinds of component that OpenChoreo knows. */
export const COMPONENT_TYPES = ["service", "web-application", "worker", "scheduled-task"] as const;

const port = z
  .int()
  .min(1, { error: "a port is between 1 and 65535" })
  .max(65535, { error: "a port is between 1 and 65535" });

const source = z
  .strictObject({
    git: httpUrl.describe("HTTPS URL of the repository."),
    revision: z.string().min(1).default("main").describe("Branch, tag or commit."),
    path: z.string().min(1).default(".").describe("Folder of the component in the repository."),
    build: z.enum(["buildpacks", "dockerfile"]).default("buildpacks"),
  })
  .describe("What to build the component from.");

const exposure = z.strictObject({
  host: hostName.describe("Host name, unique in the stack."),
  paths: z
    .array(z.string().startsWith("/", { error: 'a path begins with "/"' }))
    .min(1)
    .default(["/"]),
  timeout: timeout.optional(),
});

const component = z
  .strictObject({
    type: z.enum(COMPONENT_TYPES).default("service"),
    source: source.optional(),
    image: z.string().min(1).optional().describe("A ready image, instead of `source`."),
    port: port.optional().describe("The port that it serves on; a service and a web application need one."),
    replicas: z.int().min(1, { error: "at least one replica" }).max(100).default(1),
    resources: z.strictObject({ cpu: quantity.default("100m"), memory: quantity.default("128Mi") }).prefault({}),
    clusters: z
      .array(z.string())
      .min(1)
      .optional()
      .describe("Where it runs. Default: every cluster with the data plane."),
    schedule: cron.optional().describe("When a scheduled task runs: five cron fields, UTC."),
    expose: exposure.optional(),
    uses: z
      .array(
        z.string().regex(/^(stack:\/\/\S+|[a-z0-9-]+(\/[a-z0-9-]+){0,2})$/, {
          error: 'not a reference such as "api", "project/api", "tenant/project/api" or "stack://…"',
        }),
      )
      .default([])
      .describe("Components and databases that it calls."),
    monitoring: z.boolean().default(true),
  })
  .superRefine((value, context) => {
    const complain = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    if (value.source === undefined && value.image === undefined) complain("source", "give a source or an image");
    if (value.source !== undefined && value.image !== undefined)
      complain("image", "give a source or an image, not both");
    const serves = value.type === "service" || value.type === "web-application";
    if (serves && value.port === undefined) complain("port", `a ${value.type} needs the port that it serves on`);
    if (!serves && value.expose !== undefined) complain("expose", `a ${value.type} cannot be exposed`);
    if (value.type === "scheduled-task" && value.schedule === undefined)
      complain("schedule", "a scheduled task needs a schedule");
    if (value.type !== "scheduled-task" && value.schedule !== undefined)
      complain("schedule", `a ${value.type} has no schedule`);
  });
export type ComponentSettings = z.output<typeof component>;

const database = z.strictObject({
  engine: z.enum(["postgresql", "mongodb", "redis"]),
  size: size.describe("Volume size, such as 20Gi."),
  class: z
    .enum(["single", "highly-available"])
    .optional()
    .describe("Default: single (development), highly-available (production)."),
  backup: z
    .strictObject({ schedule: cron.default("0 2 * * *"), retention: duration.default("30d") })
    .optional()
    .describe("Scheduled backups to the object store of the cluster."),
});
export type DatabaseSettings = z.output<typeof database>;

const name = (what: string) => label(what, 40);

const project = z.strictObject({
  components: z.record(name("component name"), component).default({}),
  databases: z.record(name("database name"), database).default({}),
});

/** One tenant: an application team and what it runs. */
export const tenantSchema = z.strictObject({
  owners: z
    .array(z.string().min(1))
    .min(1, { error: "name at least one owning group" })
    .describe("Groups that own the tenant."),
  quota: z
    .strictObject({
      cpu: quantity.default("20"),
      memory: quantity.default("40Gi"),
      storage: quantity.default("200Gi"),
      pods: z.int().min(1).default(200),
    })
    .prefault({})
    .describe("Upper limit of each of the tenant's namespaces."),
  environments: z
    .record(
      name("environment name"),
      z.strictObject({
        promotesFrom: z.string().optional(),
        production: z.boolean().optional().describe("Whether it is one. Default: where it is named production."),
      }),
    )
    .default({ development: {} })
    .describe("Environments and the order of promotion."),
  projects: z.record(name("project name"), project).default({}),
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
