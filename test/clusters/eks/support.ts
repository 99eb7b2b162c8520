import { runFleet } from "../../support/fleet";
import type { Graph, Registered } from "../../support/graph";
import { type Edits, type Json, ON_EKS, PRODUCTION_ON_EKS } from "../../support/settings";

/** The graph of the good settings on EKS, after more edits. */
export async function eksGraph(edits: Edits = {}): Promise<Graph> {
  return (await runFleet({ ...ON_EKS, ...edits })).graph;
}

/** The same in production. */
export async function productionGraph(edits: Edits = {}): Promise<Graph> {
  return (await runFleet({ ...PRODUCTION_ON_EKS, ...edits })).graph;
}

/** One statement of a policy document. */
export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: Json;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Json;
}

/** The statements of a policy document in JSON. */
export function statements(policy: unknown): readonly Statement[] {
  return (JSON.parse(String(policy)) as { Statement: readonly Statement[] }).Statement;
}

/** Inputs that hold policy documents. */
const POLICIES = ["policy", "assumeRolePolicy"] as const;

/** Every policy document of the graph, with the resource that it belongs to. */
export function policies(graph: Graph): readonly (readonly [owner: string, Statement])[] {
  return awsResources(graph).flatMap((resource) =>
    POLICIES.flatMap((input) => {
      const document = resource.inputs[input];
      return document === undefined ? [] : statements(document).map((one) => [resource.name, one] as const);
    }),
  );
}

/** `aws:` and every type below it. */
export function awsResources(graph: Graph): Registered[] {
  return graph.resources.filter(({ type }) => type.startsWith("aws:"));
}
