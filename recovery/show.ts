import { lockText } from "./lock";
import { interruptedIn } from "./plan";
import { nameOf } from "./state";
import type { Plan, Situation, Step } from "./steps";

/** What was interrupted, and what will be done about it, in words. */
export function situationText(stack: string, situation: Situation): string[] {
  const { locks } = situation;
  const operations = interruptedIn(situation);
  return [
    ...locks.map((lock) => `${stack} is locked by ${lockText(lock)}: ${HOLDERS[lock.holder]}`),
    ...(operations.length === 0 ? [] : [`Interrupted in ${stack}:`]),
    ...operations.map(({ type, resource }) => `  ${type} ${kindOf(resource.type)} ${nameOf(resource.urn)}`),
  ];
}

const HOLDERS = {
  gone: "it is gone",
  working: "it is at work",
  elsewhere: "whether it is at work can only be seen there",
} as const;

export function planText({ steps, undecided, notes }: Plan): string[] {
  return [
    ...(steps.length === 0 ? [] : ["To do:"]),
    ...steps.map((step) => `  ${stepText(step)} (${step.why})`),
    ...(undecided.length === 0 ? [] : ["To be decided by you, with --adopt <name>=<id> or --forget <name>:"]),
    ...undecided.map(({ operation, why }) => `  ${nameOf(operation.resource.urn)}: ${why}`),
    ...(notes.length === 0 ? [] : ["Left as it is:"]),
    ...notes.map((note) => `  ${note}`),
  ];
}

export function stepText(step: Step): string {
  switch (step.kind) {
    case "unlock":
      return `release the lock of ${step.locks.map(lockText).join("; ")}`;
    case "fail":
      return `mark release ${step.release.namespace}/${step.release.name}, revision ${step.release.revision}, as failed`;
    case "adopt":
      return `take ${nameOf(step.operation.resource.urn)} into the state as ${step.id}`;
    case "remove":
      return `uninstall release ${step.id} of ${nameOf(step.operation.resource.urn)}`;
    case "repair":
      return `have ${nameOf(step.urn)} upgraded`;
    case "refresh":
      return `read ${nameOf(step.urn)} anew`;
    case "forget":
      return `forget the interrupted ${step.operation.type} of ${nameOf(step.operation.resource.urn)}`;
  }
}

/** `Release` of `kubernetes:helm.sh/v3:Release`. */
function kindOf(type: string): string {
  return type.split(":").at(-1) ?? type;
}
