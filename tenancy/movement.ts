import { placedIn, SettingsError, type Sharding, shardOf, shardStack } from "../components/settings";
import { type Base, shardsOf, writeShardFile, writeSharding } from "./base";
import { type Place, workFolder } from "./run";
import { backupFolder, openState, type StateFile } from "./state/files";
import { isEmpty, refusePending, type StackState, tenantsIn } from "./state/state";
import { prepareTransfer } from "./state/transfer";

/** Tenants that go from one stack to another. */
export interface Movement {
  readonly from: string;
  readonly to: string;
  readonly tenants: readonly string[];
}

/** What moving came to. */
export interface MovedTenants {
  readonly base: Base;
  readonly resources: number;
  /** Stacks whose states changed; a preview of them has to show no change. */
  readonly changed: readonly string[];
  /** Where the states are as they were; absent where nothing had to move. */
  readonly backups?: string;
}

/** Settings that place a tenant: by a pin, unless the hash of its name says the same. */
export function pinned(tenant: string, shard: number, { count, pins }: Sharding): Sharding {
  const { [tenant]: _, ...others } = pins;
  return { count, pins: shardOf(tenant, count) === shard ? others : { ...others, [tenant]: shard } };
}

/** Settings with another number of shards. Pins to shards that are no longer there are dropped. */
export function counted({ pins }: Sharding, count: number): Sharding {
  const kept = Object.entries(pins).filter(([tenant, shard]) => shard < count && shardOf(tenant, count) !== shard);
  return { count, pins: Object.fromEntries(kept) };
}

/**
 * What has to move, by what the states hold and where settings place it. So a move that was interrupted is seen for what
 * is left of it.
 * @param held Tenants in the state of each stack.
 */
export function movements(
  { name, names, sharding }: Pick<Base, "name" | "names" | "sharding">,
  held: ReadonlyMap<string, readonly string[]>,
): Movement[] {
  const moves = new Map<string, Movement & { readonly tenants: string[] }>();
  for (const [from, tenants] of held) {
    for (const tenant of tenants.filter((one) => names.includes(one))) {
      const to = shardStack(name, placedIn(tenant, sharding));
      if (to === from) continue;
      const move = moves.get(`${from} ${to}`) ?? { from, to, tenants: [] };
      move.tenants.push(tenant);
      moves.set(`${from} ${to}`, move);
    }
  }
  return [...moves.values()];
}

/** Moves one tenant to another shard, and pins it there. */
export async function moveTenant(
  place: Place,
  base: Base,
  { tenant, from, to }: { readonly tenant: string; readonly from: number; readonly to: number },
): Promise<MovedTenants> {
  const { names, sharding } = base;
  const problem = (message: string) => new SettingsError([{ path: `tenant ${tenant}`, message }]);
  if (!names.includes(tenant)) throw problem(`there is none of that name; there are ${names.join(", ")}`);
  const missing = [from, to].find((shard) => shard >= sharding.count);
  if (missing !== undefined)
    throw problem(`there is no shard ${missing}; they are numbered 0 to ${sharding.count - 1}`);
  const placed = placedIn(tenant, sharding);
  // Pinned to the target already: a move that was interrupted.
  if (placed !== from && placed !== to) throw problem(`is in shard ${placed}, not in ${from}`);
  const next = { ...base, sharding: pinned(tenant, to, sharding) };
  const stacks = [from, to].map((shard) => shardStack(base.name, shard));
  return settle(place, next, { stacks, tenants: [tenant] });
}

/**
 * Changes the number of shards, and moves what is then in the wrong one; the first time out of the platform's own stack.
 * Of shards that are no longer there the stacks are removed, once nothing is in them.
 */
export async function reshard(place: Place, base: Base, count: number): Promise<MovedTenants> {
  const next = { ...base, sharding: counted(base.sharding, count) };
  const most = Math.max(count, base.sharding.count);
  const shards = Array.from({ length: most }, (_, shard) => shardStack(base.name, shard));
  const stacks = base.hasPlatform ? [base.name, ...shards] : shards;
  const moved = await settle(place, next, { stacks, tenants: base.names });
  for (const stack of shards.slice(count)) await removeEmpty(place, base, stack);
  return moved;
}

interface Settling {
  /** Stacks to look at. */
  readonly stacks: readonly string[];
  /** Tenants that may move. */
  readonly tenants: readonly string[];
}

/** First everything is looked at, then settings are written, then each pair of states, after a backup of both. */
async function settle(place: Place, next: Base, { stacks, tenants }: Settling): Promise<MovedTenants> {
  const { project = place.root, say } = place;
  const states = new States(project, next);
  const held = new Map<string, readonly string[]>();
  for (const stack of stacks) held.set(stack, await states.tenants(stack));
  const moves = movements({ ...next, names: tenants }, held);
  writeSharding(project, next.name, next.sharding);
  for (const shard of shardsOf(next)) writeShardFile(project, next, shard);
  const backups = backupFolder(workFolder(place, next));
  let resources = 0;
  for (const { from, to, tenants: moving } of moves) {
    const [source, target] = [await states.open(from), await states.open(to)];
    // The same stack may take part in several moves.
    const folder = `${backups}/${from}-to-${to}`;
    const ready = await prepareTransfer({ from: source, to: target, tenants: moving, backups: folder });
    await ready.commit();
    resources += ready.resources;
    say(`${from} → ${to}: ${moving.join(", ")}, ${ready.resources} resources`);
  }
  const changed = [...new Set(moves.flatMap(({ from, to }) => [from, to]))];
  return { base: next, resources, changed, ...(moves.length > 0 ? { backups } : {}) };
}

/** The states of a base's stacks, each opened once. */
class States {
  private readonly known = new Map<string, StateFile>();

  constructor(
    private readonly project: string,
    private readonly base: Base,
  ) {}

  async open(stack: string): Promise<StateFile> {
    const known = this.known.get(stack) ?? (await openShard(this.project, this.base, stack));
    this.known.set(stack, known);
    return known;
  }

  /** Tenants that a state holds. @throws StateError where it has pending operations. */
  async tenants(stack: string): Promise<string[]> {
    const state: StackState = await (await this.open(stack)).read();
    refusePending(stack, state);
    return [...tenantsIn(state).keys()];
  }
}

/** Opens the state of a shard, or of the base itself. */
function openShard(project: string, base: Base, stack: string): Promise<StateFile> {
  const index = Number(/-tenants-(\d+)$/.exec(stack)?.[1]);
  if (stack !== base.name) writeShardFile(project, base, { index, stack });
  const { secretsProvider } = base;
  return openState({ stack, project, ...(secretsProvider === undefined ? {} : { secretsProvider }) });
}

async function removeEmpty({ project, root, say }: Place, base: Base, stack: string): Promise<void> {
  const state = await openShard(project ?? root, base, stack);
  if (isEmpty(await state.read())) {
    await state.remove();
    say(`${stack}: removed, as nothing is in it any more`);
    return;
  }
  say(
    `${stack}: kept, as its state holds resources of no tenant that settings name; ` +
      `look at it, then: pulumi destroy --stack ${stack}`,
  );
}
