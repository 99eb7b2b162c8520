import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Phase } from "../../rehearsal/engine-run";
import { foldersOf } from "../../rehearsal/folders";
import { type OnceLedger, type OnceRun, rehearseOnce } from "../../rehearsal/once";
import { run } from "../../rehearsal/process";
import { type StateResource, stateResources } from "../../rehearsal/state";

const phase = (name: string, more: Partial<Phase> = {}): Phase => {
  return { name, seconds: 1, created: 0, updated: 0, deleted: 0, same: 0, ...more };
};
const resource = (name: string, more: Partial<StateResource> = {}): StateResource => {
  return { urn: `urn:${name}`, type: "kubernetes:core/v1:Secret", protect: false, retainOnDelete: false, ...more };
};

/** An engine with a state, which a destroy empties unless something of it is protected. */
class FakeRun implements OnceRun {
  readonly did: string[] = [];
  constructor(
    private state: readonly StateResource[],
    private readonly behaviour: { refused?: string; takes?: number; previews?: Partial<Phase> } = {},
  ) {}
  async preview() {
    return phase("preview", this.behaviour.previews);
  }
  async refusedDestroy() {
    this.did.push("refused destroy");
    this.state = this.state.slice(this.behaviour.takes ?? 0);
    return { phase: phase("refused destroy"), problem: this.behaviour.refused };
  }
  async unprotect() {
    this.did.push("unprotect");
    this.state = this.state.map((one) => ({ ...one, protect: false }));
  }
  async destroy() {
    this.did.push("destroy");
    if (this.state.some(({ protect }) => protect)) throw new Error("protected");
    this.state = [];
    return phase("destroy");
  }
  async resources() {
    return [...this.state];
  }
}

describe("the end of a rehearsal", () => {
  const root = mkdtempSync(join(tmpdir(), "once-"));
  const folders = foldersOf(root, "prod");
  const asked: string[][] = [];
  const local = {
    leftOver: async (_: unknown, kept: ReadonlySet<string>) => {
      asked.push([...kept]);
      return { retained: [], left: [] };
    },
  };
  after(() => rmSync(root, { recursive: true }));
  const rehearse = async (fake: FakeRun) => {
    const ledger: OnceLedger = { phases: [], problems: [], retained: [] };
    await rehearseOnce({ run: fake, local, selected: [], folders }, ledger);
    return ledger;
  };

  it("is preview and destroy where nothing is protected", async () => {
    const fake = new FakeRun([resource("a")]);
    const ledger = await rehearse(fake);
    assert.deepEqual([fake.did, ledger.protected, ledger.problems], [["destroy"], undefined, []]);
  });

  it("knows what the program keeps, which is not left by mistake", async () => {
    const kept = { retainOnDelete: true, object: "Cluster shop-store-production-data/orders" };
    await rehearse(new FakeRun([resource("a", kept), resource("b", { object: "Secret shop/b" })]));
    assert.deepEqual(asked.at(-1), [kept.object]);
  });

  it("sees a plain destroy refused first where something is, and takes the protection off", async () => {
    const fake = new FakeRun([resource("a", { protect: true }), resource("b", { protect: true }), resource("c")]);
    const ledger = await rehearse(fake);
    assert.deepEqual(fake.did, ["refused destroy", "unprotect", "destroy"]);
    assert.deepEqual(
      ledger.phases.map(({ name }) => name),
      ["preview", "refused destroy", "destroy"],
    );
    assert.deepEqual([ledger.protected, ledger.problems], [2, []]);
  });

  it("does not hold where the refused destroy was none, or took something with it", async () => {
    const refused = "a plain destroy went through, although resources are protected";
    const ledger = await rehearse(
      new FakeRun([resource("a", { protect: true }), resource("b")], { refused, takes: 1 }),
    );
    assert.deepEqual(ledger.problems, [refused, "the refused destroy took 1 resources with it"]);
  });

  it("does not hold where the second preview changes something, or what is kept is gone", async () => {
    const kept = resource("bucket", { type: "aws:s3/bucket:Bucket", retainOnDelete: true });
    const ledger = await rehearse(new FakeRun([kept], { previews: { updated: 2 } }));
    assert.match(ledger.problems[0] ?? "", /would create 0, update 2 and delete 0 resources/);
    assert.match(ledger.problems[1] ?? "", /is to be kept \(retainOnDelete\), and is gone/);
  });
});

describe("a command that has said enough", () => {
  it("is ended with what it started, some time after", async () => {
    const started = Date.now();
    const script = "sleep 30 & echo pid $!; echo resource cannot be deleted; wait";
    const enough = { said: /cannot be deleted/, ms: 300 };
    const { code, output } = await run("/bin/sh", ["-c", script], { env: { PATH: process.env.PATH }, enough });
    assert.equal(code, null);
    assert.ok(Date.now() - started < 10_000);
    const pid = Number(/pid (\d+)/.exec(output)?.[1]);
    // Gone, or dead and waiting to be noticed by its new parent.
    const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
    assert.match(stdout.trim(), /^(Z.*)?$/);
  });

  it("ends by itself where it does so in time", async () => {
    const enough = { said: /no/, ms: 5000 };
    const { code } = await run("/bin/sh", ["-c", "echo no; exit 3"], { env: { PATH: process.env.PATH }, enough });
    assert.equal(code, 3);
  });
});

describe("the resources of an exported state", () => {
  const metadata = { name: "orders", namespace: "shop-data" };
  const cases: readonly (readonly [type: string, inputs: object | undefined, object: string | undefined])[] = [
    ["kubernetes:postgresql.cnpg.io/v1:Cluster", { kind: "Cluster", metadata }, "Cluster shop-data/orders"],
    ["kubernetes:core/v1:Namespace", { kind: "Namespace", metadata: { name: "shop" } }, "Namespace shop"],
    ["kubernetes:helm.sh/v3:Release", { name: "cilium" }, undefined],
    ["aws:s3/bucket:Bucket", { kind: "x", metadata }, undefined],
    ["openchoreo:tenants:Cell", undefined, undefined],
  ];
  for (const [type, inputs, object] of cases) {
    it(`of type ${type} are ${object ?? "nothing in a cluster"}`, () => {
      const [found] = stateResources([{ urn: "urn:a", type, inputs, retainOnDelete: true }]);
      assert.deepEqual([found?.object, found?.retainOnDelete, found?.protect], [object, true, false]);
    });
  }
});
