import type { SelectedAddon } from "../components/addons";
import { leftInAccount } from "./aws/left";
import { liftDeletionProtection } from "./aws/protection";
import type { LocalFleet } from "./clusters/fleet";
import type { EngineRun, Phase } from "./engine-run";
import type { Folders } from "./folders";
import type { Retained } from "./report";
import type { StateResource } from "./state";

/** What the end of a rehearsal writes down. */
export interface OnceLedger {
  readonly phases: Phase[];
  readonly problems: string[];
  retained: readonly Retained[];
  /** How many resources refused a plain destroy; absent where none did. */
  protected?: number;
}

/** What the end of a rehearsal does with the engine. */
export type OnceRun = Pick<EngineRun, "preview" | "refusedDestroy" | "unprotect" | "destroy" | "resources">;

/** What the end of a rehearsal works with. */
export interface OnceArgs {
  readonly run: OnceRun;
  readonly local: Pick<LocalFleet, "leftOver">;
  readonly selected: readonly SelectedAddon[];
  readonly folders: Folders;
}

/**
 * A second preview that must show no change, then destroy, then nothing left but what is kept on purpose. Where
 * something is protected, a plain destroy must be refused first.
 */
export async function rehearseOnce(args: OnceArgs, ledger: OnceLedger): Promise<void> {
  const { run, local, selected, folders } = args;
  const preview = await run.preview();
  ledger.phases.push(preview);
  const { created, updated, deleted } = preview;
  if (created + updated + deleted > 0) {
    const changes = `create ${created}, update ${updated} and delete ${deleted} resources`;
    ledger.problems.push(`the second preview would ${changes}; it must change nothing (see ${folders.log})`);
  }
  const before = await run.resources();
  await overcomeProtection(args, before, ledger);
  ledger.phases.push(await run.destroy());
  const after = await run.resources();
  if (after.length > 0) ledger.problems.push(`${after.length} resources are still in the state after destroy`);
  const { retained, left } = await local.leftOver(selected, keptByProgram(before));
  const account = leftInAccount(before, folders);
  ledger.retained = [...retained, ...account.retained];
  ledger.problems.push(...left.map(({ cluster, object }) => `${cluster}: ${object} is left after destroy`));
  ledger.problems.push(...account.problems);
}

/** Objects that a destroy leaves as the program says so: data of tenants, with what guards it. */
function keptByProgram(before: readonly StateResource[]): ReadonlySet<string> {
  return new Set(
    before.flatMap(({ retainOnDelete, object }) => (retainOnDelete && object !== undefined ? [object] : [])),
  );
}

/** Sees a plain destroy refused and nothing gone by it, then takes the protection off. */
async function overcomeProtection(
  { run, folders }: Pick<OnceArgs, "run" | "folders">,
  before: readonly StateResource[],
  ledger: OnceLedger,
): Promise<void> {
  const count = before.filter(({ protect }) => protect).length;
  if (count === 0) return;
  ledger.protected = count;
  const { phase, problem } = await run.refusedDestroy();
  ledger.phases.push(phase);
  if (problem !== undefined) ledger.problems.push(problem);
  const gone = before.length - (await run.resources()).length;
  if (gone > 0) ledger.problems.push(`the refused destroy took ${gone} resources with it`);
  await run.unprotect();
  await liftDeletionProtection(folders);
}
