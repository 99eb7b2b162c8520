import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { existingIn } from "../../../../rehearsal/existing";
import { Account } from "../../../../rehearsal/providers/aws/account";
import { AwsProvider } from "../../../../rehearsal/providers/aws/provider";
import { EXISTING } from "../../../../rehearsal/providers/aws/settings";
import { type PropertyMap, plain } from "../../../../rehearsal/providers/wire";
import { runStack } from "../../../support/fleet";
import { mockResource } from "../../../support/mocks";
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

describe("stand-in aws: the program of prod", () => {
  const world = new World();
  before(() => {
    process.env[EXISTING] = JSON.stringify(existingIn(stackConfig("prod")));
  });
  after(() => {
    delete process.env[EXISTING];
    world.end();
  });

  it("is accepted as a whole, with every reference in place", async () => {
    const mocks = new StandIns(world.file);
    await runStack("prod", { mocks });
    assert.ok(mocks.made.length > 200, `${mocks.made.length} resources`);
    assert.equal(mocks.made.filter(({ type }) => type === "eks/cluster:Cluster").length, 3);
  }).timeout(60_000);
});
