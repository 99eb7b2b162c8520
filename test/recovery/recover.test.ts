import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { planRecovery } from "../../recovery/plan";
import { PulumiError } from "../../recovery/pulumi";
import { carryOut, LockedError, prepare, type RecoverArgs } from "../../recovery/recover";
import { type ExportedState, nameOf } from "../../recovery/state";
import type { Decisions, Situation } from "../../recovery/steps";
import { temporaryFolder } from "../support/stack";
import { live, lock, release, resource, situation, state } from "./support/situations";

const LOCKED = (host: string) =>
  `error: the stack is currently locked by 1 lock(s).\n  s3://states/1.json: created by deployer@${host} (pid 4711) at 2026-11-25T10:00:00Z`;

describe("recovery: what is carried out", () => {
  const folder = temporaryFolder();
  let done: string[];
  let imported: ExportedState | undefined;
  beforeEach(() => {
    done = [];
    imported = undefined;
  });

  /** A CLI that does nothing but note it; `refusal` is said to the first import. */
  function args(more: Partial<RecoverArgs> = {}, refusal?: string): RecoverArgs {
    let refused = refusal;
    const names = (urns: readonly string[]) => urns.map(nameOf).join(" ");
    return {
      stack: "live",
      project: "openchoreo",
      pulumi: {
        backend: async () => "s3://states",
        export: async ({ plain }) => ({ text: plain ? "plain" : "encrypted", state: state() }),
        import: async (changed) => {
          done.push("import");
          if (refused !== undefined) {
            const said = refused;
            refused = undefined;
            throw new PulumiError(["stack", "import"], said);
          }
          imported = changed;
        },
        cancel: async () => void done.push("cancel"),
        refresh: async (urns) => void done.push(`refresh ${names(urns)}`),
        destroy: async (urns) => void done.push(`destroy ${names(urns)}`),
      },
      machine: { host: "runner-1", commandOf: () => undefined },
      backups: join(folder.path, "backups"),
      say: () => {},
      ...more,
    };
  }

  async function run(given: Situation, with_: RecoverArgs, decisions?: Decisions): Promise<void> {
    const clusters = { fail: async (_: string, one: { readonly name: string }) => void done.push(`fail ${one.name}`) };
    await carryOut({ situation: given, plan: planRecovery(given, decisions), clusters }, with_);
  }

  const creating = (status: string, more = {}) =>
    situation({ state: state([], [["creating", release()]]), view: { releases: [live(status, more)] } });

  it("is nothing, where there is nothing to do", async () => {
    await run(situation(), args());
    assert.deepEqual(done, []);
  });

  it("is the lock alone, where that is all: the state is not written", async () => {
    await run(situation({ locks: [lock("gone")] }), args());
    assert.deepEqual(done, ["cancel"]);
  });

  it("is the lock first, then what Helm has, then the state, then what the engine reads", async () => {
    const known = resource("kubernetes:core/v1:Secret", "gone", { id: "a/b" });
    const given = situation({
      locks: [lock("gone")],
      state: state(
        [known],
        [
          ["creating", release("cilium")],
          ["creating", release("other")],
          ["deleting", known],
        ],
      ),
      view: { releases: [live("pending-upgrade"), live("deployed", { name: "other", chart: "other" })] },
    });
    await run(given, args());
    // What is to be upgraded is not read: a read would say that all is well with it.
    assert.deepEqual(done, ["cancel", "fail cilium", "import", "refresh only.other gone"]);
    assert.deepEqual(imported?.deployment?.pending_operations, []);
  });

  it("uninstalls by the engine what is in the state for that", async () => {
    await run(creating("pending-install"), args());
    assert.deepEqual(done, ["import", "destroy only.cilium"]);
    assert.equal(imported?.deployment?.resources.at(-1)?.id, "system/cilium");
  });

  it("keeps the state as it was, encrypted, before it is written", async () => {
    const backups = join(folder.path, "kept");
    await run(creating("deployed"), args({ backups }));
    const [file, ...others] = readdirSync(backups);
    assert.deepEqual(others, []);
    assert.match(file ?? "", /^live-2.*\.json$/);
    assert.equal(readFileSync(join(backups, file ?? ""), "utf8"), "encrypted");
  });

  describe("where only the engine sees the lock", () => {
    it("goes on when its process is gone", async () => {
      await run(creating("deployed"), args({}, LOCKED("runner-1")));
      assert.deepEqual(done, ["import", "cancel", "import", "refresh only.cilium"]);
    });

    const held: readonly (readonly [title: string, said: string, ...holders: string[]])[] = [
      ["a process elsewhere", LOCKED("laptop"), "elsewhere"],
      ["an update of Pulumi Cloud", "error: [409] Conflict: Another update is currently in progress."],
    ];
    for (const [title, said, ...holders] of held) {
      it(`stops at ${title}, unless told otherwise`, async () => {
        await assert.rejects(run(creating("deployed"), args({}, said)), (error) => {
          assert.ok(error instanceof LockedError);
          assert.deepEqual(
            error.locks.map(({ holder }) => holder),
            holders,
          );
          return true;
        });
        assert.deepEqual(done, ["import"]);
        done = [];
        await run(creating("deployed"), args({ decisions: { forceUnlock: true } }, said));
        assert.deepEqual(done, ["import", "cancel", "import", "refresh only.cilium"]);
      });
    }

    it("passes on what is no lock", async () => {
      await assert.rejects(run(creating("deployed"), args({}, "error: no access")), /no access/);
      assert.deepEqual(done, ["import"]);
    });
  });

  it("is planned from what the CLI exports, and changes nothing by that", async () => {
    const { plan, situation: seen, locksSeen } = await prepare(args());
    assert.equal(locksSeen, false);
    assert.deepEqual([plan.steps, plan.undecided, plan.held], [[], [], []]);
    assert.deepEqual(seen.locks, []);
    assert.deepEqual([...seen.clusters.values()], [{ unreachable: "its kubeconfig is not known yet" }]);
    assert.deepEqual(done, []);
  });
});
