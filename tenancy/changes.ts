/** What an operation did to how many resources. */
export interface Changes {
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
  readonly same: number;
}

export const NO_CHANGES: Changes = { created: 0, updated: 0, deleted: 0, same: 0 };

/** Sorts the engine's operations into the four that a report counts; a replacement is a deletion and a creation. */
export function countChanges(changes: Readonly<Record<string, number | undefined>>): Changes {
  const count = (...names: readonly string[]) => names.reduce((sum, name) => sum + (changes[name] ?? 0), 0);
  const replaced = count("replace");
  return {
    created: count("create", "import", "create-replacement") + replaced,
    updated: count("update", "refresh"),
    deleted: count("delete", "discard", "delete-replaced") + replaced,
    same: count("same", "read"),
  };
}

/** Several operations as one. */
export function addChanges(all: readonly Changes[]): Changes {
  return all.reduce(
    (sum, one) => ({
      created: sum.created + one.created,
      updated: sum.updated + one.updated,
      deleted: sum.deleted + one.deleted,
      same: sum.same + one.same,
    }),
    NO_CHANGES,
  );
}
