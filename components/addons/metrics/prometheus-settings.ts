import { z } from "zod";
import { type Profile, words } from "../../settings";
import { receiver } from "./alertmanager";

/** Blocks of two hours are uploaded when they are complete; before that they must not be gone. */
const retention = words.duration.refine((text) => /^([6-9]|[1-9][0-9]+)h$|d$/.test(text), {
  error: "at least 6h, in hours or days: metrics are kept elsewhere only after some hours",
});

/** Settings of Prometheus and what comes with it. */
export const settings = (profile: Profile) => {
  const production = profile === "production";
  return z
    .strictObject({
      enabled: z.boolean().default(true),
      replicas: z
        .int()
        .min(1)
        .max(5)
        .default(production ? 2 : 1)
        .describe("Replicas of Prometheus; each scrapes everything."),
      retention: retention.default(production ? "3d" : "1d").describe("How long Prometheus itself keeps metrics."),
      storage: words.size.default(production ? "50Gi" : "10Gi").describe("Volume of each Prometheus."),
      memory: words.size.default(production ? "4Gi" : "1Gi").describe("Memory of each Prometheus."),
      interval: words.duration
        .default("30s")
        .describe("Time between two scrapes, and between two evaluations of rules."),
      alertmanager: z
        .strictObject({
          replicas: z
            .int()
            .min(1)
            .max(5)
            .default(production ? 3 : 1)
            .describe("Replicas of Alertmanager."),
          storage: words.size.default("2Gi").describe("Volume of each Alertmanager."),
          receiver: receiver.describe("Who is told of the platform's alerts."),
        })
        .prefault({}),
    })
    .describe("Prometheus, Alertmanager, exporters and, on the observability plane, Grafana.");
};
export type PrometheusConfig = z.output<ReturnType<typeof settings>>;
