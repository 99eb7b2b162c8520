/** A stack's state as `pulumi stack export` writes it, as far as moving resources is about it. */
export interface StackState {
  readonly version: number;
  /** What its resources make use of, from version 4 on. */
  readonly features?: readonly string[];
  readonly deployment: Deployment;
}

export interface Deployment {
  readonly resources?: readonly StateResource[];
  /** Operations that were under way when the engine was killed. */
  readonly pending_operations?: readonly unknown[];
  readonly [other: string]: unknown;
}

export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly parent?: string;
  /** URN and id, joined by `::`. */
  readonly provider?: string;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>>;
  readonly deletedWith?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly [other: string]: unknown;
}

/** A state that cannot be worked with: the message says which and why. */
export class StateError extends Error {}

export const STACK_TYPE = "pulumi:pulumi:Stack";
const PROVIDER = /^pulumi:providers:/;

export function resourcesOf({ deployment }: StackState): readonly StateResource[] {
  return deployment.resources ?? [];
}

export function isProvider({ type }: StateResource): boolean {
  return PROVIDER.test(type);
}

/** Whether there is nothing in a state but what holds other things, so that nothing is lost with it. */
export function isEmpty(state: StackState): boolean {
  return resourcesOf(state).every((one) => one.type === STACK_TYPE || isProvider(one) || one.external === true);
}

/** The tenant that each resource belongs to, by URN: it is said by the component at the top of the resource's branch. */
export function ownersOf(resources: readonly StateResource[]): ReadonlyMap<string, string> {
  const byUrn = new Map(resources.map((one) => [one.urn, one]));
  const owners = new Map<string, string>();
  for (const one of resources) {
    const { outputs } = topOf(one, byUrn);
    if (typeof outputs?.tenant === "string") owners.set(one.urn, outputs.tenant);
  }
  return owners;
}

/** The ancestor that is a child of the stack. */
function topOf(resource: StateResource, byUrn: ReadonlyMap<string, StateResource>): StateResource {
  let top = resource;
  for (;;) {
    const parent = top.parent === undefined ? undefined : byUrn.get(top.parent);
    if (parent === undefined || parent.type === STACK_TYPE) return top;
    top = parent;
  }
}

/** Tenants that a state holds, by the number of their resources. */
export function tenantsIn(state: StackState): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const tenant of ownersOf(resourcesOf(state)).values()) counts.set(tenant, (counts.get(tenant) ?? 0) + 1);
  return counts;
}

/** @throws StateError where operations were under way when the engine was killed. */
export function refusePending(stack: string, { deployment }: StackState): void {
  const pending = deployment.pending_operations?.length ?? 0;
  if (pending === 0) return;
  throw new StateError(
    `stack ${stack} has ${pending} pending operations, so nobody knows what is in its clusters; ` +
      `end them first: pulumi refresh --stack ${stack}`,
  );
}
