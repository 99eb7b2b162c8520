import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest, RegisterResourceResponse } from "@pulumi/pulumi/proto/resource_pb";
import { type Request, requestOf } from "../../plan/program/graph";
import { isObject, type Json } from "../../plan/program/json";

type Answer = (error: unknown, response: RegisterResourceResponse) => void;
type Register = (request: RegisterResourceRequest, answer: Answer) => unknown;

/**
 * Keeps what the program that runs now asks the engine to register. Call it first in the program.
 * @returns The requests; it grows until the program has ended.
 */
export function recordRequests(): readonly Request[] {
  const requests: Request[] = [];
  const monitor = pulumi.runtime.getMonitor();
  if (monitor === undefined) throw new Error("no engine");
  const register = monitor.registerResource.bind(monitor) as Register;
  Object.assign(monitor, {
    registerResource: (request: RegisterResourceRequest, answer: Answer) =>
      register(request, (error, response) => {
        if (!error) requests.push(keptOf(response.getUrn(), request));
        answer(error, response);
      }),
  });
  return requests;
}

function keptOf(urn: string, request: RegisterResourceRequest): Request {
  const kept = requestOf(urn, request);
  return { ...kept, wire: withoutOutputValues(kept.wire) as Json };
}

const { specialSigKey, specialSecretSig, specialOutputValueSig } = pulumi.runtime;

/**
 * Inputs as they travel, with every output value as what it holds: only components that a provider makes are given
 * outputs as such, with what they depend on.
 * @throws Error for one that is not known yet: an up has none.
 */
export function withoutOutputValues(wire: unknown): unknown {
  if (Array.isArray(wire)) return wire.map(withoutOutputValues);
  if (!isObject(wire)) return wire;
  if (wire[specialSigKey] === specialOutputValueSig) {
    if (wire.value === undefined) throw new Error("an output that is not known cannot be written down");
    const value = withoutOutputValues(wire.value);
    return wire.secret === true ? { [specialSigKey]: specialSecretSig, value } : value;
  }
  return Object.fromEntries(Object.entries(wire).map(([key, value]) => [key, withoutOutputValues(value)]));
}
