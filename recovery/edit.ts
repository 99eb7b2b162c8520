import { RELEASE } from "./ids";
import { asSecret, type ExportedState, nameOf, type Operation, revealed, type StateResource, textInput } from "./state";
import type { Step } from "./steps";

/** The state as the steps make it; no operation is pending in it any more. */
export function edited(state: ExportedState, steps: readonly Step[]): ExportedState {
  if (state.deployment === null) return state;
  let resources: readonly StateResource[] = state.deployment.resources;
  for (const step of steps) {
    if (step.kind === "adopt") resources = withAdopted(resources, adopted(step.operation, step.id, step.repair));
    if (step.kind === "remove") {
      // In the state for as long as the engine needs to uninstall it: what will be protected is not there yet.
      const own = { ...adopted(step.operation, step.id), protect: false, retainOnDelete: false };
      resources = withAdopted(resources, own);
    }
    if (step.kind === "repair") {
      const { urn, repair } = step;
      resources = resources.map((one) => (one.urn === urn ? { ...one, initErrors: [repair] } : one));
    }
  }
  return { ...state, deployment: { ...state.deployment, resources: [...resources], pending_operations: [] } };
}

const PROVIDER = "pulumi:providers:kubernetes";

/** The state with the kubeconfigs that are valid now, by name of the cluster, which is that of its provider. */
export function withKubeconfigs(state: ExportedState, fresh: ReadonlyMap<string, string>): ExportedState {
  if (state.deployment === null) return state;
  const resources = state.deployment.resources.map((one) => {
    const kubeconfig = one.type === PROVIDER ? fresh.get(nameOf(one.urn)) : undefined;
    if (kubeconfig === undefined || textInput(one, "kubeconfig") === kubeconfig) return one;
    const secret = asSecret(kubeconfig);
    return { ...one, inputs: { ...one.inputs, kubeconfig: secret }, outputs: { ...one.outputs, kubeconfig: secret } };
  });
  return { ...state, deployment: { ...state.deployment, resources } };
}

/** Whether the steps change the state beside what the engine itself does. */
export function changesState(steps: readonly Step[]): boolean {
  return steps.some(({ kind }) => kind !== "unlock" && kind !== "fail");
}

/** An interrupted creation as the engine would have written it down at its end. */
function adopted({ resource }: Operation, id: string, repair?: string): StateResource {
  const inputs = revealed(resource.inputs);
  // The Kubernetes provider keeps what a release was made from beside what came out. Source: pulumi-kubernetes,
  // `checkpointRelease`; without it a read would take the live values for the settings' own.
  const outputs =
    resource.type === RELEASE ? { ...resource.inputs, __inputs: asSecret(inputs) } : { ...resource.inputs };
  return { ...resource, id, outputs, ...(repair === undefined ? {} : { initErrors: [repair] }) };
}

/** Without dependencies that are not there, which the engine refuses; the next `up` writes them all. */
function onlyKnown(own: StateResource, resources: readonly StateResource[]): StateResource {
  const known = new Set(resources.map(({ urn }) => urn));
  const { dependencies, propertyDependencies, ...rest } = own;
  const kept = (urns: readonly string[] | null | undefined) => (urns ?? []).filter((urn) => known.has(urn));
  const byProperty = Object.entries(propertyDependencies ?? {}).map(([key, urns]) => [key, kept(urns)] as const);
  return {
    ...rest,
    ...(dependencies && { dependencies: kept(dependencies) }),
    ...(propertyDependencies && { propertyDependencies: Object.fromEntries(byProperty) }),
  };
}

/**
 * At the end, after all that it depends on. What the state has of it already is the same thing, or one that was to be
 * replaced: that one is gone already, or is deleted by the next `up`.
 */
function withAdopted(resources: readonly StateResource[], own: StateResource): StateResource[] {
  const others = resources.flatMap((one) => {
    if (one.urn !== own.urn || one.delete === true) return [one];
    return one.pendingReplacement === true || one.id === own.id ? [] : [{ ...one, delete: true }];
  });
  return [...others, onlyKnown(own, others)];
}
