import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { otherPlan } from "../../../plan/against/other";
import { readPlan } from "../../../plan/against/read";
import { PLAN_VERSION } from "../../../plan/model";
import { ROOT, temporaryFolder } from "../../support/stack";

/** What a program of another commit would write. */
const PLAN = {
  version: PLAN_VERSION,
  stack: "dev",
  clusters: [],
  resources: [],
  tenants: [],
  endpoints: [],
  certificates: [],
};

describe("a plan to compare with, from a file", () => {
  const call = { stack: "dev", against: "plan.json" };

  it("is read", () => assert.deepEqual(readPlan(JSON.stringify(PLAN), call), PLAN));

  const refused: readonly (readonly [string, string, RegExp])[] = [
    ["no JSON", "{", /--against plan\.json is no JSON/],
    ["another JSON", "[]", /is no plan of this version/],
    ["another version", JSON.stringify({ ...PLAN, version: 99 }), /is no plan of this version/],
    ["resources without URNs", JSON.stringify({ ...PLAN, resources: [{}] }), /is no plan of this version/],
    [
      "a cluster that is nothing",
      JSON.stringify({ ...PLAN, clusters: [null] }),
      /\(clusters\[0\]: .*\); make one: npm run/,
    ],
    [
      "a tenant without components",
      JSON.stringify({ ...PLAN, tenants: [{ name: "a" }] }),
      /tenants\[0\]\.components: /,
    ],
    ["an endpoint without ports", JSON.stringify({ ...PLAN, endpoints: [{ host: "a" }] }), /endpoints\[0\]\.ports: /],
    ["a certificate that is a text", JSON.stringify({ ...PLAN, certificates: ["a"] }), /certificates\[0\]: /],
    ["another stack", JSON.stringify({ ...PLAN, stack: "prod" }), /is a plan of prod, not of dev/],
  ];
  for (const [title, text, message] of refused)
    it(`is refused where it is ${title}`, () => assert.throws(() => readPlan(text, call), message));
});

describe("a plan to compare with, from a Git ref", () => {
  const folder = temporaryFolder();
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-C", folder.path, "-c", "user.name=t", "-c", "user.email=t@test", ...args]);

  before(() => {
    git("init", "--quiet", "--initial-branch=main");
    folder.write("README.md", "empty");
    git("add", ".");
    git("commit", "--quiet", "--message=without a plan");
    git("tag", "old");
    mkdirSync(join(folder.path, "plan"));
    // Its own program: what it writes says that it was this one that ran, and with what.
    const program = `import { writeFileSync } from "node:fs";
const [stack = "", , , , out = ""] = process.argv.slice(2);
writeFileSync(out, JSON.stringify({ ...${JSON.stringify(PLAN)}, stack, domain: process.cwd() }));
process.exit(3);`;
    writeFileSync(join(folder.path, "plan/main.ts"), program);
    folder.write("Pulumi.dev.yaml", "config: {}");
    folder.write("package.json", "{}");
    git("add", ".");
    git("commit", "--quiet", "--message=with a plan");
    symlinkSync(join(ROOT, "node_modules"), join(folder.path, "node_modules"));
    folder.write("Pulumi.dev.yaml", "not committed");
  });

  it("is made by that commit's own program, in a work tree that is gone afterwards", async () => {
    const others = () => readdirSync(tmpdir()).filter((name) => name.startsWith("plan-against-")).length;
    const before = others();
    const { plan, name } = await otherPlan({ root: folder.path, stack: "dev", against: "main" });
    assert.match(name, /^main \([0-9a-f]{12}\)$/);
    assert.match(plan.domain ?? "", /plan-against-/);
    assert.equal(others(), before);
    assert.equal(git("worktree", "list").toString().trim().split("\n").length, 1);
  });

  it("has nothing where the stack is not there yet", async () => {
    const { plan } = await otherPlan({ root: folder.path, stack: "prod", against: "HEAD" });
    assert.deepEqual([plan.stack, plan.resources], ["prod", []]);
  });

  it("is refused for a commit that is older than the command", async () => {
    await assert.rejects(otherPlan({ root: folder.path, stack: "dev", against: "old" }), /has no plan\//);
  });

  for (const against of ["nowhere", "--output=/tmp/x", ""])
    it(`is refused for "${against}"`, async () => {
      await assert.rejects(otherPlan({ root: folder.path, stack: "dev", against }), /is neither a file nor a commit/);
    });
});
