import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { type TenantPlatform, tenantProblems } from "./checks/tenants";
import { type Parsed, parseShard, parseTenants, type RawSettings } from "./parse";
import { stackName } from "./platform";
import { inFiles, type Problem, problemsOf, refuse, type TenantFiles, wording } from "./problems";
import { configObject, configProblems, resolveTenants } from "./read";
import { pinProblems, type ShardSettings } from "./shards";
import type { TenantsSettings } from "./tenants";

/** The settings of a stack of tenants alone, whose platform is another stack. */
export interface TenantStackSettings {
  /** Fully qualified name of the platform's stack. */
  readonly platformStack: string;
  /** All tenants, also those of other shards. */
  readonly tenants: TenantsSettings;
  /** Absent where they are inline. */
  readonly tenantFiles?: TenantFiles;
  /** Absent where this stack makes all of them. */
  readonly shard?: ShardSettings;
}

/** Settings as they stand in the stack's configuration. */
export interface RawTenantStack
  extends Pick<RawSettings, "platform" | "tenants" | "tenantFiles" | "shard" | "problems"> {
  readonly platformStack: unknown;
}

/**
 * Reads the settings of a stack of tenants alone; `undefined` in any other one. What depends on the platform is checked
 * by {@link placeTenants}, when that stack has been read.
 * @param root Folder that relative paths start from. Default: the working directory, which is the project's root.
 * @throws SettingsError with every problem and its path.
 */
export function readTenantStack(root = process.cwd()): TenantStackSettings | undefined {
  const config = new pulumi.Config();
  const platformStack = config.get("platformStack");
  if (platformStack === undefined) return undefined;
  const [platform, tenants, shard] = ["platform", "tenants", "shard"].map((key) => configObject(config, key));
  const raw = { ...resolveTenants({ platform, tenants, shard }, root), platformStack };
  const { settings, problems } = checkTenantStack(raw);
  refuse([...configProblems(config), ...problems]);
  if (settings === undefined) throw new Error("settings without a problem and without a value");
  return settings;
}

/** Checks the settings of a stack of tenants alone, without throwing: `settings` is absent when there are problems. */
export function checkTenantStack(raw: RawTenantStack): {
  readonly settings?: TenantStackSettings;
  readonly problems: readonly Problem[];
} {
  const { tenantFiles, problems: read = [] } = raw;
  const platformStack = parseName(raw.platformStack);
  const tenants = parseTenants(raw.tenants ?? {});
  const shard = parseShard(raw.shard);
  const complete = read.length === 0 && tenants.problems.length === 0;
  const all = [
    ...read,
    ...platformStack.problems,
    ...besideProblems(raw),
    ...tenants.problems,
    ...shard.problems,
    ...tenantProblems({ tenants: tenants.value ?? {}, complete }),
    ...(complete ? pinProblems(tenants.value ?? {}, shard.value) : []),
    ...indexProblems(shard.value),
  ];
  const problems = inFiles(all, tenantFiles);
  if (problems.length > 0 || platformStack.value === undefined || tenants.value === undefined) return { problems };
  const files = tenantFiles && { tenantFiles };
  const settings = { platformStack: platformStack.value, tenants: tenants.value, ...files, shard: shard.value };
  return { settings, problems };
}

function parseName(raw: unknown): Parsed<string> {
  const parsed = z
    .object({ platformStack: stackName })
    .safeParse({ platformStack: raw }, { reportInput: true, error: wording });
  return parsed.success
    ? { value: parsed.data.platformStack, problems: [] }
    : { problems: problemsOf(parsed.error, []) };
}

function besideProblems({ platform }: Pick<RawTenantStack, "platform">): Problem[] {
  if (platform === undefined) return [];
  const message = "stands beside platform; a stack makes the platform, or tenants for that of another stack";
  return [{ path: "platformStack", message }];
}

function indexProblems(shard: ShardSettings | undefined): Problem[] {
  if (shard === undefined || shard.index !== undefined) return [];
  const message = `required: which of the ${shard.count} shards this stack is, from 0`;
  return [{ path: "shard.index", message }];
}

/**
 * Checks tenants against the platform that another stack has made.
 * @throws SettingsError with every problem and its path.
 */
export function placeTenants({ tenants, tenantFiles }: TenantStackSettings, platform: TenantPlatform): void {
  refuse(inFiles(tenantProblems({ tenants, complete: true, platform }), tenantFiles));
}
