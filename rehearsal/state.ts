/** A resource of the stack's state, as far as a destroy is about it. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** What it is in a cluster, as the inventory names it: `Kind namespace/name`; absent of what is in none. */
  readonly object?: string;
}

/** A resource as an exported state has it. */
export interface Exported extends Partial<Omit<StateResource, "object">> {
  readonly inputs?: {
    readonly kind?: unknown;
    readonly metadata?: { readonly name?: unknown; readonly namespace?: unknown };
  };
}

/** The resources of an exported state. */
export function stateResources(exported: readonly Exported[]): StateResource[] {
  return exported.map(({ urn = "", type = "", protect = false, retainOnDelete = false, inputs }) => {
    return { urn, type, protect, retainOnDelete, ...objectOf(type, inputs) };
  });
}

function objectOf(type: string, inputs: Exported["inputs"]): Pick<StateResource, "object"> {
  const { name, namespace } = inputs?.metadata ?? {};
  if (!type.startsWith("kubernetes:") || typeof inputs?.kind !== "string" || typeof name !== "string") return {};
  return { object: `${inputs.kind} ${typeof namespace === "string" ? `${namespace}/` : ""}${name}` };
}
