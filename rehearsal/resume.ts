import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { locksInFolder } from "../recovery/lock";
import { providersLeft, thisMachine } from "../recovery/machine";
import { Pulumi } from "../recovery/pulumi";
import { carryOut, prepare } from "../recovery/recover";
import { planText, situationText } from "../recovery/show";
import type { Engine } from "./engine";
import type { Folders } from "./folders";
import { RehearsalError } from "./process";
import type { Progress } from "./progress";

/** Name of the project of every rehearsal. */
const PROJECT = "openchoreo";

/** What {@link resume} needs. */
export interface ResumeArgs {
  readonly stack: string;
  readonly engine: Engine;
  readonly folders: Folders;
  readonly progress: Progress;
}

const checkpoint = z.object({
  checkpoint: z.object({ latest: z.object({ pending_operations: z.array(z.unknown()).nullish() }).nullish() }),
});

/** Whether an earlier rehearsal of the stack ended in the middle of something, and its state says so. */
export function wasInterrupted({ state }: Pick<Folders, "state">, stack: string): boolean {
  if (locksInFolder(`file://${state}`, PROJECT, stack).length > 0) return true;
  const file = join(state, ".pulumi", "stacks", PROJECT, `${stack}.json`);
  if (!existsSync(file)) return false;
  const parsed = checkpoint.safeParse(JSON.parse(readFileSync(file, "utf8")));
  return (parsed.data?.checkpoint.latest?.pending_operations ?? []).length > 0;
}

/**
 * Brings a stack that a rehearsal was killed with to where its `up` goes on, as `npm run recover` does with a real one.
 * @throws RehearsalError where only a look into an account could tell what exists.
 */
export async function resume({ stack, engine, folders, progress }: ResumeArgs): Promise<void> {
  if (!wasInterrupted(folders, stack)) return;
  await progress.during("recovering from the rehearsal that was interrupted", async () => {
    const args = {
      stack,
      project: PROJECT,
      pulumi: new Pulumi({ stack, command: engine.file("pulumi"), cwd: folders.project, env: process.env }),
      machine: thisMachine(),
      backups: join(folders.base, "recovery"),
      workersLeft: () => providersLeft(folders.project),
      say: (line: string) => progress.say(`  ${line}`),
    };
    const prepared = await prepare(args);
    for (const line of [...situationText(stack, prepared.situation), ...planText(prepared.plan)]) args.say(line);
    if (prepared.plan.undecided.length > 0 || prepared.plan.held.length > 0) {
      throw new RehearsalError(
        `nobody can tell what became of the rehearsal that was interrupted; start anew: npm run rehearse -- ${stack} --destroy`,
      );
    }
    await carryOut(prepared, args);
  });
}
