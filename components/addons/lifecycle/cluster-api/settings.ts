import { z } from "zod";
import { CLUSTER_API_INFRASTRUCTURES, type Profile } from "../../../settings";

/** Settings of Cluster API: its operator and providers are switched on and set together. */
export const CLUSTER_API = "clusterApi";

export const clusterApiSettings = (profile: Profile) =>
  z
    .strictObject({
      enabled: z.boolean().default(true),
      replicas: z
        .int()
        .min(1)
        .max(3)
        .default(profile === "production" ? 2 : 1)
        .describe("Replicas of the operator and of each provider; one of them works."),
      infrastructure: z
        .array(z.enum(CLUSTER_API_INFRASTRUCTURES))
        .refine((names) => new Set(names).size === names.length, { error: "a provider is named twice" })
        .default([])
        .describe("Providers of infrastructure to install; each that a cluster asks for is among them."),
      awsCredentials: z
        .string()
        .min(1)
        .optional()
        .describe(
          'Key of a secret of this stack: {"accessKeyId": "…", "secretAccessKey": "…"}. Default: the identity of the pods, on EKS.',
        ),
    })
    .describe("Cluster API on the control cluster, which makes clusters of kind cluster-api.");
export type ClusterApiConfig = z.output<ReturnType<typeof clusterApiSettings>>;
