import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { addonContract, placeholderOf, stackSecrets } from "../../components/addons";
import type { ClusterProbe } from "../../components/clusters";
import { checkSettings } from "../../components/settings";
import openchoreo from "../../index";
import type { Stacks } from "./mocks";
import { fakeProbe, type Run, tryProgram } from "./program";
import { cluster, type Edits, edit, good, type Json } from "./settings";
import { kubeconfigOf, object, ROOT, stackConfig } from "./stack";

/** How a fleet is run. */
export interface FleetArgs {
  /** Default: a probe that reaches everything. */
  readonly probe?: ClusterProbe;
  readonly preview?: boolean;
  readonly stacks?: Stacks;
  /** More configuration, such as secrets. */
  readonly config?: Json;
  /** Keys of `config` that hold secrets. */
  readonly secrets?: readonly string[];
  /** Providers other than the usual mocks. */
  readonly mocks?: pulumi.runtime.Mocks;
}

/** Runs the whole program with the good settings after `edits`; an error is thrown. */
export async function runFleet(edits: Edits = {}, args: FleetArgs = {}): Promise<Run> {
  return succeeded(await tryFleet(edits, args));
}

/** The same where errors are what is looked for. */
export function tryFleet(edits: Edits = {}, args: FleetArgs = {}): Promise<Run> {
  const { platform, tenants, shard } = edit<Json>(good(), edits);
  const config = {
    "pulumi:disable-default-providers": ["kubernetes", "aws"],
    "openchoreo:platform": platform,
    "openchoreo:tenants": tenants,
    "openchoreo:shard": shard,
  };
  return run("test", { ...config, ...args.config }, args);
}

/** Runs the whole program with the file of a stack of this repository. */
export async function runStack(stack: string, args: FleetArgs = {}): Promise<Run> {
  return succeeded(await run(stack, { ...stackConfig(stack), ...args.config }, args));
}

/** Good clusters: a control cluster and `data` data clusters, each with what `more` gives it. */
export function clustersOf(data: number, more: (index: number) => Json = () => ({})): Json {
  const entries = Array.from({ length: data }, (_, index) => {
    return [`data-${index + 1}`, cluster(["data"], index + 2, more(index))] as const;
  });
  return { control: cluster(["control"], 1), ...Object.fromEntries(entries) };
}

/** A data cluster of {@link clustersOf} whose gateway for other clusters has an address. */
export function eastWestOf(index: number): Json {
  return {
    network: {
      meshId: index + 2,
      meshAddress: `172.18.255.${index + 2}`,
      eastWestAddress: `172.18.254.${index + 2}`,
    },
  };
}

async function run(stack: string, config: Json, args: FleetArgs): Promise<Run> {
  const { probe = fakeProbe(), secrets = [], ...rest } = args;
  const folder = mkdtempSync(join(tmpdir(), "kubeconfigs-"));
  try {
    const platform = withKubeconfigs(object(config["openchoreo:platform"]), folder);
    const placeholders = placeholderSecrets(platform);
    const program = () => openchoreo({ root: ROOT, probe });
    return await tryProgram(program, {
      ...rest,
      stack,
      config: { ...placeholders, ...config, "openchoreo:platform": platform },
      secrets: [...Object.keys(placeholders), ...secrets],
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Secrets that the settings speak of; none where the settings are no good. */
function placeholderSecrets(platform: Json): Record<string, string> {
  const { settings } = checkSettings({ platform }, addonContract);
  const secrets = settings === undefined ? [] : Object.entries(stackSecrets(settings.platform));
  return Object.fromEntries(secrets.map(([key, form]) => [`openchoreo:${key}`, placeholderOf(form, `(${key})`)]));
}

/** Every cluster that would be found by a context of the user's is found in a file of `folder` instead. */
function withKubeconfigs(platform: Json, folder: string): Json {
  const edits = Object.entries(object(platform.clusters)).flatMap(([name, settings]) => {
    const provider = object(object(settings).provider);
    if (provider.kind !== "existing") return [];
    const reference = object(provider.kubeconfig);
    if ("stack" in reference || "secret" in reference) return [];
    const path = join(folder, `${name}.yaml`);
    writeFileSync(path, kubeconfigOf(name));
    return [[`clusters.${name}.provider.kubeconfig`, { path }] as const];
  });
  return edit(platform, Object.fromEntries(edits));
}

function succeeded(done: Run): Run {
  const [error] = done.errors;
  if (error !== undefined) throw error;
  return done;
}
