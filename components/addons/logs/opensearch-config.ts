import { z } from "zod";
import { type Profile, words } from "../../settings";

/** How long something is kept. */
const kept = z.string().regex(/^[1-9][0-9]*[dh]$/, { error: 'not a number of days or hours such as "30d" or "12h"' });

const sso = z
  .strictObject({
    issuer: words.httpUrl.describe("URL of the OpenID Connect provider."),
    clientId: z.string().min(1).describe("Client of Dashboards; its redirect is https://<host>/auth/openid/login."),
    clientSecret: z.string().min(1).describe("Key of a secret of this stack that holds the client's secret."),
    host: words.hostName.optional().describe("Host name of Dashboards. Default: logs.<domain>."),
    subject: z.string().min(1).default("preferred_username").describe("Claim with the user's name."),
    groups: z.string().min(1).default("groups").describe("Claim with the user's groups."),
  })
  .describe("Who signs readers of logs in; without it there are only OpenSearch's own users.");
export type SignIn = z.output<typeof sso>;

/** Settings of OpenSearch. */
export const config = (profile: Profile) => {
  const production = profile === "production";
  const snapshots = z.strictObject({
    enabled: z.boolean().default(production).describe("Copies of the indices in the object store for logs."),
    schedule: words.cron.default("30 3 * * *").describe("When a copy is made: five cron fields, UTC."),
    retention: kept.default("30d").describe("How long a copy is kept."),
    plugin: z
      .string()
      .regex(/^[^\s'"$;&|]+$/, { error: "a name or URL without spaces and quotes" })
      .default("repository-s3")
      .describe("OpenSearch's S3 plugin, which a node installs at its start: its name, or the URL of a mirror's file."),
  });
  const tenant = z.strictObject({
    retention: kept.optional().describe("Default: retention.tenants."),
    readers: z.array(z.string().min(1)).default([]).describe("Groups that read the tenant's logs."),
  });
  return z
    .strictObject({
      enabled: z.boolean().default(true),
      nodes: z
        .int()
        .min(1)
        .max(9)
        .refine((nodes) => nodes !== 2, { error: "two nodes agree on nothing when one is gone; take 1, or 3 and more" })
        .default(production ? 3 : 1)
        .describe("Nodes; each holds data and takes part in elections."),
      cpu: words.quantity.default(production ? "1" : "250m").describe("CPU that a node asks for."),
      heap: words.size
        .default(production ? "4Gi" : "512Mi")
        .describe("Java heap of a node; a node's memory is twice that."),
      storage: words.size.default(production ? "200Gi" : "10Gi").describe("Volume of a node."),
      memoryMap: z
        .boolean()
        .default(production)
        .describe("Map index files into memory, which is faster and needs vm.max_map_count of 262144 on the machines."),
      retention: z
        .strictObject({
          tenants: kept.default(production ? "30d" : "3d").describe("Of tenants' logs."),
          platform: kept.default(production ? "14d" : "3d").describe("Of platform services, access logs and audit."),
        })
        .prefault({})
        .describe("How long logs are kept, in days or hours."),
      tenants: z
        .record(words.label("tenant name", 40), tenant)
        .default({})
        .describe("Tenants whose logs are kept for another time, or read by groups of theirs."),
      snapshots: snapshots.prefault({}),
      sso: sso.optional(),
    })
    .superRefine(({ tenants, sso: signIn }, context) => {
      if (signIn !== undefined) return;
      for (const [name, { readers }] of Object.entries(tenants)) {
        const message = "nobody is in a group as long as nobody signs in; set opensearch.sso";
        if (readers.length > 0) context.addIssue({ code: "custom", path: ["tenants", name, "readers"], message });
      }
    })
    .describe("OpenSearch: logs and traces of the fleet, on the observability plane.");
};
export type OpenSearchConfig = z.output<ReturnType<typeof config>>;
