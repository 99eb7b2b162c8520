import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { FleetPlan } from "../fleet";
import { problemsOf, Refusal, wording } from "../settings";
import { CONTRACT_VERSION, kubeconfigsOutput, type PlatformOutput, platformOutput } from "./contract";

/** The other stacks that one program reads, each of them once: the engine knows a reference by the stack's name. */
export class PlatformReferences {
  private readonly known = new Map<string, PlatformReference>();

  /** @param stack Fully qualified name: organization/project/stack. */
  to(stack: string): PlatformReference {
    const reference = this.known.get(stack) ?? new PlatformReference(stack);
    this.known.set(stack, reference);
    return reference;
  }

  /** What the stack with the fleet's control plane puts out, where that is another one. */
  async controlPlane({ control }: Pick<FleetPlan, "control">): Promise<PlatformOutput | undefined> {
    return control.kind === "own" ? undefined : this.to(control.stack).platform();
  }
}

/**
 * Another stack of this program, read through the contract. What it puts out is there before this program makes
 * anything, so it comes as promises: settings and plans may depend on it.
 */
class PlatformReference {
  private readonly outputs: pulumi.StackReference;

  constructor(private readonly stack: string) {
    this.outputs = new pulumi.StackReference(stack);
  }

  /** Its output `platform`. @throws RunError when the stack does not have it or speaks another version. */
  async platform(): Promise<PlatformOutput> {
    return readPlatform(this.stack, (await this.outputs.getOutputDetails("platform")).value);
  }

  /**
   * The kubeconfig of a cluster there, in plain text: to be kept as a secret.
   * @param cluster The cluster's name. Default: the one with the control plane.
   */
  async kubeconfig(cluster?: string): Promise<string> {
    const platform = await this.platform();
    const name = cluster ?? platform.controlPlane;
    if (name === undefined) throw refusal(this.stack, "has no control plane; name a cluster of it");
    const { secretValue, value } = await this.outputs.getOutputDetails("kubeconfigs");
    const found = parse(this.stack, "kubeconfigs", kubeconfigsOutput, secretValue ?? value)[name];
    if (found === undefined) {
      throw refusal(this.stack, `has no cluster "${name}"; it has ${Object.keys(platform.clusters).join(", ")}`);
    }
    return found;
  }
}

/**
 * What this stack itself put out when it was last brought up; `undefined` where there is nothing that this program can
 * read, as before the first time.
 */
export async function lastOutputs(): Promise<PlatformOutput | undefined> {
  const own = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
  const { value } = await new pulumi.StackReference(own).getOutputDetails("platform");
  const parsed = platformOutput.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

/** Checks another stack's `platform` output; errors say which stack has to be brought up, or brought up again. */
export function readPlatform(stack: string, value: unknown): PlatformOutput {
  if (value === undefined || value === null) {
    throw refusal(stack, `has no output "platform"; bring it up first: pulumi up --stack ${stack}`);
  }
  const version = typeof value === "object" && "contract" in value ? value.contract : undefined;
  if (version !== CONTRACT_VERSION) {
    const found = version === undefined ? "none" : String(version);
    throw refusal(
      stack,
      `speaks version ${found} of the output contract, this program version ${CONTRACT_VERSION}; ` +
        `bring the older of the two up with the newer program`,
    );
  }
  return parse(stack, "platform", platformOutput, value);
}

function parse<T>(stack: string, output: string, schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value, { error: wording, reportInput: true });
  if (parsed.success) return parsed.data;
  const problems = problemsOf(parsed.error, [output]).map(({ path, message }) => `${path}: ${message}`);
  throw refusal(stack, `does not keep the output contract: ${problems.join("; ")}`);
}

function refusal(stack: string, what: string): Refusal {
  return new Refusal(`stack ${stack} ${what}`);
}
