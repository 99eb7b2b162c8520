import { type Base, shardsOf, writeShardFile } from "./base";
import type { Place } from "./run";
import { openState } from "./state/files";
import { resourcesOf, tenantsIn } from "./state/state";

/** One shard as its state has it. */
export interface Listed {
  readonly stack: string;
  /** Tenants that settings place there, and whether the state has them. */
  readonly tenants: readonly { readonly name: string; readonly resources: number }[];
  /** Tenants that the state has and settings place elsewhere, or nowhere. */
  readonly others: readonly string[];
  readonly resources: number;
  readonly pending: number;
}

/** Reads the states of all shards. */
export async function listShards({ project, root }: Place, base: Base): Promise<Listed[]> {
  const folder = project ?? root;
  const { secretsProvider } = base;
  const listed: Listed[] = [];
  for (const shard of shardsOf(base)) {
    writeShardFile(folder, base, shard);
    const args = { stack: shard.stack, project: folder, ...(secretsProvider === undefined ? {} : { secretsProvider }) };
    const state = await (await openState(args)).read();
    const held = tenantsIn(state);
    listed.push({
      stack: shard.stack,
      tenants: shard.tenants.map((name) => ({ name, resources: held.get(name) ?? 0 })),
      others: [...held.keys()].filter((name) => !shard.tenants.includes(name)).sort(),
      resources: resourcesOf(state).length,
      pending: state.deployment.pending_operations?.length ?? 0,
    });
  }
  return listed;
}

export function listText(listed: readonly Listed[], { names }: Pick<Base, "names">): string {
  return listed
    .flatMap(({ stack, tenants, others, resources, pending }) => [
      `${stack}: ${resources} resources${pending > 0 ? `, ${pending} pending operations` : ""}`,
      ...tenants.map((one) => `  ${one.name}: ${one.resources === 0 ? "not there yet" : `${one.resources} resources`}`),
      ...others.map((name) => {
        const why = names.includes(name) ? "settings place it in another shard; move it" : "settings have it no more";
        return `  ${name}: ${why}`;
      }),
    ])
    .join("\n");
}

/** Whether every state has the tenants that settings place there, and no other ones that settings know. */
export function isSettled(listed: readonly Listed[], { names }: Pick<Base, "names">): boolean {
  return listed.every(({ others, pending }) => pending === 0 && !others.some((name) => names.includes(name)));
}
