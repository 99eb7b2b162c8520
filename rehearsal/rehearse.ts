import { existsSync, readFileSync } from "node:fs";
import { comesAfter, type SelectedAddon, selectAddons } from "../components/addons";
import { type FleetPlan, planFleet } from "../components/fleet";
import { SettingsError } from "../components/settings";
import { troubleOf } from "../recovery/trouble/events";
import type { RehearseArgs } from "./args";
import { writeAwsCli } from "./aws/cli";
import { eksClustersOf } from "./aws/local-clusters";
import { SIMULATED_NODES } from "./aws/nodes";
import { type Chain, type Installed, longestChain } from "./chain";
import { type ChosenCharts, chooseCharts } from "./charts/choose";
import { type Release, releasesOf, upProblems } from "./clusters/check";
import { LocalFleet, removeFleet } from "./clusters/fleet";
import { SIMULATED } from "./clusters/simulate";
import { type Engine, enginePath, ensureEngine } from "./engine";
import { type EngineConfig, EngineRun, publishStack } from "./engine-run";
import { adopt, makeFolders, rehearsalEnvironment } from "./environment";
import { existingIn } from "./existing";
import { type Folders, foldersOf } from "./folders";
import { awaitFormerGuard, startGuard } from "./guard";
import { MemoryWatch } from "./memory";
import { type OnceLedger, rehearseOnce } from "./once";
import { ensurePlugins, type Plugins } from "./plugins";
import { RehearsalError, releaseLock, takeLock } from "./process";
import type { Progress } from "./progress";
import { type Report, summary, writeReport } from "./report";
import { resume } from "./resume";
import { type CheckedStack, controlPlaneOutputs, localConfig, placeholderSecrets, readStack } from "./stack-file";

/** What a rehearsal came to. */
export interface Outcome {
  readonly report: Report;
  /** The summary for people. */
  readonly text: string;
}

/** Arguments of {@link rehearse}. */
export interface RehearseCall {
  readonly args: RehearseArgs;
  readonly root: string;
  readonly progress: Progress;
  /** Rejects when the user interrupts. */
  readonly interrupted: Promise<never>;
}

/**
 * Rehearses a stack. Settings are checked first, so that a bad one starts nothing.
 * @throws SettingsError, RehearsalError
 */
export async function rehearse(call: RehearseCall): Promise<Outcome> {
  const { args, root } = call;
  const stack = readStack(root, args.stack, args.set);
  if ("problems" in stack) throw new SettingsError(stack.problems);
  const folders = foldersOf(root, args.stack);
  const holder = await lock(folders);
  if (holder !== undefined) {
    throw new RehearsalError(
      `process ${holder} is rehearsing ${args.stack} already; wait for it, or rehearse another stack`,
    );
  }
  try {
    const context = await Promise.race([prepare(call, stack, folders), call.interrupted]);
    return await guarded(context);
  } finally {
    releaseLock(folders.lock);
  }
}

/** Takes the stack's lock, or says which process has it. */
async function lock(folders: Folders): Promise<number | undefined> {
  const holder = takeLock(folders.lock);
  if (holder !== undefined) return holder;
  await awaitFormerGuard(folders);
  // The former guard's last act is to remove the lock.
  return takeLock(folders.lock);
}

/** Finds or makes everything that a rehearsal works with; nothing runs yet. */
export async function prepare(call: RehearseCall, stack: CheckedStack, folders: Folders): Promise<Context> {
  const { args, root, progress } = call;
  const selected = selectAddons(stack.settings.platform);
  makeFolders(folders);
  const fleet = planFleet(stack.settings, args.stack);
  const charts = await chooseCharts(args.charts, { selected, fleet, folders, progress });
  const engine = await ensureEngine({ root, progress });
  const plugins = await ensurePlugins(engine, folders, progress);
  writeAwsCli(folders);
  adopt(
    rehearsalEnvironment(folders, {
      path: enginePath(engine, ...plugins.path),
      existing: existingIn(stack.config),
      checkpoints: args.keep,
    }),
  );
  return { ...call, stack, fleet, selected, folders, charts, engine, plugins };
}

/** Takes down what an earlier rehearsal left; says whether there was anything. */
export async function takeDown(root: string, stack: string): Promise<boolean> {
  const folders = foldersOf(root, stack);
  const holder = await lock(folders);
  if (holder !== undefined)
    throw new RehearsalError(`process ${holder} is rehearsing ${stack} now; interrupt it first`);
  try {
    return await removeFleet(folders);
  } finally {
    releaseLock(folders.lock);
  }
}

/** Everything that a rehearsal works with. */
export interface Context extends RehearseCall {
  readonly stack: CheckedStack;
  readonly fleet: FleetPlan;
  readonly selected: readonly SelectedAddon[];
  readonly folders: Folders;
  readonly charts: ChosenCharts;
  readonly engine: Engine;
  readonly plugins: Plugins;
}

/** What a rehearsal has come to so far; a failure ends it with what is in here. */
interface Ledger extends OnceLedger {
  releases: readonly Release[];
  longestChain?: Chain | undefined;
  policies?: readonly string[];
}

/** Runs the rehearsal; whatever ends it, what it started is kept or removed as it was asked. */
async function guarded(context: Context): Promise<Outcome> {
  const { args, folders, interrupted } = context;
  const guard = startGuard(folders, { keep: args.keep });
  const memory = new MemoryWatch(folders);
  const ledger: Ledger = { phases: [], problems: [], releases: [], retained: [] };
  let keep = args.keep;
  let local: LocalFleet | undefined;
  let early = false;
  interrupted.catch(() => {
    early = true;
  });
  try {
    local = await Promise.race([LocalFleet.start({ ...context, fresh: args.once }), interrupted]);
    await Promise.race([runPhases(context, local, ledger), interrupted]);
    keep ||= !args.once && ledger.problems.length === 0;
    const report = { ...reportOf(context, local, ledger), memory: memory.peak() };
    writeReport(report, folders);
    return { report, text: summary(report, folders, keep) };
  } finally {
    memory.end();
    await local?.stopSimulation();
    if (early) {
      // The engine or a cluster's start may be under way: they have to end first, or they would write again.
      await guard.takeDown();
    } else {
      if (!keep) await removeFleet(folders);
      guard.release();
    }
  }
}

async function runPhases(context: Context, local: LocalFleet, ledger: Ledger): Promise<void> {
  const { args } = context;
  try {
    const run = await EngineRun.open(args.stack, await configOf(context, local), context);
    await resume({ ...context, stack: args.stack });
    ledger.phases.push(await run.up());
    ledger.policies = run.violations;
    ledger.longestChain = longestChain(run.spans, installedOn(context));
    await local.dropOthers();
    await checkUp(context, local, ledger);
    if (args.once) await rehearseOnce({ ...context, run, local }, ledger);
  } catch (error) {
    // The engine's own failures are a result of the rehearsal like any other; anything else is a bug of ours.
    if (!(error instanceof RehearsalError)) throw error;
    ledger.problems.push(error.message, ...(await troubleIn(local)));
  }
}

/** What the clusters' events say; the engine's message only says that a release did not become ready. */
async function troubleIn(local: LocalFleet): Promise<string[]> {
  const found = local.clients().map((client) => troubleOf(client).catch(() => []));
  return (await Promise.all(found)).flat();
}

/** The stack's configuration with everything replaced that is not on this machine. */
export async function configOf(context: Context, local: LocalFleet): Promise<EngineConfig> {
  const { stack, args, charts } = context;
  const control = local.otherControlPlane();
  const outputs =
    control === undefined ? undefined : controlPlaneOutputs(stack.settings, readFileSync(control, "utf8"));
  const controlPlane =
    outputs === undefined ? undefined : await publishStack(`${args.stack}-control`, outputs, context);
  const plain = localConfig(stack, {
    root: context.root,
    kubeconfigs: local.kubeconfigs(),
    charts: charts.directory,
    controlPlane,
  });
  return { plain, secrets: placeholderSecrets(stack) };
}

/** The add-ons of each cluster, as they come after each other. */
function installedOn({ fleet, selected }: Context): Installed {
  return new Map(
    fleet.clusters.map((cluster) => {
      const here = selected.filter(({ addon }) => addon.on(cluster));
      return [cluster.name, here.map(({ addon }) => ({ name: addon.name, needs: comesAfter(addon) }))];
    }),
  );
}

async function checkUp({ fleet, selected, progress }: Context, local: LocalFleet, ledger: Ledger): Promise<void> {
  ledger.releases = (await Promise.all(local.clients().map(releasesOf))).flat();
  const problems = await upProblems(local.clients(), ledger.releases, fleet, selected);
  ledger.problems.push(...problems);
  if (problems.length === 0) progress.say("every release is deployed, and the mesh is as planned");
}

function reportOf({ args, fleet, plugins, charts, folders }: Context, local: LocalFleet, ledger: Ledger): Report {
  const kubeconfigs = local.kubeconfigs();
  return {
    stack: args.stack,
    clusters: fleet.clusters.map(({ name, planes }) => ({ name, planes, kubeconfig: kubeconfigs.get(name) ?? "" })),
    ...ledger,
    releases: ledger.releases.map(({ namespace: _namespace, ...release }) => release),
    standIns: {
      providers: plugins.standIns
        // That of AWS is always there; it served where its account is.
        .filter(({ always }) => !always || existsSync(folders.account))
        .map(({ plugin }) => plugin),
      charts: charts.standIns,
    },
    simulated: [...SIMULATED, ...(eksClustersOf(fleet).length > 0 ? [SIMULATED_NODES] : [])],
  };
}
