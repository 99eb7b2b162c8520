import { z } from "zod";
import type { Profile } from "../../../settings";

const replicas = (defaults: { readonly min: number; readonly max: number }, what: string) =>
  z
    .strictObject({
      min: z.int().min(1).max(20).default(defaults.min),
      max: z.int().min(1).max(20).default(defaults.max),
    })
    .refine((range) => range.min <= range.max, { path: ["max"], error: "is smaller than min" })
    .prefault({})
    .describe(`${what}; where max is larger than min, their number follows the load (needs metrics-server).`);

/** Settings of all of Istio: its charts are switched on together. */
export const istioConfig = (profile: Profile) => {
  const production = profile === "production";
  const many = production ? { min: 2, max: 5 } : { min: 1, max: 1 };
  return z
    .strictObject({
      enabled: z.boolean().default(true),
      replicas: replicas(many, "Replicas of istiod"),
      proxyReplicas: replicas(many, "Replicas of each waypoint and of the east-west gateway"),
      accessLogs: z
        .enum(["all", "errors", "none"])
        .default(production ? "errors" : "all")
        .describe("Which connections and requests ztunnel and waypoints write a line of log about."),
      traceSampling: z
        .number()
        .min(0)
        .max(100)
        .default(100)
        .describe("Percentage of requests that waypoints send spans of; what is kept is the collector's choice."),
    })
    .describe("Istio in ambient mode: mutual TLS, authorization and traffic policies between tenants' workloads.");
};
export type IstioConfig = z.output<ReturnType<typeof istioConfig>>;
