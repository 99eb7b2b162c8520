import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Account, type Item } from "../../../../rehearsal/providers/aws/account";
import type { Faults } from "../../../../rehearsal/providers/aws/faults";
import { AwsProvider } from "../../../../rehearsal/providers/aws/provider";
import type { Difference } from "../../../../rehearsal/providers/serve";
import { type PropertyMap, plain } from "../../../../rehearsal/providers/wire";

export const ACCOUNT_ID = "123456789012";

/** Something that was made. */
export interface Made {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly inputs: PropertyMap;
  readonly state: PropertyMap;
  readonly region: string;
}

/** A token from its short form: `ec2/vpc:Vpc`. */
export function urnOf(type: string, name: string): string {
  return `urn:pulumi:test::openchoreo::my:component:Type$aws:${type}::${name}`;
}

/** What is not there does not travel. */
function onWire(args: PropertyMap): PropertyMap {
  return JSON.parse(JSON.stringify(args));
}

/** An account of its own in a temporary folder, with a provider for each region. */
export class World {
  readonly folder = mkdtempSync(join(tmpdir(), "aws-"));
  readonly file = join(this.folder, "account.jsonl");
  private readonly providers = new Map<string, AwsProvider>();

  constructor(
    private readonly settings: PropertyMap = {},
    private readonly faults?: Faults,
  ) {}

  /** As the engine would: a process of its own for each provider. */
  provider(region = "us-east-1"): AwsProvider {
    const known = this.providers.get(region);
    if (known !== undefined) return known;
    const provider = new AwsProvider("0.0.0", new Account(this.file), this.faults);
    provider.configure({ region, ...this.settings });
    this.providers.set(region, provider);
    return provider;
  }

  async make(type: string, name: string, args: PropertyMap, region?: string): Promise<Made> {
    const provider = this.provider(region);
    const urn = urnOf(type, name);
    const { inputs = {}, failures = [] } = await provider.check(urn, {}, onWire(args));
    if (failures.length > 0) {
      throw new Error(`check: ${failures.map(({ property, reason }) => `${property}: ${reason}`).join("; ")}`);
    }
    const { id, outs } = await provider.create(urn, inputs, false);
    return { type, name, id, inputs, state: outs, region: region ?? "us-east-1" };
  }

  async change(made: Made, args: PropertyMap): Promise<Made> {
    const provider = this.provider(made.region);
    const urn = urnOf(made.type, made.name);
    const { inputs = {}, failures = [] } = await provider.check(urn, made.inputs, onWire(args));
    if (failures.length > 0) throw new Error(`check: ${JSON.stringify(failures)}`);
    const state = await provider.update({ id: made.id, urn, state: made.state, inputs: made.inputs }, inputs, false);
    return { ...made, inputs, state };
  }

  async difference(made: Made, args: PropertyMap): Promise<Difference> {
    const urn = urnOf(made.type, made.name);
    const provider = this.provider(made.region);
    const { inputs = {} } = await provider.check(urn, made.inputs, onWire(args));
    return provider.diff({ id: made.id, urn, state: made.state, inputs: made.inputs }, inputs);
  }

  async remove({ type, name, id, state, inputs, region }: Made): Promise<void> {
    await this.provider(region).delete({ id, urn: urnOf(type, name), state, inputs });
  }

  items(): Item[] {
    return new Account(this.file).snapshot();
  }

  end(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A value of a state without its secret envelope. */
export function value(made: Made | undefined, path: string): unknown {
  return path.split(".").reduce<unknown>((at, name) => {
    const index = Array.isArray(at) ? Number(name) : name;
    return typeof at === "object" && at !== null ? (at as Record<string | number, unknown>)[index] : undefined;
  }, plain(made?.state));
}
