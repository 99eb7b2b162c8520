import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { stackSecrets } from "../../components/addons";
import { FORMATS } from "../../plan/args";
import { rehearsalEnvironment } from "../../rehearsal/environment";
import { run } from "../../rehearsal/process";
import { readStack, rehearsedSecret } from "../../rehearsal/stack-file";
import { find, type Needle } from "../support/needles";
import { prodWithSecrets, WITH_SECRETS } from "../support/secret-settings";
import { assertCode } from "./support/cli";
import { processesOf } from "./support/processes";
import { CHECKOUT, Project } from "./support/project";
import { theEngine } from "./support/root";
import { everySpelling, filesBelow, madeSecrets } from "./support/secrets";
import { step } from "./support/steps";

const STACK = "prod";

/** A machine that others use too takes longer, and says nothing of the program. */
const LONGEST_MS = 1_500_000;

describe("secrets of prod, with one in every setting that takes one on EKS", function () {
  this.timeout(LONGEST_MS);
  let project: Project;
  let marked: Needle[];
  let needles: Needle[];
  let printed = "";

  before(async () => {
    project = new Project({ [STACK]: { config: prodWithSecrets(WITH_SECRETS["on EKS"] ?? {}) } }, { whole: true });
    marked = marks();
    const ended = await step(`rehearse ${STACK}`, () => project.rehearse([STACK], { limitMs: LONGEST_MS }));
    printed = ended.stdout + ended.stderr;
    assertCode(ended, 0);
    const made = madeSecrets((await pulumi("stack", "export", "--show-secrets")).output);
    assert.ok(made.length > 200, `${made.length} spellings of keys and passwords`);
    needles = [...marked, ...made];
  });
  after(async () => {
    if (project === undefined) return;
    await step(`--destroy of ${STACK}`, () => project.rehearse([STACK, "--destroy"], { limitMs: LONGEST_MS }));
    assert.deepEqual(processesOf(project.root), []);
    project.remove();
  });

  /** The texts that the rehearsal put into the secrets of the stack. */
  function marks(): Needle[] {
    const checked = readStack(project.root, STACK, []);
    assert.ok("settings" in checked, JSON.stringify(checked));
    const keys = Object.keys(stackSecrets(checked.settings.platform));
    assert.ok(keys.length > 8, keys.join());
    return keys.flatMap((key) => everySpelling(`secret ${key}`, rehearsedSecret(key)));
  }

  /** Runs the engine's CLI on the rehearsed stack. */
  async function pulumi(...args: readonly string[]) {
    const folders = project.folders(STACK);
    const engine = await theEngine();
    return run(engine.file("pulumi"), [...args, "--stack", STACK], {
      cwd: folders.project,
      env: rehearsalEnvironment(folders, { path: process.env.PATH ?? "" }),
    });
  }

  it("are all in the state, encrypted: an export with the passphrase has each of them", async () => {
    const { code, output } = await pulumi("stack", "export", "--show-secrets");
    assert.equal(code, 0);
    const found = new Set(find(output, marked));
    assert.deepEqual(
      [...new Set(marked.map(({ of }) => of))].filter((of) => !found.has(of)),
      [],
    );
  });

  it("are in plain text in no file of the state, the log, the reports and the stand-in's account", () => {
    const { base, clusters, kubeconfigs, credentials } = project.folders(STACK);
    // The clusters are where secrets are meant to get to.
    const apart = [clusters, kubeconfigs, credentials];
    const files = filesBelow(base).filter((file) => !apart.some((folder) => file.startsWith(folder)));
    for (const kind of [
      "state/.pulumi/stacks/",
      "state/.pulumi/history/",
      "log/",
      "aws/account.jsonl",
      "report.json",
    ]) {
      assert.ok(
        files.some((file) => relative(base, file).startsWith(kind)),
        `no ${kind} to look at`,
      );
    }
    const leaks = files.flatMap((file) =>
      find(readFileSync(file, "utf8"), needles).map((of) => `${relative(base, file)}: ${of}`),
    );
    assert.deepEqual(leaks, []);
  });

  it("are not printed, nor in the outputs that anybody may read", async () => {
    assert.match(printed, /Rehearsal of prod: everything held/);
    assert.deepEqual(find(printed, needles), []);
    const { code, output } = await pulumi("stack", "output", "--json");
    assert.equal(code, 0);
    assert.match(output, /"kubeconfigs": "\[secret\]"/);
    assert.deepEqual(find(output, needles), []);
  });

  it("are in no plan, in any form", () => {
    const folder = join(project.root, "plans");
    mkdirSync(folder);
    for (const format of FORMATS) {
      const file = join(folder, format);
      const args = ["--import", "tsx", join(CHECKOUT, "plan/main.ts"), STACK, "--format", format, "--out", file];
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: project.root, encoding: "utf8" });
      assert.ok(status === 0 || status === 3, stderr);
      assert.deepEqual(find(readFileSync(file, "utf8") + stdout + stderr, needles), [], format);
    }
  });

  it("and kubeconfigs are for their owner alone, and only below the folder that Git ignores", () => {
    const { base, kubeconfigs } = project.folders(STACK);
    assert.match(readFileSync(join(CHECKOUT, ".gitignore"), "utf8"), /^\.rehearsal\/$/m);
    const found = filesBelow(project.root).filter((file) => isKubeconfig(file));
    assert.ok(found.filter((file) => file.startsWith(kubeconfigs)).length >= 3, found.join());
    const wrong = found.filter((file) => !file.startsWith(base) || (statSync(file).mode & 0o777) !== 0o600);
    assert.deepEqual(wrong, []);
  });
});

/** Whether a file has credentials of a cluster, as a kubeconfig has them. */
function isKubeconfig(file: string): boolean {
  if (statSync(file).size > 1_000_000) return false;
  const text = readFileSync(file, "utf8");
  return /^(kind: Config|current-context:)/m.test(text) && /client-key-data|client-key:|token:/.test(text);
}
