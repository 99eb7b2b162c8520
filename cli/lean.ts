import { Resource } from "@pulumi/pulumi";

/**
 * Runs `action` while nobody sees the fields of a resource by `Object.keys`. The SDK looks for unknown values in whatever
 * an output holds; where that is a list of resources, it walks through each of them, its parents, their children and all
 * their outputs, over and over: a third of the time of a large stack. A resource has no unknown value as a field, so that
 * nothing is missed.
 */
export async function withoutWalks<T>(action: () => Promise<T>): Promise<T> {
  const { keys } = Object;
  Object.keys = (value: object) => (value instanceof Resource ? [] : keys(value));
  try {
    return await action();
  } finally {
    Object.keys = keys;
  }
}

/**
 * Has stack traces be `frames` long, and not mapped to sources. The SDK takes one at every promise, and mocha removes their
 * limit: a run on mocks would last three times as long.
 * @returns What makes them as they were.
 */
export function shortStacks(frames: number): () => void {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = frames;
  process.setSourceMapsEnabled(false);
  return () => {
    Error.stackTraceLimit = stackTraceLimit;
    process.setSourceMapsEnabled(true);
  };
}

/**
 * Has resources not say where in the program they were made. The SDK takes a whole stack trace for each of them, and the
 * engine keeps it in the state: a quarter of a tenant's state, which a backend without a service writes anew at every step.
 */
export function withoutTraces(): void {
  Object.assign(Resource, { callsites: () => [] });
  // Of an error its place alone is kept.
  shortStacks(1);
}
