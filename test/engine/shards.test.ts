import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { shardOf } from "../../components/settings";
import { edit } from "../support/settings";
import { assertCode } from "./support/cli";
import { type KubeObject, list } from "./support/kubectl";
import { Project, SOLO } from "./support/project";
import { Driver, manyTenants } from "./support/shards";
import { readState } from "./support/state";
import { step } from "./support/steps";

const STACK = "sharded";
const COUNT = 16;
const TENANTS = manyTenants(20, 2);

/** Tenants' namespaces, with what only a new object would have. */
async function namespaces(kubeconfig: string): Promise<Map<string, string>> {
  const all = await list(kubeconfig, "namespaces");
  const own = all.filter(({ metadata }: KubeObject) => metadata.labels?.["choreo.dev/tenant"] !== undefined);
  return new Map(own.map(({ metadata: { name, uid } }) => [name, uid]));
}

describe("the tenants of a stack in sixteen shards", () => {
  let project: Project;
  let driver: Driver;
  let kubeconfig: string;
  let first: Map<string, string>;

  before(async () => {
    const config = { ...SOLO.config, "openchoreo:tenants": TENANTS, "openchoreo:shard": { count: COUNT } };
    project = new Project({ [STACK]: { config } });
    assertCode(await step("up of the platform", () => project.rehearse([STACK])), 0);
    driver = await Driver.of(project, STACK);
    kubeconfig = join(project.folders(STACK).kubeconfigs, "only.yaml");
  });
  after(async () => {
    if (project === undefined) return;
    await project.rehearse([STACK, "--destroy"]);
    project.remove();
  });

  const state = (shard: number) => readState(project.folders(STACK), `${STACK}-tenants-${shard}`);
  const holders = (tenant: string) =>
    Array.from({ length: COUNT + 1 }, (_, shard) => shard).filter((shard) => {
      try {
        return [...state(shard).keys()].some((urn) => urn.includes(`::only.${tenant}-app-`));
      } catch {
        return false;
      }
    });

  it("are none of the platform's own stack", () => {
    const urns = [...readState(project.folders(STACK), STACK).keys()];
    assert.ok(urns.length > 10);
    assert.deepEqual(
      urns.filter((urn) => urn.includes("team-")),
      [],
    );
  });

  it("are brought up by one command, each in the shard of its name", async () => {
    const ended = await step("up of sixteen shards", () =>
      driver.run("up", "--stack", STACK, "--parallel", "3", "--yes"),
    );
    assertCode(ended, 0);
    assert.match(ended.stdout, new RegExp(`up of ${COUNT} shards in [0-9.]+ s: all of them are done`));
    first = await namespaces(kubeconfig);
    assert.equal(first.size, 40);
    for (const tenant of Object.keys(TENANTS)) assert.deepEqual(holders(tenant), [shardOf(tenant, COUNT)], tenant);
  });

  it("make nothing but providers and what belongs to tenants", () => {
    const types = new Set(
      Array.from({ length: COUNT }, (_, shard) => [...state(shard).values()].map(({ type }) => type)).flat(),
    );
    assert.deepEqual(
      [...types].filter((type) => /helm|addons|clusters|mesh/.test(type)),
      [],
    );
  });

  it("show no change afterwards", async () => {
    const ended = await step("preview", () => driver.run("preview", "--stack", STACK, "--parallel", "3"));
    assertCode(ended, 0);
    assert.match(ended.stdout, /^all +20 +0 +0 +0 +\d+ /m);
  });

  it("say which is where", async () => {
    const ended = await step("list", () => driver.run("list", "--stack", STACK));
    assertCode(ended, 0);
    assert.match(
      ended.stdout,
      new RegExp(`^${STACK}-tenants-${shardOf("team-00", COUNT)}: [\\s\\S]*^ {2}team-00: \\d+ resources$`, "m"),
    );
  });

  it("are refused where settings place one in another shard before it was moved there", async () => {
    const file = join(driver.project, `Pulumi.${STACK}.yaml`);
    const text = readFileSync(file, "utf8");
    const from = shardOf("team-00", COUNT);
    const to = (from + 1) % COUNT;
    const changed = edit(parse(text), { "config.openchoreo:shard": { count: COUNT, pins: { "team-00": to } } });
    writeFileSync(file, stringify(changed));
    const ended = await driver.run("up", "--stack", STACK, "--parallel", "3", "--yes", "--continue-on-error");
    assertCode(ended, 1);
    assert.match(
      ended.stdout,
      new RegExp(
        `${STACK}-tenants-${from} failed:\\n.*has the resources of team-00, which settings place in another shard`,
      ),
    );
    assert.deepEqual(await namespaces(kubeconfig), first);
    writeFileSync(file, text);
  });

  it("move from state to state, and nothing in a cluster is touched", async () => {
    const from = shardOf("team-00", COUNT);
    const to = (from + 1) % COUNT;
    const ended = await step("move", () =>
      driver.run("move", "team-00", "--from", String(from), "--to", String(to), "--stack", STACK),
    );
    assertCode(ended, 0);
    assert.match(ended.stdout, new RegExp(`${STACK}-tenants-${from}: a preview shows no change`));
    assert.match(ended.stdout, new RegExp(`${STACK}-tenants-${to}: a preview shows no change`));
    assert.deepEqual(holders("team-00"), [to]);
    assert.deepEqual(await namespaces(kubeconfig), first);
    assert.deepEqual(parse(driver.file(STACK)).config["openchoreo:shard"], { count: COUNT, pins: { "team-00": to } });
  });

  it("go on in one shard more, which takes its share", async () => {
    const ended = await step("reshard", () => driver.run("reshard", "--stack", STACK, "--shards", String(COUNT + 1)));
    assertCode(ended, 0);
    assert.deepEqual(await namespaces(kubeconfig), first);
    const list_ = await driver.run("list", "--stack", STACK);
    assertCode(list_, 0);
    const preview = await step("preview", () => driver.run("preview", "--stack", STACK, "--parallel", "3"));
    assert.match(preview.stdout, /^all +20 +0 +0 +0 +\d+ /m);
  });

  it("go, and leave nothing", async () => {
    const ended = await step("destroy", () => driver.run("destroy", "--stack", STACK, "--parallel", "3", "--yes"));
    assertCode(ended, 0);
    assert.deepEqual([...(await namespaces(kubeconfig)).keys()], []);
  });
});
