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
      /** Kubernetes of the control plane, and of each node pool, where this program makes the cluster: such as `1.35`. */
      kubernetes: z.string().optional(),
      nodePools: z.record(z.string(), z.string()).optional(),
      mesh: z.object({ id: z.int(), address: z.string() }).optional(),
    }),
  ),
  /** The hosted zone that this stack made for its domain, and the name servers to delegate to. */
  zone: z.object({ name: z.string(), nameServers: z.array(z.string()) }).optional(),
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
