import { makePlan } from "../../plan/make";
import type { Plan } from "../../plan/model";
import { ROOT } from "./stack";

const made = new Map<string, Promise<Plan>>();

/** The plan of a stack of this repository; made once, as it takes seconds. */
export function planned(stack: string): Promise<Plan> {
  const known = made.get(stack) ?? makePlan({ root: ROOT, stack });
  made.set(stack, known);
  return known;
}
