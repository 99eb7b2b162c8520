import { z } from "zod";
import { calledRange, duration, hostName } from "../words";

/** How a component runs: its configuration, its health, what it reaches, and how it is watched. */

export const port = z
  .int()
  .min(1, { error: "a port is between 1 and 65535" })
  .max(65535, { error: "a port is between 1 and 65535" })
  .refine((number) => number < 15000 || number > 15099, {
    error: "15000 to 15099 are ports of the mesh; choose another",
  });

const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: "not the name of an environment variable" });

const secret = z
  .string()
  .regex(/^(?!\.{1,2}[/#]|\.{1,2}$)[A-Za-z0-9_.-]+(\/(?!\.{1,2}([/#]|$))[A-Za-z0-9_.-]+)*(#[A-Za-z0-9_.-]+)?$/, {
    error: 'not a secret of the store such as "shop/api#token"',
  });

const text = z.union([z.string(), z.number().transform(String), z.boolean().transform(String)], {
  error: "must be text, a number, or true or false",
});

export const environmentVariables = z
  .record(variable, text)
  .default({})
  .describe("Environment variables, in plain text.");

export const secretVariables = z
  .record(variable, secret)
  .default({})
  .describe("Environment variables from the platform's secret store, each by key and property: shop/api#token.");

export const health = z
  .strictObject({
    path: z
      .string()
      .startsWith("/", { error: 'a path begins with "/"' })
      .describe("Path that answers while it is well."),
    port: port.optional().describe("Default: the component's port."),
  })
  .describe("How the platform sees that it is well. Default: by its process alone.");

export const autoscaling = z
  .strictObject({
    min: z.int().min(1).max(100).default(1).describe("Fewest pods."),
    max: z.int().min(1).max(100).describe("Most pods."),
    cpu: z.int().min(1).max(100).default(70).describe("Percentage of its CPU request that a pod works at."),
  })
  .refine((value) => value.min <= value.max, { path: ["max"], error: "is smaller than min" })
  .describe("Follows the load with the number of pods. Default: replicas.");

const destination = z
  .strictObject({
    host: hostName.optional().describe("A host name; `*.example.com` is not one: name each."),
    range: calledRange.optional().describe("A range of addresses, in CIDR notation."),
    ports: z.array(port).min(1).default([443]).describe("TCP ports."),
  })
  .refine((value) => (value.host === undefined) !== (value.range === undefined), { error: "give a host or a range" });

export const egress = z
  .array(destination)
  .default([])
  .describe("What it reaches outside the platform. Default: nothing.");

const alert = z.strictObject({
  expression: z.string().min(1).describe("PromQL; the alert fires while it gives something."),
  for: duration.default("5m").describe("How long it has to last."),
  severity: z.enum(["critical", "warning", "info"]).default("warning").describe("How bad it is."),
  summary: z.string().min(1).describe("What it means, for whoever is told."),
});

export const monitoring = z
  .strictObject({
    enabled: z.boolean().default(true).describe("Whether the platform's alerts watch it."),
    port: port.optional().describe("Port on which Prometheus asks for /metrics. Default: none."),
    alerts: z
      .record(z.string().regex(/^[A-Za-z][A-Za-z0-9]*$/, { error: "an alert's name has letters and digits" }), alert)
      .default({})
      .describe("Alerts of its own, by name."),
  })
  .prefault({})
  .describe("How it is watched.");

/** Languages that OpenTelemetry's operator instruments in pods; Go is instrumented on the nodes, without a setting. */
export const LANGUAGES = ["java", "nodejs", "python", "dotnet"] as const;
