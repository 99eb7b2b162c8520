import { z } from "zod";
import { type Profile, words } from "../../settings";

const oidc = z
  .strictObject({
    issuer: words.httpUrl.describe("Issuer, as tokens name it in `iss`."),
    authorizationUrl: words.httpUrl.describe("Authorization endpoint."),
    tokenUrl: words.httpUrl.describe("Token endpoint."),
    jwksUrl: words.httpUrl.describe("Keys that tokens are signed with."),
    audience: z.string().min(1).optional().describe("What tokens name in `aud`. Default: not checked."),
    clients: z
      .strictObject({
        console: z.string().min(1).default("openchoreo-backstage-client"),
        observer: z.string().min(1).default("openchoreo-observer-resource-reader-client"),
        publisher: z.string().min(1).default("openchoreo-workload-publisher-client"),
      })
      .prefault({})
      .describe("Ids of the clients: the console, the observer, and builds that publish their workload."),
    secret: z
      .string()
      .min(1)
      .describe('Key of a secret of this stack, the clients\' secrets: {"console": "…", "observer": "…"}.'),
    groups: z
      .strictObject({
        admin: z.string().min(1).default("admins"),
        "platform-engineer": z.string().min(1).default("platform-engineers"),
        developer: z.string().min(1).default("developers"),
        sre: z.string().min(1).default("sres"),
      })
      .prefault({})
      .describe("Groups (claim `groups`) that have OpenChoreo's roles on the whole platform."),
  })
  .describe("Who signs people and clients in, by OpenID Connect.");
export type OidcSettings = z.output<typeof oidc>;

/** Schema of the settings of all four planes: `platform.openchoreo`. */
export const openchoreoSettings = (profile: Profile) => {
  const production = profile === "production";
  return z
    .strictObject({
      enabled: z.boolean().default(true),
      replicas: z
        .int()
        .min(1)
        .max(5)
        .default(production ? 2 : 1)
        .describe("Replicas of the controllers, the API and the agents. The cluster gateway is always one."),
      oidc: oidc
        .optional()
        .describe("Required in production. Default in development: nobody signs in, and everybody may do everything."),
      console: z
        .strictObject({ storage: words.size.default("1Gi").describe("Volume of the console's catalog.") })
        .prefault({})
        .describe("The console (Backstage)."),
      otherStacks: z
        .boolean()
        .default(false)
        .describe(
          "Publish the cluster gateway as cluster-gateway.<domain> for planes of other stacks. It is published anyway where " +
            "a cluster of this stack is outside the mesh.",
        ),
    })
    .superRefine(({ enabled, oidc: given }, context) => {
      if (!production || !enabled || given !== undefined) return;
      const message = "required in production: without it everybody may do everything";
      context.addIssue({ code: "custom", path: ["oidc"], message });
    })
    .describe("OpenChoreo's four planes.");
};
export type OpenchoreoConfig = z.output<ReturnType<typeof openchoreoSettings>>;
