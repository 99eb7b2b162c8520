import { rmSync, symlinkSync } from "node:fs";
import type * as automation from "@pulumi/pulumi/automation";
import openchoreo from "../../index";
import { packFolder } from "../../policy/config";
import { type BenchFleet, type Measured as MeasuredPhase, withFleet } from "../engine/fleet";
import { phaseCase } from "../engine/phase-case";
import type { BenchCall, Measured } from "../model";
import { interleave, ratioOfMedians, significant } from "../statistics";

const STACK = "prod";

/** Largest ratio of a preview with the policy pack to one without it. */
const LIMIT = 1.3;

/** Previews the running prod with the policy pack and without it, in turn: nothing changes, and every rule is asked. */
export function benchPolicy({ root, rounds, say }: BenchCall): Promise<Measured> {
  return withFleet({ root, stack: STACK, charts: "stand-in", say }, async (fleet) => {
    const program = async () => openchoreo({ root: fleet.folders.root });
    const run = await fleet.open(program);
    await run.up();
    const subjects = [
      { name: "with", once: () => withPack(root, fleet, () => previewOf(fleet, program)) },
      { name: "without", once: () => previewOf(fleet, program) },
    ];
    const results = await interleave(subjects, rounds, say);
    const seconds = (name: string) => (results.get(name) ?? []).map((one) => one.seconds);
    const value = significant(ratioOfMedians(seconds("with"), seconds("without")));
    return {
      cases: [
        phaseCase("preview with the policy pack", results.get("with") ?? [], "same"),
        phaseCase("preview without it", results.get("without") ?? [], "same"),
      ],
      ratios: [{ name: "preview with the policy pack to preview without it", value, limit: LIMIT }],
    };
  });
}

async function previewOf(fleet: BenchFleet, program: automation.PulumiFn): Promise<MeasuredPhase> {
  const run = await fleet.open(program);
  return fleet.measure(() => run.preview());
}

/** The fleet's project has no pack of its own; while it has one, the engine asks it. */
async function withPack<T>(root: string, { folders }: BenchFleet, work: () => Promise<T>): Promise<T> {
  const link = packFolder(folders.root);
  symlinkSync(packFolder(root), link);
  try {
    return await work();
  } finally {
    rmSync(link);
  }
}
