import type * as pulumi from "@pulumi/pulumi";
import { type FleetPlan, planFleet } from "../../components/fleet";
import { Refusal, SettingsError } from "../../components/settings";
import openchoreo from "../../index";
import type { Override } from "../../rehearsal/args";
import { type CheckedStack, readStack } from "../../rehearsal/stack-file";
import { mockCall } from "./aws";
import { isObject, type Json } from "./json";
import { mockResource, type Stacks } from "./mocks";
import { offlineConfig, offlineProbe } from "./offline";
import { type Run, tryProgram } from "./run";

/** What is planned. */
export interface StackCall {
  /** The project's folder. */
  readonly root: string;
  readonly stack: string;
  /** Settings to change. Default: none. */
  readonly set?: readonly Override[];
  /** Whether providers compute nothing, so that what arrives late is not known. Default: false. */
  readonly preview?: boolean;
  /** Providers other than those that compute placeholders. */
  readonly mocks?: (stacks: Stacks) => pulumi.runtime.Mocks;
}

/** A stack whose program has run on mocks. */
export interface RanStack {
  readonly settings: CheckedStack["settings"];
  readonly fleet: FleetPlan;
  readonly run: Run;
}

/**
 * Runs the program of a stack in this process. What it refers to in other stacks is planned first.
 * @throws SettingsError, Refusal for what the user has to mend.
 */
export function runStackOffline(call: StackCall): Promise<RanStack> {
  return runBelow(call, []);
}

/** @param above Stacks that wait for this one. */
async function runBelow(call: StackCall, above: readonly string[]): Promise<RanStack> {
  const { root, stack, set = [], preview = false } = call;
  const checked = readStack(root, stack, set);
  if ("problems" in checked) throw new SettingsError(checked.problems);
  const { config, secrets } = offlineConfig(checked);
  const stacks = await outputsOf(referencesIn(checked.config), { ...call, set: [], preview: false }, [...above, stack]);
  const mocks = call.mocks?.(stacks) ?? {
    newResource: (resource: pulumi.runtime.MockResourceArgs) => mockResource(resource, stacks, preview),
    call: mockCall,
  };
  const program = () => openchoreo({ root, probe: offlineProbe, last: async () => undefined });
  const args = { stack, config, secrets, stacks, mocks, preview };
  const run = await tryProgram(program, { ...args, frames: 0 });
  const [error] = run.errors;
  if (error instanceof Refusal) throw error;
  // A bug of the program: once more, to see where it is.
  if (error !== undefined) throw (await tryProgram(program, { ...args, frames: 50 })).errors[0] ?? error;
  return { settings: checked.settings, fleet: planFleet(checked.settings, stack), run };
}

/** Outputs of other stacks by their full names. */
async function outputsOf(names: readonly string[], call: StackCall, above: readonly string[]): Promise<Stacks> {
  const found: Record<string, Json> = {};
  for (const name of names) {
    const stack = name.split("/").at(-1) ?? name;
    if (above.includes(stack)) {
      throw new Refusal(`stacks refer to each other in a circle: ${[...above, stack].join(" → ")}`);
    }
    try {
      found[name] = plain((await runBelow({ ...call, stack }, above)).run.outputs);
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      throw new SettingsError(error.problems, `settings of stack ${name}, which ${above.at(-1)} refers to`);
    }
  }
  return found;
}

/** Full names of other stacks in a configuration: values of `stack`, and `stack://organization/project/stack/…`. */
export function referencesIn(value: unknown): string[] {
  return [...new Set(referencesBelow(value, ""))].sort();
}

const FULL_NAME = "[^/\\s]+/[^/\\s]+/[^/\\s]+";
const REFERENCE = new RegExp(`^stack://(${FULL_NAME})`);
const NAME = new RegExp(`^(${FULL_NAME})$`);

function referencesBelow(value: unknown, key: string): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => referencesBelow(each, key));
  if (isObject(value)) return Object.entries(value).flatMap(([name, each]) => referencesBelow(each, name));
  if (typeof value !== "string") return [];
  const [, found] = REFERENCE.exec(value) ?? (key === "stack" ? NAME.exec(value) : null) ?? [];
  return found === undefined ? [] : [found];
}

/** Outputs as a stack reference gives them. */
function plain(outputs: Json): Json {
  const open = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(open);
    if (!isObject(value)) return value;
    if (Object.keys(value).join() === "secret") return open(value.secret);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, open(inner)]));
  };
  return open(outputs) as Json;
}
