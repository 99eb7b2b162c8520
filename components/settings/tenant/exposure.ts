import { z } from "zod";
import { hostName, httpUrl, timeout } from "../words";

/** How a component is reached from outside, through the platform's gateway. */

const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_|~-]{1,256}$/, { error: "not the name of a header" });

const headerValue = z
  .string()
  .regex(/^[^\r\n\0]{1,4096}$/, { error: "a header's value is one line of 1 to 4096 characters" });

/** What the Gateway API admits. Source: its HTTPPathMatch. */
const path = z
  .string()
  .max(1024)
  .startsWith("/", { error: 'a path begins with "/"' })
  .refine((text) => /^(?:[-\w/.~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})*$/.test(text), {
    error: "has a character that a path has only as % and two digits",
  })
  .refine((text) => !/\/\/|\/\.{1,2}(\/|$)|%2f/i.test(text), { error: 'has "//", "/./", "/../" or "%2F" in it' });

/** Source: Envoy Gateway, SecurityPolicy. */
const origin = z.string().regex(/^(\*|https?:\/\/(\*|(\*\.)?([A-Za-z0-9-]+\.)*[A-Za-z0-9-]+)(:\d{1,5})?)$/, {
  error: 'not an origin such as "https://shop.example.com", "https://*.example.com" or "*"',
});

const headers = (what: string) =>
  z
    .strictObject({
      set: z
        .record(headerName, headerValue)
        .default({})
        .describe("Headers by name; those that are there are replaced."),
      add: z.record(headerName, headerValue).default({}).describe("Headers by name, beside those that are there."),
      remove: z.array(headerName).default([]).describe("Names of headers that are taken out."),
    })
    .prefault({})
    .describe(what);

const limit = (what: string) =>
  z
    .strictObject({
      requests: z.int().min(1).describe("How many requests are let through."),
      unit: z.enum(["Second", "Minute", "Hour"]).default("Second").describe("In which time."),
    })
    .describe(what);

/** How often, and after what, a request is tried again. */
export const retries = z.strictObject({
  attempts: z.int().min(1).max(10).describe("How often a request that failed is tried again."),
  on: z
    .array(z.enum(["connect-failure", "refused-stream", "reset", "gateway-error", "5xx"]))
    .min(1)
    .default(["connect-failure", "refused-stream"])
    .describe("After what. Default: what cannot have been done already."),
  perTryTimeout: timeout.optional().describe("How long one try may take."),
});

/** How many requests a component gets at once. */
export const circuitBreaker = z.strictObject({
  connections: z.int().min(1).default(1024).describe("Connections to all pods together; more are refused."),
  pending: z.int().min(1).default(1024).describe("Requests that wait for a connection; more are refused."),
  requests: z.int().min(1).default(1024).describe("Requests that are under way at once; more are refused."),
});

const jwt = z
  .strictObject({
    issuer: httpUrl.describe("Issuer of the tokens."),
    jwks: httpUrl.describe("URL of the issuer's keys."),
    audiences: z.array(z.string().min(1)).default([]).describe("Audiences that are accepted. Default: any."),
    claimHeaders: z
      .record(headerName, z.string().min(1))
      .default({})
      .describe("Headers that tell the component a claim, such as { x-user: sub }."),
  })
  .describe("Tokens that requests must carry.");

const cors = z
  .strictObject({
    origins: z.array(origin).min(1).describe("Origins that browsers may call it from."),
    methods: z
      .array(z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]))
      .min(1)
      .default(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
    headers: z.array(headerName).default(["authorization", "content-type"]).describe("Headers that they may send."),
    exposeHeaders: z.array(headerName).default([]).describe("Headers of the answer that they may read."),
    credentials: z.boolean().default(false).describe("Whether they may send cookies."),
    maxAge: timeout.optional().describe("How long they may remember it."),
  })
  .refine((value) => !value.credentials || !value.origins.includes("*"), {
    path: ["origins"],
    error: '"*" does not go with credentials; name the origins',
  })
  .describe("Calls from browsers across origins.");

const spread = z
  .strictObject({
    by: z
      .enum(["weight", "latency"])
      .default("weight")
      .describe("Clients go to clusters by weight, or to the nearest one; always to those only that answer."),
    weights: z
      .record(z.string(), z.int().min(0).max(255))
      .default({})
      .describe("Share of each cluster, by its name. Default: 100; a drained one has none."),
  })
  .refine((value) => value.by === "weight" || Object.keys(value.weights).length === 0, {
    path: ["weights"],
    error: "go with by: weight",
  })
  .prefault({})
  .describe("How clients are spread over the clusters that it runs on.");

export const exposure = z
  .strictObject({
    host: hostName.describe(
      "Host name in production, unique in the stack. Other environments have <label>-<environment>.<rest>.",
    ),
    hosts: z.record(z.string(), hostName).default({}).describe("Host names of single environments, instead of that."),
    paths: z.array(path).min(1).default(["/"]).describe("Prefixes of paths that lead to it."),
    rewrite: path.optional().describe("What the prefix becomes. Default: it stays."),
    requestHeaders: headers("Changes of the headers of requests."),
    responseHeaders: headers("Changes of the headers of answers."),
    timeout: timeout.optional().describe("How long a request may take. Default: the gateway's own limit, 60s."),
    retries: retries.optional().describe("Default: the gateway's own, two tries more where nothing was sent yet."),
    rateLimit: z
      .strictObject({
        perClient: limit("For each client's address.").optional(),
        global: limit("For all clients together.").optional(),
      })
      .prefault({})
      .describe("How many requests are let through. Default: no limit of its own."),
    circuitBreaker: circuitBreaker.optional().describe("Default: the gateway's own limits."),
    jwt: jwt.optional(),
    cors: cors.optional(),
    spread,
  })
  .describe("How it is reached from outside. Default: not at all.");
export type ExposureSettings = z.output<typeof exposure>;
