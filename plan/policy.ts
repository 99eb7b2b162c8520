import type { PlanResource, PolicyVerdict } from "./model";

/** What the policy pack says of a plan's resources. */
export function policyVerdict(resources: readonly PlanResource[]): PolicyVerdict {
  void resources;
  return { rules: 0, violations: [], exemptions: [] };
}
