import type { PlanResource } from "../model";
import { replacesOn } from "./force-new";
import type { Difference, Differences, PropertyDifference } from "./model";
import { changedProperties, shortValue } from "./properties";

/** A plan as far as it is compared. */
export interface Compared {
  readonly resources: readonly ComparedResource[];
}

/** Whoever waits for what is no difference, nor where it stands. */
type ComparedResource = Omit<PlanResource, "parent" | "dependsOn">;

/** Compares two plans of a stack. What only groups others is no difference by itself. */
export function compare(before: Compared, after: Compared, against: string): Differences {
  const [old, now] = [managed(before), managed(after)];
  const gone = [...old.values()].filter(({ urn }) => !now.has(urn)).map((one) => difference(one, "deleted"));
  const here = [...now.values()].flatMap((one): Difference[] => {
    const was = old.get(one.urn);
    if (was === undefined) return [difference(one, "created")];
    const properties = propertiesOf(was, one);
    if (properties.length === 0) return [];
    const kind = properties.some(({ replaces }) => replaces) ? "replaced" : "changed";
    return [{ ...difference(one, kind), properties }];
  });
  const resources = [...gone, ...here].sort((a, b) => (a.urn < b.urn ? -1 : 1));
  return { against, level: "values", unchanged: now.size - here.length, resources };
}

function managed({ resources }: Compared): ReadonlyMap<string, ComparedResource> {
  return new Map(resources.filter((one) => one.managed).map((one) => [one.urn, one]));
}

function difference(one: ComparedResource, kind: Difference["kind"]): Difference {
  const { urn, type, name, cluster, area, addon, tenant } = one;
  return { urn, type, name, cluster, area, addon, tenant, kind, properties: [] };
}

function propertiesOf(before: ComparedResource, after: ComparedResource): PropertyDifference[] {
  const inputs = changedProperties(before.inputs, after.inputs).map(({ path, before: was, after: is }) => ({
    path,
    ...(was !== undefined && { before: shortValue(was) }),
    ...(is !== undefined && { after: shortValue(is) }),
    replaces: replacesOn(after.type, path),
  }));
  const options = (["protect", "retainOnDelete"] as const).flatMap((path) =>
    before[path] === after[path]
      ? []
      : [{ path: `(option) ${path}`, before: String(before[path]), after: String(after[path]), replaces: false }],
  );
  return [...inputs, ...options];
}
