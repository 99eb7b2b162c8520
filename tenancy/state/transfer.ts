import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { StateFile } from "./files";
import { moveTenants } from "./move";
import { StateError, tenantsIn } from "./state";

/** Tenants that go from one stack to another. */
export interface TransferArgs {
  readonly from: StateFile;
  readonly to: StateFile;
  readonly tenants: readonly string[];
  /** Folder for the states as they were. */
  readonly backups: string;
}

/** A move that may be made. */
export interface Transfer {
  /** How many resources change places; none where the tenants were never brought up, or are there already. */
  readonly resources: number;
  /** Writes both states. */
  readonly commit: () => Promise<void>;
}

/**
 * Prepares to move tenants between two states in their backend: both are looked at and backed up. The target is written
 * before the source: whatever happens in between, the resources are in a state, the program refuses to run the source (its
 * tenants are not where settings place them), and the same move again ends what was begun.
 * @throws StateError
 */
export async function prepareTransfer({ from, to, tenants, backups }: TransferArgs): Promise<Transfer> {
  const [source, target] = [await from.read(), await to.read()];
  const there = tenantsIn(source);
  const present = tenants.filter((tenant) => there.has(tenant));
  const moved = moveTenants({ stack: from.stack, state: source }, { stack: to.stack, state: target }, present);
  if (present.length === 0) return { resources: 0, commit: async () => undefined };
  mkdirSync(backups, { recursive: true, mode: 0o700 });
  for (const side of [from, to]) await side.backUp(join(backups, `${side.stack}.json`));
  const commit = async () => {
    try {
      if (moved.to !== target) await to.write(moved.to);
      await from.write(moved.from);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new StateError(
        `${why}\nThe states as they were are in ${backups}: run the same command again, or go back by ` +
          `pulumi stack import --stack ${to.stack} --file ${join(backups, `${to.stack}.json`)}, and the same for ${from.stack}`,
      );
    }
  };
  return { resources: moved.resources, commit };
}
