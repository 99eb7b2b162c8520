import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import openchoreo from "../../../../index";
import { existingIn } from "../../../../rehearsal/existing";
import { Account } from "../../../../rehearsal/providers/aws/account";
import { AwsProvider } from "../../../../rehearsal/providers/aws/provider";
import { EXISTING } from "../../../../rehearsal/providers/aws/settings";
import { type PropertyMap, plain } from "../../../../rehearsal/providers/wire";
import { runStack } from "../../../support/fleet";
import { mockResource } from "../../../support/mocks";
import { runProgram } from "../../../support/program";
import { stackConfig } from "../../../support/stack";
import { type Made, urnOf, World } from "./world";

/** The stand-in in the place of the usual mocks: a provider for each of the program's, all on one account. */
class StandIns implements pulumi.runtime.Mocks {
  readonly made: Made[] = [];
  private readonly providers = new Map<string, AwsProvider>();
  constructor(private readonly file: string) {}

  async newResource(args: pulumi.runtime.MockResourceArgs): Promise<{ id: string; state: PropertyMap }> {
    const { type, name, inputs, provider: reference } = args;
    if (type === "pulumi:providers:aws") this.add(name, inputs);
    if (!type.startsWith("aws:")) {
      const { id, state } = mockResource(args, {}, false);
      return { id: id ?? "", state };
    }
    const short = type.slice("aws:".length);
    const urn = urnOf(short, name);
    const provider = this.providerOf(reference);
    const checked = await provider.check(urn, {}, inputs);
    assert.deepEqual(checked.failures, [], urn);
    const { id, outs } = await provider.create(urn, checked.inputs ?? {}, false);
    this.made.push({
      type: short,
      name,
      id,
      inputs: checked.inputs ?? {},
      state: outs,
      region: String(outs.region ?? ""),
    });
    return { id, state: plain(outs) as PropertyMap };
  }

  async call({ token, inputs, provider }: pulumi.runtime.MockCallArgs): Promise<PropertyMap> {
    return this.providerOf(provider).invoke(token, inputs);
  }

  private add(name: string, inputs: PropertyMap): void {
    const provider = new AwsProvider("0.0.0", new Account(this.file));
    assert.deepEqual(provider.checkConfig(inputs).failures, [], name);
    provider.configure(inputs);
    this.providers.set(name, provider);
  }

  private providerOf(reference: string | undefined): AwsProvider {
    return this.providers.get(reference?.split("::")[3] ?? "") ?? assert.fail(`no provider ${reference}`);
  }
}

/** Runs a program on stand-ins, with what the stack's settings name in place; what it made. */
async function madeBy(stack: string, program: (mocks: StandIns) => Promise<unknown>): Promise<readonly Made[]> {
  process.env[EXISTING] = JSON.stringify(existingIn(stackConfig(stack)));
  const world = new World();
  try {
    const mocks = new StandIns(world.file);
    await program(mocks);
    return mocks.made;
  } finally {
    delete process.env[EXISTING];
    world.end();
  }
}

describe("stand-in aws: programs of this repository", () => {
  it("accept prod as a whole, with every reference in place", async () => {
    const made = await madeBy("prod", (mocks) => runStack("prod", { mocks }));
    assert.ok(made.length > 200, `${made.length} resources`);
    assert.equal(made.filter(({ type }) => type === "eks/cluster:Cluster").length, 3);
  }).timeout(60_000);

  it("accept the bootstrap stack likewise", async () => {
    const config = stackConfig("bootstrap");
    const made = await madeBy("bootstrap", (mocks) =>
      runProgram(() => openchoreo(), { stack: "bootstrap", config, mocks }),
    );
    assert.ok(made.length > 30, `${made.length} resources`);
    assert.equal(made.filter(({ type }) => type === "kms/key:Key").length, 3);
  }).timeout(60_000);
});
