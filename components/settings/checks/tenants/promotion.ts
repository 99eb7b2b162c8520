import { type Problem, pathOf } from "../../problems";
import type { TenantSettings } from "../../tenants";
import { own } from "./world";

/** Promotion comes from an environment of the tenant's, and never goes round in a circle. */
export function promotionProblems(tenant: string, settings: TenantSettings): Problem[] {
  const { environments } = settings;
  return Object.entries(environments).flatMap(([name, { promotesFrom }]) => {
    const path = pathOf("tenants", tenant, "environments", name, "promotesFrom");
    if (promotesFrom === undefined) return [];
    if (own(environments, promotesFrom) === undefined) {
      return [
        {
          path,
          message: `no environment "${promotesFrom}" here; it is one of ${Object.keys(environments).join(", ")}`,
        },
      ];
    }
    const circle = circleFrom(name, environments);
    // A circle is reported once, at the first of its environments.
    const first = Object.keys(environments).find((key) => circle.includes(key)) === name;
    return first ? [{ path, message: `promotion goes round in a circle: ${[...circle, name].join(" ← ")}` }] : [];
  });
}

/** The environments that promotion passes on its way back to `name`; empty where it does not come back. */
function circleFrom(name: string, environments: TenantSettings["environments"]): string[] {
  const chain = [name];
  let from = own(environments, name)?.promotesFrom;
  while (from !== undefined) {
    if (from === name) return chain;
    if (chain.includes(from)) return [];
    chain.push(from);
    from = own(environments, from)?.promotesFrom;
  }
  return [];
}
