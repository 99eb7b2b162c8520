import type { PlanResource } from "../../plan/model";

/** A resource of a plan, on cluster `east`. */
export function planResource(
  name: string,
  type: string,
  inputs: PlanResource["inputs"],
  more: Partial<PlanResource> = {},
): PlanResource {
  return {
    urn: `urn:pulumi:test::openchoreo::${type}::${name}`,
    type,
    name,
    inputs,
    cluster: "east",
    area: "networking",
    dependsOn: [],
    managed: true,
    protect: false,
    retainOnDelete: false,
    ...more,
  };
}
