import { isAutonamed, isKubernetes, isStateOnly, knownId, RELEASE } from "./ids";
import type { HeldLock } from "./lock";
import { releaseOf, releaseSteps } from "./release-steps";
import type { LiveRelease } from "./releases";
import { nameOf, type Operation, operationsOf, providerOf, resourcesOf, type StateResource } from "./state";
import type { Decisions, Plan, Situation, Step, Undecided } from "./steps";

/** Decides what is to be done so that `up` goes on. Nothing that may hold data is removed. */
export function planRecovery(situation: Situation, decisions: Decisions = {}): Plan {
  const { state, locks } = situation;
  const held = decisions.forceUnlock === true ? [] : locks.filter(({ holder }) => holder !== "gone");
  const judged = operationsOf(state).map((operation) => judge(operation, situation, decisions));
  const steps = judged.flatMap((one) => ("undecided" in one ? [] : one.steps));
  const interrupted = new Set(operationsOf(state).map(({ resource }) => resource.urn));
  return {
    steps: [...unlocking(locks, held), ...steps, ...stuckSteps(situation, interrupted)],
    undecided: judged.flatMap((one) => ("undecided" in one ? [one.undecided] : [])),
    held,
    notes: unknownReleases(situation),
  };
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

function unknownReleases({ state, clusters }: Situation): string[] {
  const known = [...resourcesOf(state), ...operationsOf(state).map(({ resource }) => resource)];
  const ids = new Set(
    known.filter(({ type }) => type === RELEASE).map((one) => `${providerOf(one)} ${one.id ?? knownId(one)}`),
  );
  return [...clusters].flatMap(([provider, view]) => {
    if ("unreachable" in view) return [`cluster ${nameOf(provider)} could not be asked: ${view.unreachable}`];
    const others = view.releases.filter(({ namespace, name }) => !ids.has(`${provider} ${namespace}/${name}`));
    const shown = others.map(({ namespace, name, status }) => `${namespace}/${name} (${status})`).sort();
    return others.length === 0
      ? []
      : [`cluster ${nameOf(provider)} has releases that are not in the state: ${shown.join(", ")}`];
  });
}
