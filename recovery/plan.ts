import { isAutonamed, isKubernetes, isStateOnly, knownId, RELEASE } from "./ids";
import type { HeldLock } from "./lock";
import { releaseOf, releaseSteps } from "./release-steps";
import type { LiveRelease } from "./releases";
import { nameOf, type Operation, operationsOf, providerOf, resourcesOf, type StateResource } from "./state";
import type { Decisions, Plan, Situation, Step, Undecided } from "./steps";

/** Decides what is to be done so that `up` goes on. Nothing that may hold data is removed. */
export function planRecovery(situation: Situation, decisions: Decisions = {}): Plan {
  const { locks } = situation;
  const held = decisions.forceUnlock === true ? [] : locks.filter(({ holder }) => holder !== "gone");
  const interrupted = interruptedIn(situation);
  const judged = interrupted.map((operation) => judge(operation, situation, decisions));
  const steps = judged.flatMap((one) => ("undecided" in one ? [] : one.steps));
  const urns = new Set(interrupted.map(({ resource }) => resource.urn));
  return {
    steps: [...unlocking(locks, held), ...steps, ...stuckSteps(situation, urns)],
    undecided: judged.flatMap((one) => ("undecided" in one ? [one.undecided] : [])),
    held,
    notes: [...unreachable(situation), ...unknownNotes(situation)],
  };
}

/**
 * What the engine has on record, and releases that exist although the program would make them: where the API server goes
 * away, Helm keeps its record of a release and the engine has none.
 */
export function interruptedIn(situation: Situation): Operation[] {
  const unknown = unknownReleases(situation);
  const lost = (situation.wanted ?? []).filter((resource) =>
    unknown.some(({ provider, id }) => provider === providerOf(resource) && id === knownId(resource)),
  );
  return [...operationsOf(situation.state), ...lost.map((resource) => ({ type: "creating", resource }))];
}

function unlocking(locks: readonly HeldLock[], held: readonly HeldLock[]): Step[] {
  if (locks.length === 0 || held.length > 0) return [];
  const forced = locks.some(({ holder }) => holder !== "gone");
  return [{ kind: "unlock", locks, why: forced ? "as you say (--force-unlock)" : "its process is gone" }];
}

type Judged = { readonly steps: readonly Step[] } | { readonly undecided: Undecided };

function judge(operation: Operation, situation: Situation, { fate }: Decisions): Judged {
  const { resource, type } = operation;
  const chosen = fate?.get(nameOf(resource.urn));
  if (chosen === null) return forget(operation, "as you say (--forget)");
  if (chosen !== undefined) return { steps: [{ kind: "adopt", operation, id: chosen, why: "as you say (--adopt)" }] };
  if (resource.type === RELEASE) return judgeRelease(operation, situation);
  switch (type) {
    case "creating":
      return judgeCreate(operation);
    case "updating":
      if (isKubernetes(resource) || isStateOnly(resource)) return forget(operation, "the next up changes it again");
      return readAnew(operation, situation, "the change may have been made, or not");
    case "deleting":
      return readAnew(operation, situation, "it may be gone, or not");
    default:
      return forget(operation, "nothing was changed");
  }
}

function forget(operation: Operation, why: string): Judged {
  return { steps: [{ kind: "forget", operation, why }] };
}

function readAnew(operation: Operation, { state }: Situation, why: string): Judged {
  const { urn } = operation.resource;
  if (isStateOnly(operation.resource)) return forget(operation, "it is in the state alone");
  const known = resourcesOf(state).some((resource) => resource.urn === urn);
  return known ? { steps: [{ kind: "refresh", urn, why }] } : forget(operation, "the state has it no more");
}

function judgeCreate(operation: Operation): Judged {
  const { resource } = operation;
  if (isStateOnly(resource)) return forget(operation, "it is in the state alone, and is made anew");
  if (isKubernetes(resource) && !isAutonamed(resource)) {
    return forget(operation, "objects are applied by the server: the next up takes over what is there");
  }
  const id = knownId(resource);
  if (id !== undefined) {
    return {
      steps: [
        {
          kind: "adopt",
          operation,
          id,
          why: "if it exists it has this id; it is read, and left out where it does not",
        },
      ],
    };
  }
  const why = `its id is made up by its provider, so nobody can tell here whether ${resource.type} exists; look there`;
  return { undecided: { operation, why } };
}

function judgeRelease(operation: Operation, situation: Situation): Judged {
  const view = situation.clusters.get(providerOf(operation.resource));
  if (view === undefined || "unreachable" in view) {
    const reason = view === undefined ? "the state does not know its cluster" : view.unreachable;
    return { undecided: { operation, why: `its cluster could not be asked: ${reason}` } };
  }
  return { steps: releaseSteps(operation, view.releases, stateOf(operation.resource.urn, situation)) };
}

function stateOf(urn: string, { state }: Situation): StateResource | undefined {
  return resourcesOf(state).find((resource) => resource.urn === urn && resource.pendingReplacement !== true);
}

/** Releases of the state that Helm will not touch, although no operation of the engine's is on record. */
function stuckSteps({ state, clusters }: Situation, interrupted: ReadonlySet<string>): Step[] {
  return resourcesOf(state)
    .filter((resource) => resource.type === RELEASE && !interrupted.has(resource.urn) && resource.delete !== true)
    .flatMap((resource): Step[] => {
      const view = clusters.get(providerOf(resource));
      if (view === undefined || "unreachable" in view) return [];
      const release = releaseOf(resource, view.releases);
      if (release === undefined || !isStuck(release)) return [];
      const { urn } = resource;
      const repair = `Helm was interrupted: ${release.status}`;
      return [
        {
          kind: "fail",
          provider: providerOf(resource),
          release,
          why: `Helm refuses to touch what is ${release.status}`,
        },
        { kind: "repair", urn, repair, why: "the next up upgrades it" },
      ];
    });
}

/** Whether Helm believes that somebody works on a release. */
export function isStuck({ status }: LiveRelease): boolean {
  return status.startsWith("pending-") || status === "uninstalling";
}

/** A release that a cluster has and the state does not. */
interface UnknownRelease {
  readonly provider: string;
  readonly id: string;
  readonly status: string;
}

export function unknownReleases({ state, clusters }: Situation): UnknownRelease[] {
  const known = [...resourcesOf(state), ...operationsOf(state).map(({ resource }) => resource)];
  const ids = new Set(
    known.filter(({ type }) => type === RELEASE).map((one) => `${providerOf(one)} ${one.id ?? knownId(one)}`),
  );
  return [...clusters].flatMap(([provider, view]) => {
    const releases = "releases" in view ? view.releases : [];
    const all = releases.map(({ namespace, name, status }) => ({ provider, id: `${namespace}/${name}`, status }));
    return all.filter(({ id }) => !ids.has(`${provider} ${id}`));
  });
}

function unreachable({ clusters }: Situation): string[] {
  return [...clusters].flatMap(([provider, view]) =>
    "unreachable" in view ? [`cluster ${nameOf(provider)} could not be asked: ${view.unreachable}`] : [],
  );
}

/** Releases that are neither in the state nor wanted by the program. */
function unknownNotes(situation: Situation): string[] {
  const wanted = new Set((situation.wanted ?? []).map((one) => `${providerOf(one)} ${knownId(one)}`));
  const others = unknownReleases(situation).filter(({ provider, id }) => !wanted.has(`${provider} ${id}`));
  return [...new Set(others.map(({ provider }) => provider))].map((provider) => {
    const own = others.filter((one) => one.provider === provider).map(({ id, status }) => `${id} (${status})`);
    return `cluster ${nameOf(provider)} has releases that are not in the state: ${own.sort().join(", ")}`;
  });
}
