import { isRendered } from "./rendered";
import type { Resource, StackView, TypeFilter } from "./rule";

/** A view of all resources of a stack, which looks for each set of types once. */
export function stackView(resources: readonly Resource[], today: string): StackView {
  const own = resources.filter((one) => !isRendered(one));
  const found = new Map<TypeFilter, readonly Resource[]>();
  return {
    today,
    resources: own,
    ofType: (types) => {
      const known = found.get(types) ?? own.filter(({ type }) => types.matches(type));
      found.set(types, known);
      return known;
    },
  };
}
