import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runStackOffline } from "../../plan/program/stack";
import { specOf } from "../bare/spec";
import type { BenchCall, Case, Measured } from "../model";
import { interleave, median, ratioOfMedians, significant } from "../statistics";
import { assertRegistered, type Finished, runNode } from "./child";
import { inFolder } from "./folder";

const STACK = "prod";

/** Largest ratio of a plan to a bare program (design). */
const LIMIT = 1.5;

/** Plans prod, and registers as much on mocks by a program that does nothing else. */
export function benchPlan({ root, rounds, say }: BenchCall): Promise<Measured> {
  return inFolder(async (folder) => {
    const { run } = await runStackOffline({ root, stack: STACK });
    const spec = specOf(run.graph.resources);
    const file = join(folder, "spec.json");
    writeFileSync(file, JSON.stringify(spec));
    const child = (path: string, ...args: string[]) => runNode(join(root, path), args, { cwd: root, fine: [0, 3] });
    const subjects = [
      { name: "plan", once: () => child("plan/main.ts", STACK, "--out", join(folder, "plan.txt")) },
      { name: "bare", once: () => child("bench/bare/mock.ts", file) },
      { name: "ordered", once: () => child("bench/bare/mock.ts", file, "order") },
    ];
    const results = await interleave(subjects, rounds, say);
    const of = (name: string) => results.get(name) ?? [];
    for (const { output } of [...of("bare"), ...of("ordered")]) assertRegistered(output, spec.length);
    const seconds = (name: string) => of(name).map((one) => one.seconds);
    return {
      cases: [
        caseOf("plan of prod", of("plan"), spec.length),
        caseOf("bare program", of("bare"), spec.length),
        caseOf("bare program with providers and dependencies", of("ordered"), spec.length),
      ],
      ratios: [
        {
          name: "plan of prod to the bare program",
          value: significant(ratioOfMedians(seconds("plan"), seconds("bare"))),
          limit: LIMIT,
        },
        {
          name: "plan of prod to the bare program with providers and dependencies",
          value: significant(ratioOfMedians(seconds("plan"), seconds("ordered"))),
        },
      ],
    };
  });
}

function caseOf(name: string, runs: readonly Finished[], resources: number): Case {
  const seconds = significant(median(runs.map((run) => run.seconds)));
  return { name, figures: { resources, seconds, memory: Math.round(median(runs.map(({ memory }) => memory))) } };
}
