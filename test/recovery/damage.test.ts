import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { damageText, findDamage, mend } from "../../recovery/damage";
import { salvage } from "../../recovery/salvage";
import { temporaryFolder } from "../support/stack";

const RESOURCES = [
  {
    urn: "urn:pulumi:s::p::a:b:C::one",
    inputs: { text: 'a "quoted" } ] \\ text', list: [{}, [], [{ resources: [1] }]] },
  },
  { urn: "urn:pulumi:s::p::a:b:C::two", custom: true, outputs: { checkpoint: { latest: { resources: [{}, {}] } } } },
  { urn: "urn:pulumi:s::p::a:b:C::three", dependencies: [] },
];

const checkpoint = (resources: readonly unknown[]) => ({
  version: 3,
  checkpoint: {
    stack: "organization/p/s",
    latest: {
      manifest: { version: "v3" },
      secrets_providers: { type: "passphrase" },
      resources,
      pending_operations: [{}],
    },
  },
});

describe("a state that is cut off", () => {
  const text = JSON.stringify(checkpoint(RESOURCES));
  const ends = RESOURCES.map((one) => text.indexOf(JSON.stringify(one)) + JSON.stringify(one).length);

  it("is whole as far as its resources are, wherever it is cut", () => {
    for (let at = 0; at < text.length; at += 1) {
      const whole = ends.filter((end) => end <= at).length;
      const saved = salvage(text.slice(0, at));
      assert.equal(saved?.resources ?? 0, whole, `cut at ${at}`);
      if (saved === undefined) continue;
      const { latest } = JSON.parse(saved.text).checkpoint;
      assert.deepEqual(latest.resources, RESOURCES.slice(0, whole));
      assert.equal(latest.secrets_providers.type, "passphrase");
    }
  });

  it("is JSON whatever its resources hold", () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue(), { maxLength: 4 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, share) => {
          const own = values.map((value, index) => ({ urn: String(index), value }));
          const whole = JSON.stringify(checkpoint(own));
          const saved = salvage(whole.slice(0, Math.floor(whole.length * share)));
          if (saved === undefined) return;
          assert.deepEqual(JSON.parse(saved.text).checkpoint.latest.resources, own.slice(0, saved.resources));
        },
      ),
    );
  });

  describe("in a folder", () => {
    const folder = temporaryFolder();
    let file: string;
    const url = () => `file://${folder.path}`;
    beforeEach(() => {
      rmSync(join(folder.path, ".pulumi"), { recursive: true, force: true });
      const stacks = join(folder.path, ".pulumi/stacks/p");
      mkdirSync(stacks, { recursive: true });
      file = join(stacks, "s.json");
    });
    const write = (own: string, copy: string) => {
      writeFileSync(file, own);
      writeFileSync(`${file}.bak`, copy);
    };

    it("is none where the state is whole, is not there, or is elsewhere", () => {
      assert.equal(findDamage(url(), "p", "s"), undefined);
      write(text, "{");
      assert.equal(findDamage(url(), "p", "s"), undefined);
      write("{", "{");
      assert.equal(findDamage("s3://states", "p", "s"), undefined);
    });

    it("is taken from the copy of the state before where that has more, whole or not", () => {
      write(text.slice(0, ends[0]), text.slice(0, ends[1]));
      assert.deepEqual(pick(findDamage(url(), "p", "s")), { resources: 2, from: `${file}.bak` });
      write(text.slice(0, ends[1]), text);
      assert.deepEqual(pick(findDamage(url(), "p", "s")), { resources: 3, from: `${file}.bak` });
      write(text.slice(0, ends[1]), text.slice(0, ends[0]));
      assert.deepEqual(pick(findDamage(url(), "p", "s")), { resources: 2, from: file });
    });

    it("is refused where nothing can be read, with what to do", () => {
      write("", text.slice(0, 20));
      assert.throws(() => findDamage(url(), "p", "s"), /s\.json cannot be read.*pulumi stack import --file/);
    });

    it("is whole, but what is written beside it or beside its lock is empty: that goes", () => {
      const lock = join(folder.path, ".pulumi/locks/organization/p/s/1.json");
      mkdirSync(dirname(lock), { recursive: true });
      write(text, text);
      writeFileSync(lock, "{}");
      const broken = [`${file}.attrs`, `${lock}.attrs`];
      for (const one of broken) writeFileSync(one, "");
      writeFileSync(`${file}.bak.attrs`, "{}");
      const damage = findDamage(url(), "p", "s") ?? assert.fail("not found");
      assert.deepEqual(damage, { attributes: broken });
      assert.match(
        damageText(damage).join("\n"),
        /interrupted.*\nTo do:\n {2}remove .*s\.json\.attrs \(.*\n {2}remove .*1\.json/,
      );
      assert.equal(mend(damage, join(folder.path, "kept")), undefined);
      assert.equal(findDamage(url(), "p", "s"), undefined);
      assert.deepEqual(readdirSync(dirname(file)).sort(), ["s.json", "s.json.bak", "s.json.bak.attrs"]);
      assert.deepEqual(readdirSync(dirname(lock)), ["1.json"]);
    });

    it("is put in its place, and what was there is kept", () => {
      write(text.slice(0, ends[1]), "");
      const damage = findDamage(url(), "p", "s") ?? assert.fail("not found");
      assert.match(
        damageText(damage).join("\n"),
        /s\.json is cut off.*\nTo do:\n {2}write it anew with the 2 resources .* of s\.json /,
      );
      const kept = mend(damage, join(folder.path, "kept")) ?? assert.fail("not kept");
      assert.equal(readFileSync(kept, "utf8"), text.slice(0, ends[1]));
      assert.deepEqual(JSON.parse(readFileSync(file, "utf8")).checkpoint.latest.resources, RESOURCES.slice(0, 2));
      assert.equal(findDamage(url(), "p", "s"), undefined);
      assert.deepEqual(readdirSync(join(folder.path, ".pulumi/stacks/p")).sort(), ["s.json", "s.json.bak"]);
    });
  });
});

function pick(damage: ReturnType<typeof findDamage>) {
  const cut = damage?.cut;
  return cut && { resources: cut.resources, from: cut.from };
}
