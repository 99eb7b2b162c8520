import { z } from "zod";
import { Refusal } from "../../components/settings";
import { PLAN_VERSION } from "../model";

const optional = z.string().optional();

/** A plan as far as another one is compared with it. A file may hold anything. */
const schema = z.object({
  version: z.literal(PLAN_VERSION),
  stack: z.string(),
  domain: optional,
  clusters: z.array(z.object({ name: z.string(), wave: z.number(), kubernetes: optional })),
  tenants: z.array(
    z.object({
      name: z.string(),
      components: z.array(z.object({ component: z.string(), clusters: z.array(z.string()) })),
    }),
  ),
  resources: z.array(
    z.object({
      urn: z.string(),
      type: z.string(),
      name: z.string(),
      cluster: optional,
      area: z.string(),
      addon: optional,
      tenant: optional,
      managed: z.boolean(),
      protect: z.boolean(),
      retainOnDelete: z.boolean(),
      inputs: z.record(z.string(), z.unknown()),
    }),
  ),
  endpoints: z.array(z.object({ host: z.string(), ports: z.array(z.number()) })),
  certificates: z.array(z.object({ subject: z.string() })),
});

/** What a plan is compared with. */
export type Before = z.output<typeof schema>;

/** The plan of a stack that is not there: compared with it, everything is new. */
export function nothing(stack: string): Before {
  return { version: PLAN_VERSION, stack, clusters: [], resources: [], tenants: [], endpoints: [], certificates: [] };
}

/**
 * Reads a JSON plan.
 * @throws Refusal where it is none, or one of another stack.
 */
export function readPlan(
  text: string,
  { stack, against }: { readonly stack: string; readonly against: string },
): Before {
  const { data, error } = schema.safeParse(parse(text, against));
  if (error !== undefined) {
    const [issue] = error.issues;
    const path = (issue?.path ?? []).map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
    const what = `${path === "" ? "the whole" : path.replace(/^\./, "")}: ${issue?.message ?? "is not as it should be"}`;
    throw refusal(
      against,
      `is no plan of this version (${what}); make one: npm run plan -- ${stack} --format json --out plan.json`,
    );
  }
  if (data.stack !== stack) throw refusal(against, `is a plan of ${data.stack}, not of ${stack}`);
  return data;
}

function parse(text: string, against: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refusal(against, "is no JSON");
  }
}

export function refusal(against: string, what: string): Refusal {
  return new Refusal(`--against ${against} ${what}`);
}
