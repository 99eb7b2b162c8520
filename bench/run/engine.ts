import openchoreo from "../../index";
import { type Request, readGraph } from "../../plan/program/graph";
import type { EngineRun } from "../../rehearsal/engine-run";
import { registerBare } from "../bare/program";
import { type SpecResource, specOf } from "../bare/spec";
import { type BenchFleet, type Measured as MeasuredPhase, withFleet } from "../engine/fleet";
import { phaseCase } from "../engine/phase-case";
import { recordRequests } from "../engine/record";
import type { BenchCall, Measured } from "../model";
import { interleave, ratioOfMedians, significant } from "../statistics";

const STACK = "dev";

/** Largest ratio of the program's preview and up to a bare program's (design). */
const LIMIT = 1.3;

/** One stack from nothing to nothing. */
interface Round {
  readonly preview: MeasuredPhase;
  readonly up: MeasuredPhase;
}

/** Brings dev up by the program and by a bare one, in turn, on the same clusters. */
export function benchEngine({ root, rounds, say }: BenchCall): Promise<Measured> {
  return withFleet({ root, stack: STACK, charts: "stand-in", say }, async (fleet) => {
    const spec = await recordedSpec(fleet);
    const program = async () => openchoreo({ root: fleet.folders.root });
    const bare = async () => registerBare(spec, { order: true });
    const subjects = [
      { name: "program", once: async () => roundOf(fleet, await fleet.open(program)) },
      { name: "bare", once: async () => roundOf(fleet, await fleet.openOther("bare", bare)) },
    ];
    const results = await interleave(subjects, rounds, say);
    const of = (name: string, phase: keyof Round) => (results.get(name) ?? []).map((round) => round[phase]);
    const ratio = (phase: keyof Round) => {
      const seconds = (name: string) => of(name, phase).map((one) => one.seconds);
      const value = significant(ratioOfMedians(seconds("program"), seconds("bare")));
      return { name: `${phase} by the program to ${phase} by the bare program`, value, limit: LIMIT };
    };
    return {
      cases: [
        phaseCase("preview, program", of("program", "preview"), "created"),
        phaseCase("preview, bare program", of("bare", "preview"), "created"),
        phaseCase("up, program", of("program", "up"), "created"),
        phaseCase("up, bare program", of("bare", "up"), "created"),
      ],
      ratios: [ratio("preview"), ratio("up")],
    };
  });
}

/** What the program registers, with the inputs that it has on these clusters; they are empty again after it. */
async function recordedSpec(fleet: BenchFleet): Promise<SpecResource[]> {
  let requests: readonly Request[] = [];
  const run = await fleet.open(async () => {
    requests = recordRequests();
    return openchoreo({ root: fleet.folders.root });
  });
  await run.up();
  const spec = specOf(readGraph(requests).resources);
  await takeDown(run);
  return spec;
}

async function roundOf(fleet: BenchFleet, run: EngineRun): Promise<Round> {
  const preview = await fleet.measure(() => run.preview());
  const up = await fleet.measure(() => run.up());
  await takeDown(run);
  return { preview, up };
}

/** What a stack protects goes too: the next one begins with empty clusters. */
async function takeDown(run: EngineRun): Promise<void> {
  await run.unprotect();
  await run.destroy();
}
