import * as pulumi from "@pulumi/pulumi";
import { shortStacks, withoutWalks } from "../../cli/lean";
import { mockCall } from "./aws";
import { collectErrors } from "./errors";
import { type Graph, readGraph } from "./graph";
import type { Json } from "./json";
import { mockResource, type Stacks } from "./mocks";
import { type Recorded, record } from "./record";

/** How a program runs on mocks. */
export interface RunArgs {
  /** Default: `test`. */
  readonly stack?: string;
  /** The project's configuration by full key; objects are given as they stand in YAML. */
  readonly config?: Json;
  /** Keys of `config` that hold secrets. */
  readonly secrets?: readonly string[];
  /** Outputs of other stacks. */
  readonly stacks?: Stacks;
  /** Default: false. */
  readonly preview?: boolean;
  /** Providers other than the usual mocks. */
  readonly mocks?: pulumi.runtime.Mocks;
  /** Frames that stack traces have: the SDK takes one at every promise. Default: 2. */
  readonly frames?: number;
}

/** What a run left behind. */
export interface Run {
  readonly graph: Graph;
  /** The stack's outputs as they travel, see {@link Registered.inputs}; none where it failed. */
  readonly outputs: Json;
  /** The outputs of each component, by its URN. */
  readonly componentOutputs: ReadonlyMap<string, Json>;
  /** What was read and not made, such as another stack: type and name. */
  readonly reads: readonly string[];
  /** What the program said, as Pulumi would print it. */
  readonly said: readonly string[];
  /** Every different error that Pulumi would print. */
  readonly errors: readonly Error[];
}

/** Runs `program` to its end, as Pulumi would, with every provider mocked; an error is thrown. */
export async function runProgram(program: () => Promise<object>, args: RunArgs = {}): Promise<Run> {
  const run = await tryProgram(program, args);
  const [error] = run.errors;
  if (error !== undefined) throw error;
  return run;
}

/** The same where errors are what is looked for. */
export async function tryProgram(program: () => Promise<object>, args: RunArgs = {}): Promise<Run> {
  const { stack = "test", config = {}, secrets, stacks = {}, preview = false, frames = 2 } = args;
  const newResource = (resource: pulumi.runtime.MockResourceArgs) => mockResource(resource, stacks, preview);
  const mocks = args.mocks ?? { newResource, call: mockCall };
  await pulumi.runtime.setMocks(mocks, "openchoreo", stack, preview, "acme");
  pulumi.runtime.setAllConfig(texts(config), secrets === undefined ? undefined : [...secrets]);
  const recorded = record();
  const restore = shortStacks(frames);
  const { said, hush } = listen();
  const errors = await withoutWalks(() =>
    collectErrors(async (failed) => {
      // Components register children as values arrive: `disconnect` waits until none is under way.
      const whole = pulumi.runtime.runInPulumiStack(program).finally(() => pulumi.runtime.disconnect());
      await Promise.race([whole, failed.then(() => quiet(recorded))]);
    }),
  );
  restore();
  hush();
  // What waited for the resource that failed waits for ever: Pulumi would exit, and count it as a leak.
  if (errors.length > 0)
    await pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) });
  const { requests, reads, outputs, said: componentOutputs } = recorded;
  const graph = readGraph(requests);
  return { graph, outputs: errors.length > 0 ? {} : outputs, componentOutputs, reads, said, errors };
}

/** Without an engine Pulumi prints what a program says, amid the tests' own output. */
function listen(): { readonly said: readonly string[]; readonly hush: () => void } {
  const said: string[] = [];
  const { log } = console;
  console.log = (...parts: unknown[]) => {
    const [, text] = /^info: \[runtime\] (.*)$/.exec(String(parts[0])) ?? [];
    if (text === undefined) log(...parts);
    else said.push(text);
  };
  return {
    said,
    hush: () => {
      console.log = log;
    },
  };
}

/** Resolves when nothing was registered for a while. */
async function quiet({ requests }: Recorded): Promise<void> {
  for (let before = -1; before !== requests.length; ) {
    before = requests.length;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Pulumi's configuration holds texts: objects travel as JSON. */
function texts(config: Json): Record<string, string> {
  const entries = Object.entries(config).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}
