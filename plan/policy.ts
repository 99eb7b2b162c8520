import { evaluate, type PackConfig, type RecordedResource } from "../policy/evaluate";
import type { PlanResource, PolicyVerdict } from "./model";
import { type Graph, key } from "./program/graph";

/**
 * What the policy pack says of a run: the same rules and messages as in a preview.
 * @param resources The run's resources as the plan has them, in the order of the graph.
 * @param config The stack's configuration of the pack. Default: none.
 */
export function policyVerdict(
  graph: Graph,
  resources: readonly PlanResource[],
  config: PackConfig = {},
): PolicyVerdict {
  const { rules, violations, exempted } = evaluate(recordedOf(graph, resources), { config });
  return {
    rules: rules.length,
    violations: violations.map(({ urn, ...rest }) => (urn === "" ? rest : { urn, ...rest })),
    exemptions: exempted.map(({ rule, urn, message, reason, expires }) => ({ rule, urn, message, reason, expires })),
  };
}

/** Resources as the pack is asked about them, with the URNs of the plan. */
function recordedOf(graph: Graph, resources: readonly PlanResource[]): RecordedResource[] {
  const urns = new Map(graph.resources.map((one, index) => [one.urn, resources[index]?.urn ?? one.urn]));
  const byKey = new Map(graph.resources.map((one) => [key(one), urns.get(one.urn) ?? one.urn]));
  return graph.resources.map(({ urn, type, name, wire, protect, providerUrn, dependencies }) => ({
    urn: urns.get(urn) ?? urn,
    type,
    name,
    wire,
    protect,
    ...(providerUrn !== undefined && { provider: urns.get(providerUrn) }),
    dependencies: dependencies.flatMap((label) => byKey.get(label) ?? []),
  }));
}
