import type { Plan } from "../model";
import { compare } from "./compare";
import { impactOf } from "./impact";
import { otherPlan } from "./other";
import { withRendered } from "./rendered";

/** What a comparison asks for. */
export interface AgainstCall {
  readonly root: string;
  readonly stack: string;
  readonly against: string;
  /** Directory of packaged charts. Default: none, and values are compared. */
  readonly charts?: string;
}

/** Adds to a plan what differs from another one, and for whom. */
export async function withDifferences(plan: Promise<Plan>, call: AgainstCall): Promise<Plan> {
  // Both at once: the other one is made by a process of its own.
  const [after, { plan: before, name }] = await Promise.all([plan, otherPlan(call)]);
  const values = compare(before, after, name);
  const { charts, root } = call;
  const differences = charts === undefined ? values : await withRendered(values, { charts, root, before, after });
  return { ...after, differences, impact: impactOf(before, after, differences) };
}
