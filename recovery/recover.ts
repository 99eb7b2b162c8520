import { keep } from "./backup";
import { Clusters } from "./clusters";
import { type Damage, findDamage } from "./damage";
import { changesState, edited, withKubeconfigs } from "./edit";
import { RELEASE } from "./ids";
import { type HeldLock, heldBy, type Lock, locksIn, locksInFolder, type Machine, saysLocked } from "./lock";
import { isStuck, planRecovery, unknownReleases } from "./plan";
import { type Pulumi, PulumiError } from "./pulumi";
import { stepText } from "./show";
import { plainName } from "./stack";
import type { ExportedState, StateResource } from "./state";
import type { Decisions, Plan, Situation } from "./steps";

/** What a recovery works with. */
export interface RecoverArgs {
  readonly stack: string;
  readonly project: string;
  readonly pulumi: Pick<Pulumi, "backend" | "export" | "import" | "cancel" | "refresh" | "destroy">;
  readonly machine: Machine;
  /** Folder that the state as it was is kept in. */
  readonly backups: string;
  readonly decisions?: Decisions;
  /** What the program would create now. Default: it is not asked. */
  readonly wanted?: () => Promise<readonly StateResource[]>;
  /** Kubeconfigs that are valid now, by cluster. Default: those of the state. */
  readonly kubeconfigs?: () => Promise<ReadonlyMap<string, string>>;
  /** Whether a process that was left behind may still work on releases of Helm. Default: there is none. */
  readonly workersLeft?: () => boolean;
  /** How long such a process is waited for. Default: a minute. */
  readonly waitMs?: number;
  readonly say: (line: string) => void;
}

/** A recovery that was planned and can be carried out. */
export interface Prepared {
  readonly situation: Situation;
  readonly plan: Plan;
  readonly clusters: Pick<Clusters, "fail">;
  /** Whether a lock would have been seen: only the engine itself reads those of other stores than a folder. */
  readonly locksSeen: boolean;
}

const POLL_MS = 2_000;

/** What keeps the engine from reading the state, unless somebody may be writing it. */
export async function damaged(args: RecoverArgs): Promise<Damage | undefined> {
  const url = await args.pulumi.backend();
  return isFree(locksOf(url, args), args) ? findDamage(url, args.project, plainName(args.stack)) : undefined;
}

/** Looks at the stack and plans; changes nothing. */
export async function prepare(args: RecoverArgs): Promise<Prepared> {
  const exported = await args.pulumi.export({ plain: true });
  const state = withKubeconfigs(exported.state, (await args.kubeconfigs?.()) ?? new Map());
  const clusters = new Clusters(state);
  const url = await args.pulumi.backend();
  const locks = locksOf(url, args);
  // Where somebody is at work there is nothing to wait for: it is left to them.
  const free = isFree(locks, args);
  const seen = { state, locks, clusters: await settled(clusters, free ? args : { ...args, waitMs: 0 }) };
  const situation = unknownReleases(seen).length > 0 ? { ...seen, wanted: await wantedReleases(args) } : seen;
  return { situation, plan: planRecovery(situation, args.decisions), clusters, locksSeen: isFolder(url) };
}

/** Releases that the program would make; none where it does not get that far. */
async function wantedReleases({ wanted, say }: RecoverArgs): Promise<StateResource[]> {
  if (wanted === undefined) return [];
  say("the clusters have releases that the state does not know; asking the program which of them are its own");
  try {
    return (await wanted()).filter(({ type }) => type === RELEASE);
  } catch (error) {
    say(`it could not be asked: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

/** Locks that can be seen without touching anything: those of a folder of states. */
function locksOf(url: string, { project, stack, machine }: RecoverArgs): HeldLock[] {
  if (!isFolder(url)) return [];
  return locksInFolder(url, project, plainName(stack)).map((lock: Lock) => heldBy(lock, machine));
}

/** Whether nobody may be at work on the stack, or it is to go on whoever is. */
function isFree(locks: readonly HeldLock[], { decisions }: RecoverArgs): boolean {
  return decisions?.forceUnlock === true || locks.every(({ holder }) => holder === "gone");
}

function isFolder(url: string): boolean {
  return url.startsWith("file://");
}

/** The clusters' releases, once no process works on one any more. */
async function settled(clusters: Clusters, args: RecoverArgs): Promise<Situation["clusters"]> {
  const { workersLeft = () => false, waitMs = 60_000, say } = args;
  const deadline = Date.now() + waitMs;
  for (let said = false; ; said = true) {
    const views = await clusters.views();
    const all = [...views.values()].flatMap((view) => ("releases" in view ? view.releases : []));
    if (!all.some(isStuck) || Date.now() >= deadline || !workersLeft()) return views;
    if (!said)
      say(`a process that was left behind still works on a release; waiting for it (${waitMs / 1000} s at most)`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** A stack that is locked by somebody who may be at work. */
export class LockedError extends PulumiError {
  readonly locks: readonly HeldLock[];

  constructor(error: PulumiError, machine: Machine) {
    super([], error.said);
    this.locks = locksIn(error.said).map((lock) => heldBy(lock, machine));
  }
}

/** Carries a plan out. A step that is done stays done: after a failure the next run goes on from there. */
export async function carryOut(
  { situation, plan, clusters }: Omit<Prepared, "locksSeen">,
  args: RecoverArgs,
): Promise<void> {
  const { pulumi, say } = args;
  const { steps } = plan;
  for (const step of steps) {
    if (step.kind !== "unlock" && step.kind !== "fail") continue;
    say(stepText(step));
    await (step.kind === "unlock" ? pulumi.cancel() : clusters.fail(step.provider, step.release));
  }
  if (!changesState(steps)) return;
  await keepBackup(args);
  const state = edited(situation.state, steps);
  say("write the state");
  await unlessLocked(() => pulumi.import(state), args);
  await engineSteps(plan, state, args);
}

async function engineSteps({ steps }: Plan, state: ExportedState, { pulumi, say }: RecoverArgs): Promise<void> {
  const removed = steps.flatMap((step) => (step.kind === "remove" ? [step.operation.resource.urn] : []));
  if (removed.length > 0) {
    for (const step of steps) if (step.kind === "remove") say(stepText(step));
    await pulumi.destroy(removed);
  }
  const read = steps.flatMap((step) => {
    if (step.kind === "refresh") return [step.urn];
    // What is to be upgraded anyway is not read: a read would say that all is well with it.
    return step.kind === "adopt" && step.repair === undefined ? [step.operation.resource.urn] : [];
  });
  const known = read.filter((urn) => state.deployment?.resources.some((one) => one.urn === urn));
  if (known.length === 0) return;
  say(known.length === 1 ? "read 1 resource anew" : `read ${known.length} resources anew`);
  await pulumi.refresh(known);
}

/** The first change is refused where the stack is locked; of a store that only the engine reads, this shows the lock. */
async function unlessLocked(
  work: () => Promise<void>,
  { pulumi, machine, decisions, say }: RecoverArgs,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof PulumiError) || !saysLocked(error.said)) throw error;
    const locked = new LockedError(error, machine);
    const gone = locked.locks.length > 0 && locked.locks.every(({ holder }) => holder === "gone");
    if (!gone && decisions?.forceUnlock !== true) throw locked;
    say("release the lock");
    await pulumi.cancel();
    await work();
  }
}

/** The state as it was, its secrets encrypted, for whoever wants to go back: `pulumi stack import --file`. */
async function keepBackup({ pulumi, backups, stack, say }: RecoverArgs): Promise<void> {
  const { text } = await pulumi.export({ plain: false });
  const file = keep(backups, text, stack.replaceAll("/", "_"), ".json");
  say(`the state as it was is kept in ${file}`);
}
