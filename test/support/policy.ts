import type { RecordedResource } from "../../policy/evaluate";
import { type Graph, key } from "./graph";

/** A graph as the policy pack is asked about it. */
export function recordedOf(graph: Graph): RecordedResource[] {
  const urns = new Map(graph.resources.map((one) => [key(one), one.urn]));
  return graph.resources.map(({ urn, type, name, wire, protect, providerUrn, dependencies }) => ({
    urn,
    type,
    name,
    wire,
    protect,
    provider: providerUrn,
    dependencies: dependencies.flatMap((label) => urns.get(label) ?? []),
  }));
}
