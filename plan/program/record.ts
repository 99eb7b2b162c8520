import * as pulumi from "@pulumi/pulumi";
import type {
  RegisterResourceOutputsRequest as OutputsRequest,
  ReadResourceRequest as ReadRequest,
  RegisterResourceRequest,
  RegisterResourceResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import { key, type Request, readable, requestOf } from "./graph";
import type { Json } from "./json";

type Answer = (error: unknown, response: RegisterResourceResponse) => void;

/** What reached the monitor so far. */
export interface Recorded {
  readonly requests: Request[];
  readonly reads: string[];
  /** Outputs of components, by URN. */
  readonly said: Map<string, Json>;
  outputs: Json;
}

/** Keeps every request that reaches the monitor: unlike a mock's arguments it has parent, provider and dependencies. */
export function record(): Recorded {
  const recorded: Recorded = { requests: [], reads: [], said: new Map(), outputs: {} };
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
        if (!error) recorded.requests.push(requestOf(response.getUrn(), request));
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
      else recorded.said.set(request.getUrn(), outputs);
      return end(request, answer);
    },
  });
  return recorded;
}
