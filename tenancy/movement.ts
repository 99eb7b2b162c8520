import { placedIn, SettingsError, type Sharding, shardOf, shardStack } from "../components/settings";
import { type Base, shardsOf, writeShardFile, writeSharding } from "./base";
import type { Place } from "./run";
import { workFolder } from "./run";
import { backupFolder, openState, type StateFile } from "./state/files";
import { isEmpty } from "./state/state";
import { prepareTransfer, type Transfer } from "./state/transfer";

/** Tenants that change shards: from where to where. */
export interface Movement {
  readonly from: number;
  readonly to: number;
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

/** Where a tenant is to be, as settings say it: by a pin, unless the hash of its name says the same. */
export function pinned(tenant: string, shard: number, { count, pins }: Sharding): Sharding {
  const { [tenant]: _, ...others } = pins;
  return { count, pins: shardOf(tenant, count) === shard ? others : { ...others, [tenant]: shard } };
}

/** Tenants that another number of shards moves, by pairs of shards. Pins to shards that are no longer there are dropped. */
export function movements(
  names: readonly string[],
  before: Sharding,
  count: number,
): { after: Sharding; moves: Movement[] } {
  const pins = Object.fromEntries(
    Object.entries(before.pins).filter(([tenant, shard]) => shard < count && shardOf(tenant, count) !== shard),
  );
  const after = { count, pins };
  const moves = new Map<string, { from: number; to: number; tenants: string[] }>();
  for (const tenant of names) {
    const [from, to] = [placedIn(tenant, before), placedIn(tenant, after)];
    if (from === to) continue;
    const key = `${from} ${to}`;
    const move = moves.get(key) ?? { from, to, tenants: [] };
    move.tenants.push(tenant);
    moves.set(key, move);
  }
  return { after, moves: [...moves.values()].sort((a, b) => a.from - b.from || a.to - b.to) };
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
  return move(place, base, { after: pinned(tenant, to, sharding), moves: [{ from, to, tenants: [tenant] }] });
}

/** Changes the number of shards. Of shards that are no longer there the stacks are removed, once nothing is in them. */
export async function reshard(place: Place, base: Base, count: number): Promise<MovedTenants> {
  const { after, moves } = movements(base.names, base.sharding, count);
  const moved = await move(place, base, { after, moves });
  for (const { stack } of shardsOf(base).slice(count)) await removeEmpty(place, base, stack);
  return moved;
}

/** First everything is looked at and backed up, then settings are written, then states. */
async function move(
  place: Place,
  base: Base,
  { after, moves }: { readonly after: Sharding; readonly moves: readonly Movement[] },
): Promise<MovedTenants> {
  const { project = place.root, say } = place;
  const next = { ...base, sharding: after };
  const backups = backupFolder(workFolder(place, base));
  const states = new States(project, next);
  let resources = 0;
  const changed = new Set<string>();
  let written = false;
  for (const one of moves) {
    const [from, to] = [await states.open(one.from), await states.open(one.to)];
    const ready = await prepareTransfer({ from, to, tenants: one.tenants, backups: folderOf(backups, one) });
    if (!written) writeSharding(project, base.name, after);
    written = true;
    await commit(ready, one, say);
    resources += ready.resources;
    if (ready.resources > 0) for (const side of [from, to]) changed.add(side.stack);
  }
  if (!written) writeSharding(project, base.name, after);
  for (const shard of shardsOf(next)) writeShardFile(project, next, shard);
  return { base: next, resources, changed: [...changed], ...(resources > 0 ? { backups } : {}) };
}

async function commit(ready: Transfer, { from, to, tenants }: Movement, say: Place["say"]): Promise<void> {
  await ready.commit();
  say(`shard ${from} → ${to}: ${tenants.join(", ")}, ${ready.resources} resources`);
}

/** The same stack may take part in several moves. */
function folderOf(backups: string, { from, to }: Movement): string {
  return `${backups}/${from}-to-${to}`;
}

/** The states of a base's shards, each opened once. */
class States {
  private readonly known = new Map<number, StateFile>();

  constructor(
    private readonly project: string,
    private readonly base: Base,
  ) {}

  async open(shard: number): Promise<StateFile> {
    const stack = shardStack(this.base.name, shard);
    writeShardFile(this.project, this.base, { index: shard, stack });
    const { secretsProvider } = this.base;
    const args = { stack, project: this.project, ...(secretsProvider === undefined ? {} : { secretsProvider }) };
    const state = this.known.get(shard) ?? (await openState(args));
    this.known.set(shard, state);
    return state;
  }
}

async function removeEmpty({ project, root, say }: Place, base: Base, stack: string): Promise<void> {
  const { secretsProvider } = base;
  const state = await openState({
    stack,
    project: project ?? root,
    ...(secretsProvider === undefined ? {} : { secretsProvider }),
  });
  if (isEmpty(await state.read())) {
    await state.remove();
    say(`${stack}: removed, as nothing is in it any more`);
  } else {
    say(
      `${stack}: kept, as its state still holds resources of no tenant that settings name; look at it, then: pulumi destroy --stack ${stack}`,
    );
  }
}
