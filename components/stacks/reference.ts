import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { FleetPlan } from "../fleet";
import { problemsOf, Refusal, wording } from "../settings";
import {
  CONTRACT_VERSION,
  kubeconfigsOutput,
  type PlatformOutput,
  platformOutput,
  type SharingOutput,
  sharingOutput,
  type TenancyOutput,
  type TenancySecretsOutput,
  tenancySecretsOutput,
} from "./contract";

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
export class PlatformReference {
  private readonly outputs: pulumi.StackReference;

  constructor(readonly stack: string) {
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

  /** What tenants of other stacks are made from, and what is secret of it. @throws RunError where it is not put out. */
  async tenancy(): Promise<{ readonly platform: PlatformOutput; readonly tenancy: TenancyOutput }> {
    const platform = await this.platform();
    if (platform.tenancy === undefined) {
      throw refusal(this.stack, `says nothing of tenants: it was brought up by an older program; ${again(this.stack)}`);
    }
    return { platform, tenancy: platform.tenancy };
  }

  /** In plain text: to be kept as secrets. */
  async tenancySecrets(): Promise<TenancySecretsOutput> {
    const { secretValue, value } = await this.outputs.getOutputDetails("tenancySecrets");
    return parse(this.stack, "tenancySecrets", tenancySecretsOutput, secretValue ?? value ?? {});
  }

  /** What its tenants share with those of other stacks. @throws RunError where it has none, or speaks another version. */
  async sharing(): Promise<SharingOutput> {
    return readSharing(this.stack, (await this.outputs.getOutputDetails("sharing")).value);
  }
}

/** Tenants whose resources are in this stack's state, as it said when it was last brought up; none before. */
export async function lastTenants(): Promise<readonly string[]> {
  const { value } = await ownReference().getOutputDetails("tenants");
  return Array.isArray(value) ? value.map(String) : [];
}

function ownReference(): pulumi.StackReference {
  return new pulumi.StackReference([pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/"));
}

/**
 * What this stack itself put out when it was last brought up; `undefined` where there is nothing that this program can
 * read, as before the first time.
 */
export async function lastOutputs(): Promise<PlatformOutput | undefined> {
  const { value } = await ownReference().getOutputDetails("platform");
  const parsed = platformOutput.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

/** Checks another stack's `platform` output; errors say which stack has to be brought up, or brought up again. */
export function readPlatform(stack: string, value: unknown): PlatformOutput {
  checkVersion(stack, "platform", value);
  return parse(stack, "platform", platformOutput, value);
}

/** Checks another stack's `sharing` output; errors say which stack has to be brought up, or brought up again. */
export function readSharing(stack: string, value: unknown): SharingOutput {
  checkVersion(stack, "sharing", value);
  return parse(stack, "sharing", sharingOutput, value);
}

function checkVersion(stack: string, output: string, value: unknown): void {
  if (value === undefined || value === null) {
    throw refusal(stack, `has no output "${output}"; bring it up first: pulumi up --stack ${stack}`);
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
}

function again(stack: string): string {
  return `bring it up again: pulumi up --stack ${stack}`;
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
