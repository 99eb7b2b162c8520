import { z } from "zod";
import { type Profile, words } from "../../../settings";

/** Settings of Envoy Gateway, its kinds included. */
export const envoyGatewayConfig = (profile: Profile) => {
  const production = profile === "production";
  return z
    .strictObject({
      enabled: z.boolean().default(true),
      keepKinds: z
        .boolean()
        .default(production)
        .describe("Keep the kinds, and with them every policy of a route, when Envoy Gateway is removed."),
      replicas: z
        .int()
        .min(1)
        .max(5)
        .default(production ? 2 : 1)
        .describe("Replicas of the controller and of the rate-limit service."),
      proxies: z
        .strictObject({
          min: z
            .int()
            .min(1)
            .max(100)
            .default(production ? 3 : 1),
          max: z
            .int()
            .min(1)
            .max(100)
            .default(production ? 10 : 1),
        })
        .refine((range) => range.min <= range.max, { path: ["max"], error: "is smaller than min" })
        .prefault({})
        .describe(
          "Replicas of the proxies; where max is larger than min, they follow the load (needs metrics-server).",
        ),
      scheme: z
        .enum(["internet-facing", "internal"])
        .default("internet-facing")
        .describe("Who reaches the load balancer of a cluster on EKS."),
      sourceRanges: z
        .array(words.cidr)
        .default([])
        .describe("Ranges that the load balancer admits. Default: everyone."),
      trustedHops: z
        .int()
        .min(0)
        .max(10)
        .default(0)
        .describe("Proxies in front of the load balancer, such as a CDN, whose X-Forwarded-For is believed."),
      rateLimit: z
        .strictObject({
          enabled: z.boolean().default(true).describe("The global rate-limit service, with its Redis."),
          perClient: z
            .strictObject({
              requests: z.int().min(1),
              unit: z.enum(["Second", "Minute", "Hour"]).default("Second"),
            })
            .optional()
            .describe(
              "What one client address may ask of routes that say nothing else. Default: no limit, as behind a fixed " +
                "address all clients of a node look alike.",
            ),
        })
        .refine((limit) => limit.enabled || limit.perClient === undefined, {
          path: ["perClient"],
          error: "needs the rate-limit service; switch that on, or leave this out",
        })
        .prefault({}),
      traceSampling: z
        .int()
        .min(0)
        .max(100)
        .default(100)
        .describe("Percentage of requests that the proxies send spans of; what is kept is the collector's choice."),
    })
    .describe("Envoy Gateway: the platform's gateway `choreo-gateway`, its proxies and its rate limits.");
};
export type EnvoyGatewayConfig = z.output<ReturnType<typeof envoyGatewayConfig>>;
