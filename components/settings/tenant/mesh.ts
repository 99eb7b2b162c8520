import { z } from "zod";
import { timeout } from "../words";
import { circuitBreaker, retries } from "./exposure";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

const permission = z.strictObject({
  methods: z.array(z.enum(METHODS)).min(1).optional().describe("Default: all."),
  paths: z
    .array(z.string().startsWith("/", { error: 'a path begins with "/"' }))
    .min(1)
    .optional()
    .describe("Paths; one that ends in * stands for all that begin so. Default: all."),
});

/** What happens to calls from other components. Each of it is done by a waypoint, which a namespace has where one asks. */
export const mesh = z
  .strictObject({
    timeout: timeout.optional().describe("How long a call may take."),
    retries: retries.optional(),
    circuitBreaker: circuitBreaker.optional(),
    permissions: z
      .record(z.string(), permission)
      .default({})
      .describe(
        "What a caller may ask for, by the caller's name as in its connection: component, project/component or " +
          "tenant/project/component. Default: everything.",
      ),
  })
  .describe(
    "Calls from other components, request by request: a waypoint takes them, and shows metrics and traces of them. " +
      "Default: connections are encrypted and authorized, and not looked into.",
  );
export type MeshSettings = z.output<typeof mesh>;
