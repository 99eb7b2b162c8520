import { z } from "zod";
import { accessEntry, anyAwsRegion } from "./eks";
import { cidr, hostName, label } from "./words";

/** Characters of a tag's value. Source: AWS, "Tag naming limits and requirements". */
const tagValue = z
  .string()
  .regex(/^[A-Za-z0-9 _.:/=+@-]{1,256}$/, { error: "not a tag's value: letters, digits, space and _ . : / = + - @" });

const id = (prefix: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), { error: `not an id such as "${prefix}-0a1b2c3d4e5f60718"` });

const runner = z.strictObject({
  region: anyAwsRegion.describe("Region of the runner's network."),
  vpcId: id("vpc").describe("The network that `pulumi up` runs in."),
  cidr: cidr.describe("Its range; it overlaps no cluster's."),
  routeTableIds: z
    .array(id("rtb"))
    .min(1, { error: "name the route tables of the runner's subnets, which get a route to each cluster" })
    .describe("Route tables of the subnets that `pulumi up` runs in."),
});
export type RunnerSettings = z.output<typeof runner>;

const zone = z
  .strictObject({
    name: hostName.optional().describe("Name of the hosted zone. Default: the platform's domain."),
    id: z
      .string()
      .regex(/^Z[0-9A-Z]{4,31}$/, { error: 'not the id of a hosted zone such as "Z0123456789ABCDEFGHIJ"' })
      .optional()
      .describe("Its id. Default: it is looked up by its name."),
    create: z.boolean().default(false).describe("Make the zone. Its name servers are an output, to delegate to."),
  })
  .refine((given) => !given.create || given.id === undefined, {
    path: ["id"],
    error: "of a zone that is there; it does not go with create: true",
  });

/** The account that a stack works in. */
const accountId = z
  .string({ error: 'an account id in quotes such as "111122223333"' })
  .regex(/^[0-9]{12}$/, { error: 'not an account id in quotes such as "111122223333"' })
  .optional()
  .describe("The account; with any other one nothing is done. Default: that of the credentials.");

const tags = z
  .strictObject({
    owner: tagValue.describe("Who answers for it, for example a team."),
    costCenter: tagValue.describe("Who pays for it."),
  })
  .describe("Tags of every resource, beside those of the stack and the cluster.");

/** What every stack says that makes something on AWS. */
export const account = { accountId, tags };

/** What all EKS clusters of a stack have in common. */
export const aws = z.strictObject({
  ...account,
  access: z
    .record(label("access entry's name", 40), accessEntry)
    .default({})
    .describe("Who may use the clusters. `up` itself needs an entry with policy: admin."),
  zone: zone.optional().describe("The hosted zone (Route 53) that the domain's names are served from. Default: none."),
  replicaRegion: anyAwsRegion
    .optional()
    .describe("Region that buckets are replicated to. Required in production; a cluster may have another."),
  peering: z
    .enum(["peering", "transit-gateway"])
    .default("peering")
    .describe(
      "How the networks of the mesh are joined: each with each, or by a hub in each region. Never changed by the number of clusters.",
    ),
  supernet: cidr
    .optional()
    .describe(
      "One range that covers the network of every cluster of the mesh; never changed. Default: mesh.ranges.networks.",
    ),
  imageScanning: z
    .enum(["basic", "enhanced", "none"])
    .default("basic")
    .describe(
      "How the account's registries scan images when they are pushed, which is one setting for a whole region. `none`: someone else says.",
    ),
  runner: runner
    .optional()
    .describe("The network that `pulumi up` runs in; each cluster's network is peered with it. Default: none."),
});
export type AwsSettings = z.output<typeof aws>;
