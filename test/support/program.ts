import * as pulumi from "@pulumi/pulumi";
import type {
  RegisterResourceOutputsRequest as OutputsRequest,
  ReadResourceRequest as ReadRequest,
  RegisterResourceRequest,
  RegisterResourceResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import type { AwaitedObject, ClusterProbe } from "../../components/clusters";
import { mockCall } from "./aws";
import { type Graph, key, type Request, readable, readGraph } from "./graph";
import { mockResource, type Stacks } from "./mocks";
import type { Json } from "./settings";

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
}

/** What a run left behind. */
export interface Run {
  readonly graph: Graph;
  /** The stack's outputs as they travel, see {@link Registered.inputs}; none where it failed. */
  readonly outputs: Json;
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
  const { stack = "test", config = {}, secrets, stacks = {}, preview = false } = args;
  const newResource = (resource: pulumi.runtime.MockResourceArgs) => mockResource(resource, stacks, preview);
  const mocks = args.mocks ?? { newResource, call: mockCall };
  await pulumi.runtime.setMocks(mocks, "openchoreo", stack, preview, "acme");
  pulumi.runtime.setAllConfig(texts(config), secrets === undefined ? undefined : [...secrets]);
  const recorded = record();
  const restore = shortStacks();
  const { said, hush } = listen();
  const errors = await collectErrors(async (failed) => {
    // Components register children as values arrive: `disconnect` waits until none is under way.
    const whole = pulumi.runtime.runInPulumiStack(program).finally(() => pulumi.runtime.disconnect());
    await Promise.race([whole, failed.then(() => quiet(recorded))]);
  });
  restore();
  hush();
  // What waited for the resource that failed waits for ever: Pulumi would exit, and count it as a leak.
  if (errors.length > 0)
    await pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) });
  const { requests, reads, outputs } = recorded;
  return { graph: readGraph(requests), outputs: errors.length > 0 ? {} : outputs, reads, said, errors };
}

/**
 * Mocha removes the limit of stack traces, and Pulumi takes one at every promise, mapped to sources: a run would last
 * three times as long.
 */
function shortStacks(): () => void {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 2;
  process.setSourceMapsEnabled(false);
  return () => {
    Error.stackTraceLimit = stackTraceLimit;
    process.setSourceMapsEnabled(true);
  };
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

type Answer = (error: unknown, response: RegisterResourceResponse) => void;

interface Recorded {
  readonly requests: Request[];
  readonly reads: string[];
  outputs: Json;
}

/** Keeps every request that reaches the monitor: unlike a mock's arguments it has parent, provider and dependencies. */
function record(): Recorded {
  const recorded: Recorded = { requests: [], reads: [], outputs: {} };
  const monitor = pulumi.runtime.getMonitor();
  if (monitor === undefined) throw new Error("no mocks");
  const register = monitor.registerResource.bind(monitor) as (
    request: RegisterResourceRequest,
    answer: Answer,
  ) => unknown;
  const read = monitor.readResource.bind(monitor) as (request: ReadRequest, answer: unknown) => unknown;
  const end = monitor.registerResourceOutputs.bind(monitor) as (request: OutputsRequest, answer: unknown) => unknown;
  Object.assign(monitor, {
    registerResource: (request: RegisterResourceRequest, answer: Answer) =>
      register(request, (error, response) => {
        if (!error) recorded.requests.push([response.getUrn(), request]);
        answer(error, response);
      }),
    readResource: (request: ReadRequest, answer: unknown) => {
      recorded.reads.push(key({ type: request.getType(), name: request.getName() }));
      return read(request, answer);
    },
    // The SDK's mocks say that they know error hooks, and do not.
    registerErrorHook: (_: unknown, answer: (error: null, response: object) => void) => answer(null, {}),
    registerResourceOutputs: (request: OutputsRequest, answer: unknown) => {
      const outputs = readable(request.getOutputs()?.toJavaScript() ?? {}) as Json;
      if (request.getUrn().includes("::pulumi:pulumi:Stack::")) recorded.outputs = outputs;
      return end(request, answer);
    },
  });
  return recorded;
}

/**
 * Runs `action` as Pulumi's runtime does: a rejection that nobody handles is an error of the program. Mocha would take
 * it for one of the test's.
 */
async function collectErrors(action: (failed: Promise<void>) => Promise<void>): Promise<Error[]> {
  const errors = new Set<unknown>();
  const others = process.listeners("unhandledRejection");
  let fail = () => {};
  const failed = new Promise<void>((resolve) => {
    fail = resolve;
  });
  const collect = (reason: unknown) => {
    errors.add(reason);
    fail();
  };
  process.removeAllListeners("unhandledRejection").on("unhandledRejection", collect);
  try {
    await action(failed).catch(collect);
    // Node reports rejections after the microtasks of the turn in which they happened.
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.removeListener("unhandledRejection", collect);
    for (const other of others) process.on("unhandledRejection", other);
  }
  return [...errors].map((error) => (error instanceof Error ? error : new Error(String(error))));
}

/** What a probe was asked. */
export interface Asked {
  readonly endpoints: string[];
  readonly kinds: string[];
  /** As `Kind namespace/name`. */
  readonly workloads: string[];
  /** As `plural/name: Condition=Status, …`. */
  readonly objects: string[];
}

function awaitedText({ plural, name, True = [], False = [] }: AwaitedObject): string {
  const conditions = [...True.map((type) => `${type}=True`), ...False.map((type) => `${type}=False`)];
  return `${plural}/${name}: ${conditions.join(", ")}`;
}

/** A probe that reaches everything but the hosts in `unreachable`, and finds everything there; it keeps what it was asked. */
export function fakeProbe(
  unreachable: Readonly<Record<string, string>> = {},
): ClusterProbe & { readonly asked: Asked } {
  const asked: Asked = { endpoints: [], kinds: [], workloads: [], objects: [] };
  return {
    asked,
    unreachable: async ({ host, port }) => {
      asked.endpoints.push(`${host}:${port}`);
      return unreachable[host];
    },
    established: async (_kubeconfig, names) => {
      asked.kinds.push(...names);
    },
    ready: async (_kubeconfig, workloads) => {
      asked.workloads.push(...workloads.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`));
    },
    met: async (_kubeconfig, objects) => {
      asked.objects.push(...objects.map(awaitedText));
    },
  };
}
