import openchoreo from "../../index";
import { runFleet } from "./fleet";
import type { Stacks } from "./mocks";
import { fakeProbe, type Run, tryProgram } from "./program";
import { type Edits, type Json, switchOn } from "./settings";
import { ROOT } from "./stack";

/** Full name of the platform that {@link platform} makes. */
export const PLATFORM_STACK = "acme/openchoreo/test";

/** What matters to tenants on every cluster, and OpenChoreo. */
export const TENANT_PLATFORM: Edits = {
  ...switchOn("istiod", "ztunnel", "envoy-gateway", "openchoreo-control-plane", "openchoreo-data-plane"),
  ...switchOn("cloudnative-pg", "plugin-barman-cloud", "external-secrets"),
  "platform.clusters.east.network.eastWestAddress": "172.18.255.22",
  "platform.clusters.west.network.eastWestAddress": "172.18.255.23",
};

/** The outputs of a stack as another one reads them. */
export function outputsOf({ outputs }: Run): Json {
  return open(outputs) as Json;
}

function open(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(open);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  if (entries.length === 1 && "secret" in value) return open(value.secret);
  return Object.fromEntries(entries.map(([key, entry]) => [key, open(entry)]));
}

/** Brings up a platform with these tenants; its outputs by its full name. */
export async function platform(edits: Edits = {}): Promise<{ readonly run: Run; readonly stacks: Stacks }> {
  const run = await runFleet({ ...TENANT_PLATFORM, tenants: {}, ...edits });
  return { run, stacks: { [PLATFORM_STACK]: outputsOf(run) } };
}

/** A stack of tenants alone. */
export interface TenantStackArgs {
  readonly stacks: Stacks;
  readonly tenants: Json;
  readonly stack?: string;
  readonly platformStack?: string;
  readonly shard?: Json;
  /** Tenants in its state. */
  readonly before?: readonly string[];
  readonly unreachable?: Readonly<Record<string, string>>;
}

/** Runs the program with a stack of tenants alone; errors are in the run. */
export function tenantStack(args: TenantStackArgs): Promise<Run> {
  const { stacks, tenants, stack = "team", platformStack = PLATFORM_STACK, shard, before, unreachable } = args;
  const lastTenants = before && (async () => before);
  return tryProgram(() => openchoreo({ root: ROOT, probe: fakeProbe(unreachable), lastTenants }), {
    stack,
    stacks,
    config: {
      "pulumi:disable-default-providers": ["kubernetes", "aws"],
      "openchoreo:platformStack": platformStack,
      "openchoreo:tenants": tenants,
      "openchoreo:shard": shard,
    },
  });
}

/** The same where it has to work. */
export async function runTenantStack(args: TenantStackArgs): Promise<Run> {
  const run = await tenantStack(args);
  const [error] = run.errors;
  if (error !== undefined) throw error;
  return run;
}
