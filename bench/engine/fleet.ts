import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type * as automation from "@pulumi/pulumi/automation";
import { stringify } from "yaml";
import { SettingsError } from "../../components/settings";
import { LocalFleet, removeFleet } from "../../rehearsal/clusters/fleet";
import { type EngineConfig, EngineRun, type Phase } from "../../rehearsal/engine-run";
import { adopt } from "../../rehearsal/environment";
import { type Folders, foldersOf } from "../../rehearsal/folders";
import { startGuard } from "../../rehearsal/guard";
import { MemoryWatch } from "../../rehearsal/memory";
import { type Context, configOf, prepare } from "../../rehearsal/rehearse";
import { readStack } from "../../rehearsal/stack-file";
import type { StackConfig } from "../grow/settings";
import { inFolder } from "../run/folder";

/** What is brought up. */
export interface FleetArgs {
  /** The checkout. */
  readonly root: string;
  readonly stack: string;
  /** The stack's configuration; absent for the checkout's own file. */
  readonly config?: StackConfig;
  /** As `--charts` of a rehearsal has it. */
  readonly charts: string;
  readonly say: (line: string) => void;
}

/** One operation of the engine. */
export interface Measured extends Phase {
  /** Most memory of the program and the engine, without the clusters, in MiB; 0 where the machine does not show it. */
  readonly memory: number;
}

/** Running clusters, and the engine on them. */
export class BenchFleet {
  constructor(
    private readonly context: Context,
    readonly local: LocalFleet,
    readonly config: EngineConfig,
  ) {}

  get folders(): Folders {
    return this.context.folders;
  }

  /**
   * Selects the fleet's own stack.
   * @param program Default: the whole program.
   * @param plain What its file says. Default: as it was brought up.
   */
  open(program?: automation.PulumiFn, plain: StackConfig = this.config.plain): Promise<EngineRun> {
    return EngineRun.open(this.context.args.stack, { ...this.config, plain }, { ...this.context, program });
  }

  /** Selects another stack on the same clusters, with another program. */
  openOther(name: string, program: automation.PulumiFn): Promise<EngineRun> {
    const own = Object.entries(this.config.plain).filter(([key]) => key.startsWith("pulumi:"));
    return EngineRun.open(name, { plain: Object.fromEntries(own) }, { ...this.context, program });
  }

  /** Beside what came of an operation, most memory of the program and the engine; see {@link Measured}. */
  async measure<T extends object>(operation: () => Promise<T>): Promise<T & Pick<Measured, "memory">> {
    const watch = new MemoryWatch(this.folders);
    try {
      const phase = await operation();
      const { engine = 0, providers = 0 } = watch.peak()?.parts ?? {};
      return { ...phase, memory: engine + providers };
    } finally {
      watch.end();
    }
  }
}

/**
 * Runs `work` with clusters of its own, in a project of its own: a rehearsal in the checkout is not disturbed. There the
 * policy pack is missing on purpose: no program but this one is asked by it.
 */
export function withFleet<T>(args: FleetArgs, work: (fleet: BenchFleet) => Promise<T>): Promise<T> {
  return inFolder(async (folder) => {
    writeProject(folder, args);
    const stack = readStack(folder, args.stack, []);
    if ("problems" in stack) throw new SettingsError(stack.problems);
    const folders = foldersOf(folder, args.stack);
    const environment = { ...process.env };
    const context = await prepare(callOf(folder, args), stack, folders);
    const guard = startGuard(folders);
    let local: LocalFleet | undefined;
    try {
      local = await LocalFleet.start({ ...context, fresh: true });
      return await work(new BenchFleet(context, local, await configOf(context, local)));
    } finally {
      await local?.stopSimulation();
      await removeFleet(folders);
      guard.release();
      adopt(environment);
    }
  });
}

/** What a rehearsal's project shares with the checkout. */
const SHARED = [".engine", "components", "examples"];

function writeProject(folder: string, { root, stack, config }: FleetArgs): void {
  mkdirSync(join(root, ".engine"), { recursive: true });
  for (const entry of SHARED) if (existsSync(join(root, entry))) symlinkSync(join(root, entry), join(folder, entry));
  cpSync(join(root, "tenants"), join(folder, "tenants"), { recursive: true });
  const file = `Pulumi.${stack}.yaml`;
  if (config === undefined) cpSync(join(root, file), join(folder, file));
  else writeFileSync(join(folder, file), stringify({ config }));
}

function callOf(root: string, { stack, charts, say }: FleetArgs) {
  return {
    args: { stack, charts, once: false, keep: false, destroy: false, set: [] },
    root,
    progress: { say, during: <R>(what: string, work: () => Promise<R>) => during(say, what, work) },
    interrupted: new Promise<never>(() => undefined),
  };
}

async function during<R>(say: FleetArgs["say"], what: string, work: () => Promise<R>): Promise<R> {
  say(`${what} …`);
  return work();
}
