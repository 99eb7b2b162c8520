import { cpus } from "node:os";

const LOOK_MS = 3_000;

/** How much of the machine's processors is busy, from 0 to 1, while nothing of this process is. */
export async function busyShare(): Promise<number> {
  const before = times();
  await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  const after = times();
  return 1 - (after.idle - before.idle) / (after.all - before.all);
}

function times(): { readonly idle: number; readonly all: number } {
  const each = cpus().map((cpu) => cpu.times);
  const sum = (pick: (one: (typeof each)[number]) => number) => each.reduce((total, one) => total + pick(one), 0);
  return {
    idle: sum(({ idle }) => idle),
    all: sum(({ user, nice, sys, idle, irq }) => user + nice + sys + idle + irq),
  };
}

/** Why a time that was measured says nothing of the program; `undefined` where it does. @param busy See {@link busyShare}. */
export function timeIsVoid(busy: number): string | undefined {
  if (process.env.CI !== undefined) return "CI's machine is nobody's to know";
  return busy > 0.2 ? `${(busy * 100).toFixed(0)} % of the processors were busy with other work before` : undefined;
}
