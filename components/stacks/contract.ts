import { z } from "zod";

/**
 * What a stack of this program tells other stacks: its outputs, typed on both sides.
 * A change that a reader of version 1 would misread raises the version; new optional keys do not.
 */
export const CONTRACT_VERSION = 1;

const planes = z.array(z.enum(["control", "data", "workflow", "observability"]));

/** The output `platform`: plain values, no secret among them. */
export const platformOutput = z.object({
  contract: z.literal(CONTRACT_VERSION),
  stack: z.string(),
  profile: z.enum(["development", "production"]),
  domain: z.string(),
  /** Name of the cluster with the control plane; absent where it is another stack's. */
  controlPlane: z.string().optional(),
  clusters: z.record(
    z.string(),
    z.object({
      planes,
      wave: z.int(),
      /** The API server as nodes reach it: `host:port`. */
      apiServer: z.string(),
      mesh: z.object({ id: z.int(), address: z.string() }).optional(),
    }),
  ),
  trust: z.object({
    /** PEM of every root that the mesh trusts, one after the other. */
    bundle: z.string(),
    /** Every authority of the mesh by name, for example `root-1` or `us-east/cilium`; `expires` is an RFC 3339 time. */
    authorities: z.record(z.string(), z.object({ expires: z.string() })),
  }),
});
export type PlatformOutput = z.output<typeof platformOutput>;

/** The output `kubeconfigs`: a kubeconfig for each cluster, by its name. Always a secret. */
export const kubeconfigsOutput = z.record(z.string(), z.string());
export type KubeconfigsOutput = z.output<typeof kubeconfigsOutput>;
