import assert from "node:assert/strict";
import { planRecovery } from "../../recovery/plan";
import { stepText } from "../../recovery/show";
import { resourcesOf, type StateResource } from "../../recovery/state";
import type { Plan, Situation } from "../../recovery/steps";
import { live, lock, release, resource, situation, state } from "./support/situations";

/** A plan as lines: what is done, and what is not. */
function lines(plan: Plan): string[] {
  return [
    ...plan.held.map(({ holder }) => `held: ${holder}`),
    ...plan.steps.map(
      (step) => `${stepText(step)}${"repair" in step && step.kind === "adopt" ? ", to be upgraded" : ""}`,
    ),
    ...plan.undecided.map(({ operation }) => `undecided: ${operation.resource.urn.split("::").at(-1)}`),
    ...plan.notes.map((note) => `note: ${note}`),
  ];
}

type Row = readonly [title: string, situation: Situation, ...lines: string[]];

function table(rows: readonly Row[]): void {
  for (const [title, given, ...expected] of rows) {
    it(title, () => assert.deepEqual(lines(planRecovery(given)), expected));
  }
}

const adopt = "take only.cilium into the state as system/cilium";
const fail = "mark release system/cilium, revision 1, as failed";
const upgrade = "have only.cilium upgraded";
const forget = (what = "creating") => `forget the interrupted ${what} of only.cilium`;
const known = release("cilium", { id: "system/cilium" });

describe("recovery: nothing was interrupted", () => {
  table([
    ["an empty stack", situation()],
    [
      "a stack whose releases are deployed",
      situation({ state: state([known]), view: { releases: [live("deployed")] } }),
    ],
    [
      "a stack whose release has failed, which the engine knows",
      situation({ state: state([known]), view: { releases: [live("failed")] } }),
    ],
  ]);
});

describe("recovery: a release that was being made", () => {
  const creating = (...releases: readonly ReturnType<typeof live>[]) =>
    situation({ state: state([], [["creating", release()]]), view: { releases } });
  table([
    ["that Helm does not know", creating(), forget()],
    ["that is deployed", creating(live("deployed")), adopt],
    [
      "that is deployed in another version",
      creating(live("deployed", { version: "1.2.2" })),
      `${adopt}, to be upgraded`,
    ],
    ["that is deployed from another chart", creating(live("deployed", { chart: "other" })), `${adopt}, to be upgraded`],
    ["that has failed", creating(live("failed")), `${adopt}, to be upgraded`],
    [
      "that is stuck, and holds nothing",
      creating(live("pending-install")),
      "uninstall release system/cilium of only.cilium",
    ],
    [
      "that is stuck, and may hold data",
      creating(live("pending-install", { data: ["StatefulSet store"] })),
      fail,
      `${adopt}, to be upgraded`,
    ],
    ["that somebody upgrades", creating(live("pending-upgrade")), fail, `${adopt}, to be upgraded`],
    [
      "twice, as it was interrupted twice",
      situation({
        state: state(
          [],
          [
            ["creating", release()],
            ["creating", release()],
          ],
        ),
        view: { releases: [live("deployed")] },
      }),
      adopt,
    ],
  ]);

  it("is not judged where its cluster cannot be asked, and says why", () => {
    const plan = planRecovery(
      situation({ state: state([], [["creating", release()]]), view: { unreachable: "refused" } }),
    );
    assert.deepEqual(lines(plan), ["undecided: only.cilium", "note: cluster only could not be asked: refused"]);
    assert.match(plan.undecided[0]?.why ?? "", /could not be asked: refused/);
  });
});

describe("recovery: a release that was being changed", () => {
  const during = (type: string, ...releases: readonly ReturnType<typeof live>[]) =>
    situation({ state: state([known], [[type, release("cilium", { id: "system/cilium" })]]), view: { releases } });
  table([
    ["and was changed", during("updating", live("deployed", { revision: 2 })), "read only.cilium anew"],
    ["and is stuck", during("updating", live("pending-upgrade")), fail, upgrade],
    ["and is stuck in a rollback", during("updating", live("pending-rollback")), fail, upgrade],
    ["and has failed", during("updating", live("failed")), upgrade],
    ["and is gone", during("updating"), "read only.cilium anew"],
    ["that was being deleted, and is gone", during("deleting"), "read only.cilium anew"],
    ["that was being deleted, and is half gone", during("deleting", live("uninstalling")), fail, upgrade],
    ["that was being deleted, and is there", during("deleting", live("deployed")), "read only.cilium anew"],
    [
      "by somebody else, with no operation of the engine's on record",
      situation({ state: state([known]), view: { releases: [live("pending-upgrade", { revision: 1 })] } }),
      fail,
      upgrade,
    ],
  ]);
});

describe("recovery: other resources", () => {
  const pending = (type: string, one: Record<string, unknown>, resources: Record<string, unknown>[] = []) =>
    situation({ state: state(resources, [[type, one]]) });
  const config = resource("kubernetes:core/v1:ConfigMap", "only.config", {
    inputs: { metadata: { name: "a", namespace: "b" } },
  });
  const autonamed = resource("kubernetes:core/v1:ConfigMap", "only.config", {
    inputs: { metadata: { name: "a-1f2e", namespace: "b", annotations: { "pulumi.com/autonamed": "true" } } },
  });
  const role = resource("aws:iam/role:Role", "deployer", { inputs: { name: "deployer" } });
  const vpc = resource("aws:ec2/vpc:Vpc", "east", { inputs: { cidrBlock: "10.1.0.0/16" } });
  const key = resource("tls:index/privateKey:PrivateKey", "root");
  const component = resource("openchoreo:addons:ClusterAddons", "only", { custom: false });
  table([
    [
      "an object that was being made: the server applies it",
      pending("creating", config),
      "forget the interrupted creating of only.config",
    ],
    [
      "an object whose name the provider made up",
      pending("creating", autonamed),
      "take only.config into the state as b/a-1f2e",
    ],
    [
      "an object that was being changed",
      pending("updating", config, [config]),
      "forget the interrupted updating of only.config",
    ],
    ["an object that was being deleted", pending("deleting", config, [config]), "read only.config anew"],
    ["an object that was deleted", pending("deleting", config), "forget the interrupted deleting of only.config"],
    ["a role of AWS, whose id is its name", pending("creating", role), "take deployer into the state as deployer"],
    ["a role of AWS without a name yet", pending("creating", { ...role, inputs: {} }), "undecided: deployer"],
    ["a network of AWS, whose id nobody knows", pending("creating", vpc), "undecided: east"],
    ["a network of AWS that was being changed", pending("updating", { ...vpc, id: "vpc-1" }, [vpc]), "read east anew"],
    ["a key, which is in the state alone", pending("creating", key), "forget the interrupted creating of root"],
    ["a component", pending("creating", component), "forget the interrupted creating of only"],
    ["something that was being read", pending("reading", vpc), "forget the interrupted reading of east"],
  ]);

  it("are as the user says", () => {
    const given = situation({
      state: state(
        [],
        [
          ["creating", vpc],
          ["creating", role],
        ],
      ),
    });
    const fate = new Map([
      ["east", "vpc-1"],
      ["deployer", null],
    ]);
    assert.deepEqual(lines(planRecovery(given, { fate })), [
      "take east into the state as vpc-1",
      "forget the interrupted creating of deployer",
    ]);
  });
});

describe("recovery: the lock", () => {
  const text = "release the lock of deployer on runner-1, process 4711, since 2026-11-25T10:00:00Z";
  table([
    ["of a process that is gone", situation({ locks: [lock("gone")] }), text],
    ["of a process that works", situation({ locks: [lock("working")] }), "held: working"],
    ["of a process elsewhere", situation({ locks: [lock("elsewhere")] }), "held: elsewhere"],
    ["of two, one of them at work", situation({ locks: [lock("gone"), lock("working")] }), "held: working"],
  ]);

  it("of whomever, where the user says so", () => {
    const plan = planRecovery(situation({ locks: [lock("working")] }), { forceUnlock: true });
    assert.deepEqual(lines(plan), [text]);
    assert.match(plan.steps[0]?.why ?? "", /--force-unlock/);
  });
});

describe("recovery: releases that the state does not know", () => {
  const [, wanted] = resourcesOf(state([release()]));
  assert.ok(wanted);
  const elsewhere = { ...wanted, provider: "urn:pulumi:live::openchoreo::pulumi:providers:kubernetes::other::1" };
  const unknown = (status: string, ...all: readonly StateResource[]) =>
    situation({ view: { releases: [live(status)] }, wanted: all });
  const left = (status: string) =>
    `note: cluster only has releases that are not in the state: system/cilium (${status})`;
  table([
    [
      "are shown and left alone, stuck or not",
      situation({ view: { releases: [live("deployed"), live("pending-install", { name: "other" })] } }),
      "note: cluster only has releases that are not in the state: system/cilium (deployed), system/other (pending-install)",
    ],
    ["and the program would make, are taken", unknown("deployed", wanted), adopt],
    ["and the program would make, and have failed", unknown("failed", wanted), `${adopt}, to be upgraded`],
    [
      "and the program would make, and are stuck",
      unknown("pending-install", wanted),
      "uninstall release system/cilium of only.cilium",
    ],
    ["and the program would make in another cluster, are left alone", unknown("deployed", elsewhere), left("deployed")],
  ]);
});
