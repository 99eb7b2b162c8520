import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Phase } from "../../../rehearsal/engine-run";
import type { Folders } from "../../../rehearsal/folders";
import type { Report } from "../../../rehearsal/report";
import { assertCode, type Ended } from "./cli";
import { processesOf } from "./processes";
import { CHECKOUT, Project, SOLO } from "./project";
import { type Difference, difference, readState, type State } from "./state";
import { step } from "./steps";

/** The name of the stack that is shared. */
export const STACK = "dev";

/** A cluster of the stack file, read without the program's help. */
export interface ExpectedCluster {
  readonly name: string;
  readonly planes: readonly string[];
  readonly meshAddress: string;
}

/** The clusters that Pulumi.dev.yaml names. */
export function expectedClusters(): ExpectedCluster[] {
  const { config } = parse(readFileSync(join(CHECKOUT, `Pulumi.${STACK}.yaml`), "utf8"));
  const clusters: Record<string, { planes: string[]; network: { meshAddress: string } }> =
    config["openchoreo:platform"].clusters;
  return Object.entries(clusters).map(([name, { planes, network }]) => ({
    name,
    planes,
    meshAddress: network.meshAddress,
  }));
}

/** What one `up` did. */
export interface Up {
  readonly phase: Phase;
  readonly changes: Difference;
}

/** The development stack, up and left running, for all files that ask for it with {@link useFleet}. */
export class SharedFleet {
  users = 0;
  /** The `--set` of the last `up`; `undefined` while nothing runs. */
  private sets: readonly string[] | undefined;
  private running: Project | undefined;
  /** Everything that the command printed so far. */
  printed = "";

  get project(): Project {
    if (this.running === undefined) throw new Error("the fleet is not running");
    return this.running;
  }

  get folders(): Folders {
    return this.project.folders(STACK);
  }

  get report(): Report {
    return this.project.report(STACK);
  }

  get state(): State {
    return readState(this.folders, STACK);
  }

  kubeconfig(cluster: string): string {
    return join(this.folders.kubeconfigs, `${cluster}.yaml`);
  }

  /** Brings the fleet to what the settings say, unless it is there. */
  async bring(...sets: readonly string[]): Promise<void> {
    if (JSON.stringify(this.sets) === JSON.stringify(sets)) return;
    this.running ??= new Project({ solo: SOLO });
    await step(`up of ${[STACK, ...sets].join(" ")}`, () => this.up(sets));
  }

  /** Runs `up` with the settings, and says what it did. */
  async change(...sets: readonly string[]): Promise<Up> {
    const before = this.state;
    await step(`up with ${sets.join(" ") || "no --set"}`, () => this.up(sets));
    const [phase] = this.report.phases;
    if (phase === undefined) throw new Error("the report has no phase");
    return { phase, changes: difference(before, this.state) };
  }

  private async up(sets: readonly string[]): Promise<void> {
    this.sets = undefined;
    const ended = await this.project.rehearse([STACK, ...sets.flatMap((set) => ["--set", set])]);
    this.heard(ended);
    assertCode(ended, 0);
    this.sets = sets;
  }

  /** Keeps what a command on the fleet printed. */
  heard({ stdout, stderr }: Ended): void {
    this.printed += stdout + stderr;
  }

  /** The last user takes it down. */
  async release(): Promise<void> {
    this.users -= 1;
    if (this.users > 0 || this.running === undefined) return;
    const { project } = this;
    this.sets = undefined;
    this.running = undefined;
    await step(`--destroy of ${STACK}`, async () => {
      assertCode(await project.rehearse([STACK, "--destroy"]), 0);
      assert.deepEqual(project.remains(STACK), []);
      assert.deepEqual(processesOf(project.root), []);
    });
    project.remove();
  }
}

const fleet = new SharedFleet();

/** Shares the running fleet, with the settings of its file; call it in a `describe`. */
export function useFleet(): SharedFleet {
  fleet.users += 1;
  before(() => fleet.bring());
  after(() => fleet.release());
  return fleet;
}
