import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { assertCode } from "./support/cli";
import { Project, SOLO } from "./support/project";
import { Driver, manyTenants } from "./support/shards";
import { step } from "./support/steps";

const STACK = "speed";
/** About a thousand resources of tenants. */
const TENANTS = manyTenants(40, 5);
const TIMES_FASTER = 4;

describe("a thousand resources of tenants", () => {
  let project: Project;
  let driver: Driver;

  before(async () => {
    const config = { ...SOLO.config, "openchoreo:tenants": TENANTS, "openchoreo:shard": { count: 1 } };
    project = new Project({ [STACK]: { config } });
    assertCode(await step("up of the platform", () => project.rehearse([STACK])), 0);
    driver = await Driver.of(project, STACK);
  });
  after(async () => {
    if (project === undefined) return;
    await project.rehearse([STACK, "--destroy"]);
    project.remove();
  });

  /** Brings all tenants up in so many shards and takes them down again; seconds, and resources created. */
  async function timed(count: number): Promise<{ seconds: number; created: number }> {
    const file = join(driver.project, `Pulumi.${STACK}.yaml`);
    const content = parse(readFileSync(file, "utf8"));
    content.config["openchoreo:shard"] = { count };
    writeFileSync(file, stringify(content));
    const all = ["--stack", STACK, "--parallel", String(count), "--yes"];
    const ended = await step(`up in ${count} shards`, () => driver.run("up", ...all));
    assertCode(ended, 0);
    assertCode(await step(`destroy of ${count} shards`, () => driver.run("destroy", ...all)), 0);
    const [, created, seconds] = /^all +\d+ +(\d+) +\d+ +\d+ +\d+ +([0-9.]+)$/m.exec(ended.stdout) ?? [];
    return { seconds: Number(seconds), created: Number(created) };
  }

  it(`come up in four shards at least ${TIMES_FASTER} times as fast as in one, with the file backend and its checkpoints`, async () => {
    const four = await timed(4);
    const one = await timed(1);
    console.log(`      one stack ${one.seconds} s, four shards ${four.seconds} s, ${four.created} resources`);
    assert.ok(one.created > 900, `${one.created} resources`);
    assert.ok(one.seconds >= TIMES_FASTER * four.seconds, `${one.seconds} s and ${four.seconds} s`);
  });
});
