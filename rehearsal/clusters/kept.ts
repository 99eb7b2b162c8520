import type { SelectedAddon } from "../../components/addons";

const DATA = "kept with the data of a tenant, who has not said `purge: true`";

/**
 * Why an object stays, as the inventory names it; `undefined` where nothing says that it may. An add-on that keeps its kinds
 * keeps all of its API groups, also those that the program makes no objects of.
 */
export function reasons(
  selected: readonly SelectedAddon[],
  kept: ReadonlySet<string>,
): (object: string) => string | undefined {
  const objects = new Map(selected.flatMap(({ addon }) => Object.entries(addon.leaves ?? {})));
  const groups = selected.flatMap(({ addon, config }) => {
    const why = addon.keepsKinds?.(config);
    return why === undefined ? [] : addon.kinds.map(({ group }) => ({ group, why }));
  });
  return (object) => {
    const [, definition] = /^CustomResourceDefinition [^.]+\.(.+)$/.exec(object) ?? [];
    const owner = groups.find(({ group }) => definition === group || definition?.endsWith(`.${group}`));
    return objects.get(object) ?? owner?.why ?? (kept.has(object) ? DATA : undefined);
  };
}
