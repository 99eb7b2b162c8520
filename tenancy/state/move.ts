import {
  isProvider,
  ownersOf,
  refusePending,
  resourcesOf,
  STACK_TYPE,
  type StackState,
  StateError,
  type StateResource,
} from "./state";

/** One of the two stacks. */
export interface Side {
  /** Its name, without organization and project, as URNs have it. */
  readonly stack: string;
  readonly state: StackState;
}

/** What moving comes to: the states that both stacks are to have, and how many resources changed places. */
export interface Moved {
  readonly from: StackState;
  readonly to: StackState;
  readonly resources: number;
}

/**
 * Moves tenants' resources from the state of one stack to that of another. Nothing else is touched: no cluster hears of
 * it. URNs get the other stack's name, and resources the other stack's provider of the same name, or a copy of theirs
 * where that stack has had none.
 * @throws StateError where the states do not allow it.
 */
export function moveTenants(from: Side, to: Side, tenants: readonly string[]): Moved {
  for (const { stack, state } of [from, to]) refusePending(stack, state);
  const resources = resourcesOf(from.state);
  const owners = ownersOf(resources);
  const moves = (urn: string) => tenants.includes(owners.get(urn) ?? "");
  const moving = resources.filter(({ urn }) => moves(urn));
  const there = new Set(resourcesOf(to.state).map(({ urn }) => urn));
  const urn = renamer(from, to);
  const doubled = moving.filter((one) => there.has(urn(one.urn)));
  const arrived = new Set(doubled.map((one) => owners.get(one.urn)));
  // Of a move that was interrupted after its first half, the target has all; of anything else it has nothing.
  const half = moving.find((one) => arrived.has(owners.get(one.urn)) && !there.has(urn(one.urn)));
  if (half !== undefined) throw new StateError(`stack ${to.stack} has a part of ${owners.get(half.urn)} already`);
  const rest = resources.filter((one) => !moves(one.urn)).map((one) => withoutDependencies(one, moves));
  const source = withResources(from.state, listed(rest, tenants, "leave"));
  const coming = moving.filter((one) => !arrived.has(owners.get(one.urn)));
  if (coming.length === 0) return { from: source, to: to.state, resources: moving.length };
  const target = receive(resourcesOf(to.state), resources, coming, { urn, from, to });
  const arriving = { ...to.state, ...formOf(from.state, to.state) };
  return { from: source, to: withResources(arriving, listed(target, tenants, "come")), resources: moving.length };
}

/** The form of a state that holds resources of both: it names all features of either, also where none is left. */
function formOf(...states: readonly StackState[]): Pick<StackState, "version" | "features"> {
  const features = [...new Set(states.flatMap((state) => state.features ?? []))].sort();
  return { version: Math.max(...states.map(({ version }) => version)), ...(features.length > 0 && { features }) };
}

function withResources(state: StackState, resources: readonly StateResource[]): StackState {
  return { ...state, deployment: { ...state.deployment, resources } };
}

type Rename = (urn: string) => string;

/** A URN of one stack as the other one has it. */
function renamer(from: Pick<Side, "stack">, to: Pick<Side, "stack">): Rename {
  const [before, after] = [from, to].map(({ stack }) => `urn:pulumi:${stack}::`) as [string, string];
  return (urn) => {
    if (!urn.startsWith(before)) return urn;
    const [project = "", ...rest] = urn.slice(before.length).split("::");
    // The root's own name holds that of the stack.
    const root = rest.length === 2 && rest[0] === STACK_TYPE;
    return `${after}${[project, ...(root ? [STACK_TYPE, `${project}-${to.stack}`] : rest)].join("::")}`;
  };
}

interface Places {
  readonly urn: Rename;
  readonly from: Side;
  readonly to: Side;
}

/** The target's resources with those that come: first what holds them, in the order that they had. */
function receive(
  own: readonly StateResource[],
  source: readonly StateResource[],
  moving: readonly StateResource[],
  { urn, from }: Places,
): StateResource[] {
  const providers = new Map<string, string>(own.filter(isProvider).map((one) => [one.urn, referenceTo(one)]));
  const wanted = new Set(moving.flatMap(({ provider }) => provider ?? []));
  const root = own.length > 0 ? [] : source.filter(({ type }) => type === STACK_TYPE);
  if (own.length === 0 && root.length === 0) throw new StateError(`stack ${from.stack} has no root in its state`);
  const copied = source.filter(
    (one) => isProvider(one) && wanted.has(referenceTo(one)) && !providers.has(urn(one.urn)),
  );
  const known = new Set([...own.map((one) => one.urn), ...[...root, ...copied, ...moving].map((one) => urn(one.urn))]);
  const renamed = [...root.map(withoutOutputs), ...copied, ...moving].map((one) => {
    return renameResource(one, { urn, known, providers });
  });
  return [...own, ...renamed];
}

function referenceTo({ urn, id }: StateResource): string {
  return `${urn}::${id}`;
}

/** Outputs of the other stack are not this one's. */
function withoutOutputs({ outputs: _, ...root }: StateResource): StateResource {
  return { ...root, outputs: {} };
}

interface Renaming {
  readonly urn: Rename;
  /** URNs that the target has in the end. */
  readonly known: ReadonlySet<string>;
  /** References to the target's own providers, by URN. */
  readonly providers: ReadonlyMap<string, string>;
}

function renameResource(resource: StateResource, { urn, known, providers }: Renaming): StateResource {
  const all = rename(resource, urn) as StateResource;
  const { parent, provider } = all;
  if (parent !== undefined && !known.has(parent)) {
    throw new StateError(`${resource.urn} has a parent that stays: ${resource.parent}`);
  }
  const [owner = "", id = ""] = splitReference(provider);
  return {
    ...all,
    ...(provider === undefined ? {} : { provider: providers.get(owner) ?? `${owner}::${id}` }),
    // What it waited for may belong to a tenant that stays: the order of their creation no longer matters.
    ...dependenciesOf(all, (one) => known.has(one)),
  };
}

function splitReference(provider: string | undefined): readonly string[] {
  if (provider === undefined) return [];
  const end = provider.lastIndexOf("::");
  return [provider.slice(0, end), provider.slice(end + 2)];
}

/** Every URN in a value, wherever it stands; resource references in inputs and outputs among them. */
function rename(value: unknown, urn: Rename): unknown {
  if (typeof value === "string") return urn(value);
  if (Array.isArray(value)) return value.map((entry) => rename(entry, urn));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, rename(entry, urn)]));
}

type Dependencies = NonNullable<StateResource["propertyDependencies"]>;

function only(dependencies: Dependencies, keep: (urn: string) => boolean): Dependencies {
  return Object.fromEntries(Object.entries(dependencies).map(([key, urns]) => [key, urns?.filter(keep) ?? urns]));
}

/** A resource that stays, without what it waited for and has moved. */
function withoutDependencies(resource: StateResource, gone: (urn: string) => boolean): StateResource {
  return { ...resource, ...dependenciesOf(resource, (urn) => !gone(urn)) };
}

/** What a resource says of others, as far as those are there. */
function dependenciesOf(
  { dependencies, propertyDependencies, deletedWith }: StateResource,
  there: (urn: string) => boolean,
): Partial<StateResource> {
  return {
    ...(dependencies === undefined ? {} : { dependencies: dependencies.filter(there) }),
    ...(propertyDependencies === undefined ? {} : { propertyDependencies: only(propertyDependencies, there) }),
    ...(deletedWith === undefined || there(deletedWith) ? {} : { deletedWith: undefined }),
  };
}

/** Name of the stack's output that lists its tenants; the program compares it with what settings say (components/stacks). */
const OUTPUT = "tenants";

/** The root's list of tenants, by which the program knows that a tenant of another shard has not been moved yet. */
function listed(
  resources: readonly StateResource[],
  tenants: readonly string[],
  what: "come" | "leave",
): readonly StateResource[] {
  return resources.map((one) => {
    if (one.type !== STACK_TYPE) return one;
    const before = Array.isArray(one.outputs?.[OUTPUT]) ? one.outputs[OUTPUT].map(String) : [];
    const others = before.filter((tenant) => !tenants.includes(tenant));
    const after = what === "come" ? [...others, ...tenants].sort() : others;
    return { ...one, outputs: { ...one.outputs, [OUTPUT]: after } };
  });
}
