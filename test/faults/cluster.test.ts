import assert from "node:assert/strict";
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { LocalCluster } from "../../rehearsal/clusters/kwok";
import type { Ended } from "../engine/support/cli";
import { kubectl } from "../engine/support/kubectl";
import { LiveStack } from "../engine/support/live-stack";
import { kwokctl } from "./support/cluster";
import { note, timed } from "./support/log";
import { atStep, recovered, stepsOf, succeeds, type Whole, wholeOf } from "./support/whole";

const ACCOUNT = ["--namespace", "kube-system", "deployer"] as const;

/** Whoever runs `up` logs in with a token, which ends when it is taken away. */
async function logIn({ kubeconfig }: LocalCluster): Promise<string> {
  const ok = async (...args: readonly string[]) => {
    const { ok: fine, output } = await kubectl(kubeconfig, ...args);
    assert.ok(fine, output);
    return output.trim();
  };
  await ok("create", "serviceaccount", ...ACCOUNT);
  const [, namespace, name] = ACCOUNT;
  await kubectl(
    kubeconfig,
    "create",
    "clusterrolebinding",
    name,
    "--clusterrole=cluster-admin",
    `--serviceaccount=${namespace}:${name}`,
  );
  const token = await ok("create", "token", ...ACCOUNT);
  const config = parse(readFileSync(kubeconfig, "utf8"));
  config.users[0].user = { token };
  const file = kubeconfig.replace(/\.yaml$/, "-by-token.yaml");
  writeFileSync(file, stringify(config), { mode: 0o600 });
  return file;
}

describe("what a stack needs taken away", () => {
  let stack: LiveStack;
  let up: Whole;
  let steps: number;

  before(async () => {
    stack = await LiveStack.start("poor", {}, logIn);
    const run = stack.up();
    await succeeds("an undisturbed up", () => run);
    steps = stepsOf(run.printed).length;
    up = await wholeOf(stack);
    await succeeds("destroy", () => stack.destroy());
  });
  afterEach(() => succeeds("destroy", () => stack.destroy()));
  after(() => stack?.stop());

  async function mended({ code, stdout, stderr }: Ended, says: RegExp): Promise<void> {
    if (code !== 0) assert.match(stdout + stderr, says);
    note(`    up ${code === 0 ? "went through" : "failed"}`);
    await recovered(stack);
    await succeeds("up", () => stack.up());
    assert.deepEqual(await wholeOf(stack), up);
  }

  it("its cluster, stopped and started again", async () => {
    const run = stack.up();
    note(`  cluster stopped at ${await atStep(run, Math.floor(steps / 2))}`);
    await kwokctl(stack, "stop");
    await kwokctl(stack, "start");
    await mended(await timed("    up", () => run.ended), /EOF|reset|timeout|refused|unreachable/i);
  });

  it("its token, which has ended", async () => {
    const run = stack.up();
    note(`  token ended at ${await atStep(run, Math.floor(steps / 2))}`);
    await kubectl(stack.cluster.kubeconfig, "delete", "serviceaccount", ...ACCOUNT);
    const ended = await timed("    up", () => run.ended);
    await logIn(stack.cluster);
    await mended(ended, /Unauthorized|provide credentials/i);
  });

  it("one of its charts", async () => {
    const { charts } = stack.project.folders(stack.name);
    const name = readdirSync(charts).find((one) => one.startsWith("cert-manager-")) ?? assert.fail("no chart");
    const [chart, aside] = [join(charts, name), join(charts, "..", "chart-aside")];
    const run = stack.up();
    note(`  chart cert-manager gone at ${await atStep(run, 5)}`);
    renameSync(chart, aside);
    const ended = await timed("    up", () => run.ended);
    renameSync(aside, chart);
    await mended(ended, /cert-manager/);
  });
});
