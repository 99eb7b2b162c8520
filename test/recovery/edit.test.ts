import assert from "node:assert/strict";
import { edited } from "../../recovery/edit";
import { planRecovery } from "../../recovery/plan";
import { asSecret, resourcesOf, revealed } from "../../recovery/state";
import type { ClusterView } from "../../recovery/steps";
import { live, PROVIDER, release, resource, situation, state } from "./support/situations";

const secret = asSecret({ password: "hunter2" });

/** The state after the plan for what was interrupted. */
function afterwards(
  pending: readonly (readonly [string, Record<string, unknown>])[],
  view: ClusterView,
  resources: Record<string, unknown>[] = [],
) {
  const given = situation({ state: state(resources, pending), view });
  return edited(given.state, planRecovery(given).steps);
}

describe("recovery: the state afterwards", () => {
  const deployed = { releases: [live("deployed")] };

  it("has what was adopted as the engine would have written it, after all that was there", () => {
    const one = release("cilium", { parent: "urn:p", dependencies: [PROVIDER], protect: true });
    const state = afterwards([["creating", one]], deployed);
    const [, adopted] = resourcesOf(state);
    const { inputs } = one;
    assert.deepEqual(adopted, {
      ...one,
      id: "system/cilium",
      outputs: { ...(inputs as object), __inputs: asSecret(inputs) },
    });
    assert.deepEqual(state.deployment?.pending_operations, []);
    assert.deepEqual(state.deployment?.manifest, { magic: "kept" });
  });

  it("has no dependency that is not there", () => {
    const one = release("cilium", {
      dependencies: [PROVIDER, "urn:gone"],
      propertyDependencies: { chart: ["urn:gone"], values: [PROVIDER], name: null },
    });
    const [, adopted] = resourcesOf(afterwards([["creating", one]], deployed));
    assert.deepEqual(adopted?.dependencies, [PROVIDER]);
    assert.deepEqual(adopted?.propertyDependencies, { chart: [], values: [PROVIDER], name: [] });
  });

  it("keeps secrets among the inputs as secrets", () => {
    const one = release("cilium");
    Object.assign(one.inputs as object, { values: secret });
    const [, adopted] = resourcesOf(afterwards([["creating", one]], deployed));
    assert.deepEqual(adopted?.inputs.values, secret);
    assert.deepEqual(adopted?.outputs?.values, secret);
    assert.deepEqual((revealed(adopted?.outputs?.__inputs) as { values: unknown }).values, { password: "hunter2" });
  });

  it("lets the engine uninstall what is to go, whatever the settings will protect", () => {
    const one = release("cilium", { protect: true, retainOnDelete: true });
    const [, removed] = resourcesOf(afterwards([["creating", one]], { releases: [live("pending-install")] }));
    assert.deepEqual([removed?.id, removed?.protect, removed?.retainOnDelete], ["system/cilium", false, false]);
  });

  it("says of what is to be upgraded why", () => {
    const [, adopted] = resourcesOf(afterwards([["creating", release()]], { releases: [live("failed")] }));
    assert.deepEqual(adopted?.initErrors, ["Helm was interrupted: failed"]);
    const known = release("cilium", { id: "system/cilium", outputs: { status: {} } });
    const [, repaired] = resourcesOf(
      afterwards([["updating", known]], { releases: [live("pending-upgrade")] }, [known]),
    );
    assert.deepEqual(repaired, { ...known, initErrors: ["Helm was interrupted: pending-upgrade"] });
  });

  it("has what replaces another beside it, which goes at the next up, unless it is gone or the same", () => {
    const role = (id: string, more = {}) =>
      resource("aws:iam/role:Role", "role", { id, inputs: { name: id }, ...more });
    const adopted = (old: Record<string, unknown>) =>
      resourcesOf(afterwards([["creating", role("new")]], deployed, [old]))
        .slice(1)
        .map(({ id, delete: goes }) => [id, goes]);
    assert.deepEqual(adopted(role("old")), [
      ["old", true],
      ["new", undefined],
    ]);
    assert.deepEqual(adopted(role("old", { pendingReplacement: true })), [["new", undefined]]);
    assert.deepEqual(adopted(role("new")), [["new", undefined]]);
    assert.deepEqual(adopted(role("older", { delete: true })), [
      ["older", true],
      ["new", undefined],
    ]);
  });

  it("is the same where nothing of it was to be changed", () => {
    const known = resource("kubernetes:core/v1:ConfigMap", "only.config", { id: "b/a", custom: true });
    assert.deepEqual(resourcesOf(afterwards([["updating", known]], deployed, [known])).slice(1), [known]);
  });
});
