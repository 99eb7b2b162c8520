import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import {
  parseShard,
  parseYaml,
  placedIn,
  resolveTenants,
  SettingsError,
  type Sharding,
  shardConfig,
  shardStack,
} from "../components/settings";

/** The stack whose tenants are in shards: that of the platform, or a file of tenants alone that is no stack itself. */
export interface Base {
  readonly name: string;
  /** Fully qualified name of the platform's stack. */
  readonly platformStack: string;
  /** Tenants as settings have them. */
  readonly tenants: unknown;
  /** Names of the tenants, in order. */
  readonly names: readonly string[];
  readonly sharding: Sharding;
  /** Whether it is the platform's own stack, which had its tenants itself before they went into shards. */
  readonly hasPlatform: boolean;
  /** What encrypts secrets in the states of the shards; absent for a passphrase. */
  readonly secretsProvider?: string;
}

/** What reading a base takes. */
export interface BaseArgs {
  /** Folder of the stack's file. */
  readonly folder: string;
  /** What relative paths in it start from. */
  readonly root: string;
  readonly name: string;
  /** Number of shards that the call asks for; absent where settings say it. */
  readonly shards?: number;
  /** Whether the number is to be changed to {@link shards}: then tenants may still be in the platform's own stack. */
  readonly reshard?: boolean;
  /** Fully qualified name of a stack of this project. */
  readonly qualify: (stack: string) => string;
}

const FILE = z.object({
  secretsprovider: z.string().optional(),
  config: z.record(z.string(), z.unknown()).default({}),
});

/**
 * Reads the stack's file, as far as shards need it; the program checks the rest in each of them.
 * @throws SettingsError
 */
export function readBase({ folder, root, name, shards, reshard = false, qualify }: BaseArgs): Base {
  const file = `Pulumi.${name}.yaml`;
  const { secretsprovider, config } = readStackFile(folder, file);
  const raw = config["openchoreo:tenants"];
  const { tenants = {}, problems = [] } = resolveTenants({ tenants: raw }, root);
  if (problems.length > 0) throw new SettingsError([...problems]);
  const names = Object.keys(typeof tenants === "object" && tenants !== null ? tenants : {}).sort();
  if (raw === undefined || names.length === 0) refuse(file, "has no tenants; name their folder: openchoreo:tenants");
  const platform = config["openchoreo:platformStack"];
  if (platform === undefined && config["openchoreo:platform"] === undefined) {
    refuse(file, "has neither openchoreo:platform nor openchoreo:platformStack, so nobody knows where its tenants are");
  }
  return {
    name,
    platformStack: typeof platform === "string" ? platform : qualify(name),
    tenants: raw,
    names,
    hasPlatform: config["openchoreo:platform"] !== undefined,
    ...(reshard && config["openchoreo:shard"] === undefined
      ? { sharding: { count: shards ?? 1, pins: {} } }
      : { sharding: shardingOf(file, config, { shards: reshard ? undefined : shards, names }) }),
    ...(secretsprovider === undefined ? {} : { secretsProvider: secretsprovider }),
  };
}

function readStackFile(folder: string, file: string): z.output<typeof FILE> {
  const path = join(folder, file);
  if (!existsSync(path)) refuse(file, "there is no such file; name the stack that has the tenants' settings: --stack");
  const { value, problems } = parseYaml(path, file);
  if (problems.length > 0) throw new SettingsError(problems);
  const parsed = FILE.safeParse(value);
  if (!parsed.success) refuse(file, "has no `config` object");
  return parsed.data;
}

function refuse(path: string, message: string): never {
  throw new SettingsError([{ path, message }]);
}

interface Wanted {
  readonly shards?: number;
  readonly names: readonly string[];
}

function shardingOf(file: string, config: Readonly<Record<string, unknown>>, { shards, names }: Wanted): Sharding {
  const raw = config["openchoreo:shard"];
  if (raw === undefined) {
    if (shards === undefined)
      refuse(file, "has no openchoreo:shard; say how many stacks share the tenants: { count: 4 }");
    // Else the platform's stack would make the tenants too.
    if (config["openchoreo:platform"] !== undefined) {
      refuse(
        file,
        `has its tenants itself; leave them to shards by openchoreo:shard: { count: ${shards} }, and bring it up`,
      );
    }
    return { count: shards, pins: {} };
  }
  const { value, problems } = parseShard(raw);
  if (value === undefined) throw new SettingsError(problems);
  const { count, pins } = value;
  if (shards !== undefined && shards !== count) {
    refuse(
      file,
      `says ${count} shards, not ${shards}; to change their number: npm run tenants -- reshard --shards ${shards}`,
    );
  }
  const nobody = Object.keys(pins).filter((tenant) => !names.includes(tenant));
  if (nobody.length > 0) refuse("shard.pins", `there is no tenant ${nobody.join(", ")}; remove the line`);
  return { count, pins };
}

/** A shard of a base. */
export interface Shard {
  readonly index: number;
  readonly stack: string;
  readonly tenants: readonly string[];
}

export function shardsOf({ name, names, sharding }: Base): Shard[] {
  return Array.from({ length: sharding.count }, (_, index) => ({
    index,
    stack: shardStack(name, index),
    tenants: names.filter((tenant) => placedIn(tenant, sharding) === index),
  }));
}

/** Writes the file of a shard's stack. What Pulumi wrote into it beside the configuration stays. */
export function writeShardFile(folder: string, base: Base, { index, stack }: Pick<Shard, "index" | "stack">): void {
  const path = join(folder, `Pulumi.${stack}.yaml`);
  const document = parseDocument(existsSync(path) ? readFileSync(path, "utf8") : "{}");
  document.commentBefore = ` Written by npm run tenants from Pulumi.${base.name}.yaml; change that one.`;
  if (base.secretsProvider !== undefined) document.set("secretsprovider", base.secretsProvider);
  document.set("config", document.createNode(shardConfig(base, index)));
  writeFileSync(path, document.toString(), { mode: 0o600 });
}

/** Changes the number of shards and the pins in the base's file; comments and order of everything else stay. */
export function writeSharding(folder: string, name: string, { count, pins }: Sharding): void {
  const path = join(folder, `Pulumi.${name}.yaml`);
  const document = parseDocument(readFileSync(path, "utf8"));
  const value = { count, ...(Object.keys(pins).length > 0 ? { pins } : {}) };
  document.setIn(["config", "openchoreo:shard"], document.createNode(value, { flow: true }));
  writeFileSync(path, document.toString({ lineWidth: 120 }));
}
