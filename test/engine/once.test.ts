import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { releaseOf, selectAddons } from "../../components/addons";
import { planFleet } from "../../components/fleet";
import { ensurePlugins } from "../../rehearsal/plugins";
import type { Report } from "../../rehearsal/report";
import { readStack } from "../../rehearsal/stack-file";
import { assertCode, type Ended } from "./support/cli";
import { expectedClusters } from "./support/fleet";
import { type Isolation, traced } from "./support/isolation";
import { busyShare, holdMemory, holdTime } from "./support/machine";
import { processesOf } from "./support/processes";
import { CHECKOUT, Project } from "./support/project";
import { theEngine } from "./support/root";
import { step } from "./support/steps";
import { setTraps, type Traps } from "./support/traps";

const STACK = "dev";

/** What a rehearsal of dev may take, on two cores: its `up`, beside the quarter of a minute in which clusters start. */
const LIMITS = { seconds: 165, mib: 10_240 };

describe("rehearse dev --once, among poisoned credentials", () => {
  let project: Project;
  let traps: Traps;
  let watch: Isolation | string;
  let ended: Ended;
  let report: Report;
  let elsewhere: string;
  let busy: number;

  before(async () => {
    project = new Project({}, { whole: true });
    elsewhere = mkdtempSync(join(tmpdir(), "openchoreo-trap-"));
    traps = await setTraps(elsewhere, ["kind-control", "kind-east", "kind-west"]);
    watch = traced(join(elsewhere, "strace.out"));
    // Plugins are looked for in the network once in the life of an engine, which is not what is watched here.
    await ensurePlugins(await theEngine(), project.folders("plugins"), { say: () => {}, during: (_, work) => work() });
    const through = typeof watch === "string" ? [] : watch.through;
    busy = await busyShare();
    ended = await step(`rehearse ${STACK} --once`, () =>
      project.rehearse([STACK, "--once"], { env: traps.env, through }),
    );
    assertCode(ended, 0);
    report = project.report(STACK);
  });
  after(() => {
    traps?.stop();
    project?.remove();
    rmSync(elsewhere, { recursive: true, force: true });
  });

  it("writes the report in the promised shape", () => {
    const keys = ["stack", "clusters", "phases", "standIns", "releases", "simulated", "retained", "problems"].concat(
      ["longestChain", "policies"],
      process.platform === "linux" ? ["memory"] : [],
    );
    assert.deepEqual(Object.keys(report).sort(), keys.sort());
    assert.equal(report.stack, STACK);
    const kubeconfig = (name: string) => join(project.folders(STACK).kubeconfigs, `${name}.yaml`);
    assert.deepEqual(
      report.clusters,
      expectedClusters().map(({ name, planes }) => ({ name, planes, kubeconfig: kubeconfig(name) })),
    );
    for (const phase of report.phases) {
      assert.deepEqual(Object.keys(phase).sort(), ["created", "deleted", "name", "same", "seconds", "updated"]);
      const { name: _, ...numbers } = phase;
      for (const number of Object.values(numbers)) assert.ok(Number.isFinite(number) && number >= 0);
    }
    assert.deepEqual(Object.keys(report.standIns).sort(), ["charts", "providers"]);
    const texts = [report.standIns.providers, report.standIns.charts, report.problems, report.simulated].flat();
    assert.ok(texts.every((text) => typeof text === "string"));
    for (const release of report.releases) {
      assert.deepEqual(Object.keys(release).sort(), ["chart", "cluster", "name", "status", "version"]);
    }
    assert.deepEqual(report.problems, []);
    assert.deepEqual(report.policies, []);
  });

  it("deploys every release, changes nothing at the second preview, and destroys what it created", () => {
    const [up, preview, destroy, ...more] = report.phases;
    assert.deepEqual(more, []);
    assert.deepEqual([up?.name, preview?.name, destroy?.name], ["up", "preview", "destroy"]);
    const count = up?.created ?? 0;
    assert.ok(count > 150, `${count} resources`);
    const counts = ({ created, updated, deleted, same }: Report["phases"][number]) => [created, updated, deleted, same];
    // Secrets are read back that a controller writes a token into: each cluster's for its peers, and Argo CD's on the others.
    const others = expectedClusters().filter(({ planes }) => !planes.includes("control"));
    const known = count + expectedClusters().length + others.length;
    assert.deepEqual(report.phases.map(counts), [
      [count, 0, 0, 0],
      [0, 0, 0, known],
      [0, 0, known, 0],
    ]);
    const releases = report.releases.map(({ cluster, name, status }) => `${cluster} ${name} ${status}`);
    assert.deepEqual(releases.sort(), expectedReleases().sort());
    for (const { why } of report.retained) assert.notEqual(why, "");
  });

  it("says what it did, and names the stand-ins", () => {
    assert.match(ended.stdout, /^Rehearsal of dev: everything held$/m);
    for (const name of [...report.standIns.providers, ...report.standIns.charts]) {
      assert.ok(ended.stdout.includes(name), `${name} is not named`);
    }
    assert.match(ended.stderr, /^ +\d+:\d\d {2}up: done in /m);
  });

  it("takes no more memory than it may", function () {
    holdMemory(this, report, LIMITS.mib);
  });

  it("takes no longer than it may, on a machine of its own", function () {
    holdTime(this, report, busy, LIMITS.seconds);
  });

  it("leaves nothing running and nothing to clean up", () => {
    assert.deepEqual(processesOf(project.root), []);
    assert.deepEqual(project.remains(STACK), []);
  });

  it("uses no credential of the user's, and asks none of their servers", () => {
    assert.deepEqual(traps.sprung(), []);
  });

  it("connects to nothing outside this machine", function () {
    if (typeof watch === "string") {
      console.log(`      skipped: ${watch}`);
      this.skip();
    }
    assert.deepEqual(watch.outside(), []);
    assert.ok(watch.inside() > 50, `${watch.inside()} connections on this machine were seen`);
  });
});

/** Every release of every add-on, on the clusters that it is for. */
function expectedReleases(): string[] {
  const stack = readStack(CHECKOUT, STACK, []);
  if ("problems" in stack) throw new Error(JSON.stringify(stack.problems));
  const { clusters } = planFleet(stack.settings, STACK);
  return selectAddons(stack.settings.platform).flatMap(({ addon }) => {
    const release = releaseOf(addon);
    if (release === undefined) return [];
    return clusters.filter((cluster) => addon.on(cluster)).map(({ name }) => `${name} ${release} deployed`);
  });
}
