import { placedIn, Refusal, type ShardSettings, type TenantsSettings } from "../settings";

/** What a stack knows of tenants before it makes any. */
export interface MovedArgs {
  /** Tenants whose resources are in its state. */
  readonly before: readonly string[];
  /** All tenants of the settings. */
  readonly tenants: TenantsSettings;
  readonly shard?: ShardSettings;
  /** Name of this stack, without organization and project. */
  readonly stack: string;
}

/**
 * A tenant that settings place in another stack, and whose resources are in this one's state, would be deleted here while
 * the other stack makes it anew: its databases would be gone. The state has to be moved first.
 * @throws RunError which says how.
 */
export function refuseUnmoved({ before, tenants, shard, stack }: MovedArgs): void {
  if (shard === undefined) return;
  const unmoved = before.filter((name) => Object.hasOwn(tenants, name) && placedIn(name, shard) !== shard.index);
  const [first] = unmoved;
  if (first === undefined) return;
  const names = unmoved.join(", ");
  const base = shard.index === undefined ? stack : stack.replace(/-tenants-\d+$/, "");
  const move =
    shard.index === undefined
      ? `npm run tenants -- reshard --stack ${base} --shards ${shard.count}`
      : `npm run tenants -- move ${first} --from ${shard.index} --to ${placedIn(first, shard)} --stack ${base}`;
  throw new Refusal(
    `stack ${stack} has the resources of ${names}, which settings place in ${shard.index === undefined ? "shards" : "another shard"}; ` +
      `they would be deleted here. Move them: ${move}`,
  );
}
