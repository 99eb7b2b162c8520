import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as automation from "@pulumi/pulumi/automation";
import { stringify } from "yaml";
import openchoreo from "../index";
import { type Changes, countChanges } from "../tenancy/changes";
import type { Span } from "./chain";
import type { Engine } from "./engine";
import type { Folders } from "./folders";
import { advisory, type PolicyOptions, policyOptions } from "./policy-pack";
import { type Finished, RehearsalError, type RunOptions, run } from "./process";
import type { Progress } from "./progress";
import type { StackConfig } from "./stack-file";
import { type StateResource, stateResources } from "./state";
import { Watch } from "./watch";

/** One phase of a rehearsal and what it did to how many resources. */
export interface Phase extends Changes {
  readonly name: string;
  readonly seconds: number;
}

/** Name of the project, which is the namespace of its configuration. */
const PROJECT = "openchoreo";

/** What running the engine takes. */
export interface EngineArgs {
  readonly engine: Engine;
  readonly folders: Folders;
  readonly progress: Progress;
  /** What runs in place of the program. Default: the program. */
  readonly program?: automation.PulumiFn;
}

/** The configuration of a stack on the engine. */
export interface EngineConfig {
  readonly plain: StackConfig;
  /** Texts by full key, which the engine encrypts. Default: none. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** The stack on the real engine. */
export class EngineRun {
  /** When each resource of the last operation was made, by its URN. */
  spans: ReadonlyMap<string, Span> = new Map();

  /** Rules of the policy pack that the last operation broke, with the resource. */
  violations: readonly string[] = [];

  private readonly policies: PolicyOptions;

  private constructor(
    private readonly stack: automation.Stack,
    private readonly folders: Folders,
    private readonly progress: Progress,
    private readonly engine: Engine,
  ) {
    this.policies = advisory(policyOptions(folders.root, stack.name), folders.project);
  }

  /** Selects the stack in a project of the rehearsal's own, with `config` as its configuration. */
  static async open(name: string, config: EngineConfig, args: EngineArgs): Promise<EngineRun> {
    const { engine, folders, progress, program = () => openchoreo({ root: folders.root }) } = args;
    return new EngineRun(await openStack(name, config, program, { engine, folders }), folders, progress, engine);
  }

  up(): Promise<Phase> {
    return this.phase(
      "up",
      async (options) => (await this.stack.up({ ...options, ...this.policies })).summary.resourceChanges ?? {},
    );
  }

  /** A preview; what it would change is in the phase. */
  preview(): Promise<Phase> {
    return this.phase("preview", async (options) => {
      return (await this.stack.preview({ ...options, ...this.policies })).changeSummary;
    });
  }

  destroy(): Promise<Phase> {
    return this.phase("destroy", async (options) => (await this.stack.destroy(options)).summary.resourceChanges ?? {});
  }

  /**
   * A destroy that protection must refuse: as a user types it, with the preview that finds what is protected. Without
   * that preview the engine deletes everything that a protected resource does not need, and only then says no.
   * @returns The phase, and what is wrong where it was not refused for that reason.
   */
  async refusedDestroy(): Promise<{ readonly phase: Phase; readonly problem?: string }> {
    const name = "refused destroy";
    const started = Date.now();
    // Having said no, the engine follows every path of dependencies from what is protected, and their number grows
    // exponentially with the depth of the graph.
    const enough = { said: PROTECTED, ms: AFTER_NO_MS };
    const { code, output } = await this.progress.during(name, () =>
      this.pulumi(name, ["destroy", "--yes"], { enough }),
    );
    const phase = { name, seconds: (Date.now() - started) / 1000, ...countChanges({}) };
    if (code === null) await this.pulumi(name, ["cancel", "--yes"]);
    if (code === 0) return { phase, problem: "a plain destroy went through, although resources are protected" };
    if (PROTECTED.test(output)) return { phase };
    const tail = output.trim().split("\n").slice(-6).join("\n  ");
    return { phase, problem: `a plain destroy failed, and not because of protection:\n  ${tail}` };
  }

  /** Takes the protection off everything. */
  async unprotect(): Promise<void> {
    const { code, output } = await this.pulumi("unprotect", ["state", "unprotect", "--all", "--yes"]);
    if (code !== 0) throw new RehearsalError(`pulumi state unprotect --all failed: ${output.trim()}`);
  }

  /** The CLI, for what the Automation API does in another way than users do. */
  private pulumi(name: string, args: readonly string[], more: Pick<RunOptions, "enough"> = {}): Promise<Finished> {
    const { project, log } = this.folders;
    const all = [...args, "--stack", this.stack.name, "--color", "never", "--non-interactive"];
    const options = { cwd: project, env: process.env, log: logOf(log, name), timeoutMs: CLI_MS, ...more };
    return run(this.engine.file("pulumi"), all, options);
  }

  /** What is in the stack's state. */
  async resources(): Promise<StateResource[]> {
    const { deployment } = await this.stack.exportStack();
    return stateResources(deployment?.resources ?? []);
  }

  /** Stops an operation that runs, and gives up its lock. */
  async cancel(): Promise<void> {
    await this.stack.cancel().catch(() => undefined);
  }

  private async phase(name: string, work: (options: Options) => Promise<Operations>): Promise<Phase> {
    const log = logOf(this.folders.log, name);
    rmSync(log, { force: true });
    const started = Date.now();
    const watch = new Watch(name, this.progress);
    const options: Options = {
      color: "never",
      onOutput: (text) => appendFileSync(log, text),
      onError: (text) => appendFileSync(log, text),
      onEvent: (event) => watch.see(event),
    };
    try {
      const changes = await this.progress.during(name, () => work(options));
      return { name, seconds: (Date.now() - started) / 1000, ...countChanges(changes) };
    } catch (error) {
      throw watch.failure(error, log);
    } finally {
      watch.end();
      this.spans = watch.spans;
      this.violations = [...watch.violations].sort();
    }
  }
}

/**
 * Brings up a stack that stands for another one of this program, as far as other stacks read it.
 * @returns The name to refer to it by.
 */
export async function publishStack(
  name: string,
  outputs: Readonly<Record<string, unknown>>,
  args: Omit<EngineArgs, "progress" | "program">,
): Promise<string> {
  const stack = await openStack(name, { plain: {} }, async () => outputs, args);
  await stack.up();
  return `organization/${PROJECT}/${name}`;
}

async function openStack(
  name: string,
  { plain, secrets = {} }: EngineConfig,
  program: automation.PulumiFn,
  { engine, folders }: Omit<EngineArgs, "progress" | "program">,
): Promise<automation.Stack> {
  for (const folder of [folders.project, folders.state]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  // The program runs in this process, so the project needs no entry point.
  writeFileSync(join(folders.project, "Pulumi.yaml"), stringify({ name: PROJECT, runtime: "nodejs" }));
  writeFileSync(join(folders.project, `Pulumi.${name}.yaml`), stringify({ config: plain }), { mode: 0o600 });
  const pulumiCommand = await automation.PulumiCommand.get({
    root: dirname(dirname(engine.file("pulumi"))),
    skipVersionCheck: true,
  });
  const stack = await automation.LocalWorkspace.createOrSelectStack(
    { stackName: name, projectName: PROJECT, program },
    { workDir: folders.project, pulumiCommand, pulumiHome: process.env.PULUMI_HOME },
  );
  const encrypted = Object.entries(secrets).map(([key, value]) => [key, { value, secret: true }] as const);
  if (encrypted.length > 0) await stack.setAllConfig(Object.fromEntries(encrypted));
  return stack;
}

function logOf(folder: string, name: string): string {
  return join(folder, `${name.replaceAll(" ", "-")}.log`);
}

type Operations = Readonly<Record<string, number | undefined>>;
type Options = Pick<automation.UpOptions, "onOutput" | "onError" | "onEvent"> & { color: "never" };

/** How the engine begins to say that something is protected. */
const PROTECTED = /\bcannot be deleted\b/;
const AFTER_NO_MS = 10_000;
const CLI_MS = 300_000;
