import type { Resource, StackView, TypeFilter } from "./rule";

/** A view of all resources of a stack, which looks for each set of types once. */
export function stackView(resources: readonly Resource[], today: string): StackView {
  const found = new Map<TypeFilter, readonly Resource[]>();
  return {
    today,
    resources,
    ofType: (types) => {
      const known = found.get(types) ?? resources.filter(({ type }) => types.matches(type));
      found.set(types, known);
      return known;
    },
  };
}
