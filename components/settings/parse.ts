import type { z } from "zod";
import { clusterApiProblems } from "./checks/cluster-api";
import { clusterProblems } from "./checks/clusters";
import { eksNetworkProblems, eksProblems } from "./checks/eks";
import { meshProblems, networkProblems } from "./checks/network";
import { type ClusterServices, ownPlatform, tenantProblems } from "./checks/tenants";
import {
  type AddonSchemas,
  type PlatformBase,
  PROFILES,
  type Profile,
  platformSchema,
  platformShape,
} from "./platform";
import { inFiles, legible, type Problem, problemsOf, refuse, type TenantFiles, wording } from "./problems";
import { pinProblems, type ShardSettings, shardSchema } from "./shards";
import { type TenantSettings, type TenantsSettings, tenantsSchema } from "./tenants";

/** Settings as they stand in the stack's configuration, before any check. */
export interface RawSettings {
  readonly platform?: unknown;
  /** By tenant; files of a folder are read already. */
  readonly tenants?: unknown;
  /** Of tenants that were read from files. */
  readonly tenantFiles?: TenantFiles;
  /** How the tenants are shared among stacks of their own. */
  readonly shard?: unknown;
  /** Problems found while reading, such as a tenant file that is no YAML. */
  readonly problems?: readonly Problem[];
}

/** The settings of the platform, with those of each add-on apart. */
export interface PlatformSettings extends PlatformBase {
  /** By settings key, for example `certManager`; validated by the add-on's own schema. */
  readonly addons: Readonly<Record<string, { readonly enabled: boolean }>>;
}

/** A stack's settings: validated, with defaults. */
export interface Settings {
  readonly platform: PlatformSettings;
  /** All tenants, also where they are in stacks of their own. */
  readonly tenants: TenantsSettings;
  /** Absent where they are inline. */
  readonly tenantFiles?: TenantFiles;
  /** Absent where this stack makes all tenants itself. */
  readonly shard?: ShardSettings;
}

/** What the add-ons bring to the settings: a schema each, and checks over all of them. */
export interface AddonContract {
  readonly schemas: AddonSchemas;
  readonly problems: (platform: PlatformSettings) => Problem[];
  /** What the add-ons do for tenants, by cluster. */
  readonly services: (platform: PlatformSettings) => Readonly<Record<string, ClusterServices>>;
}

/**
 * Validates settings as a whole.
 * @throws SettingsError with every problem and its path, when there is one.
 */
export function parseSettings(raw: RawSettings, addons: AddonContract): Settings {
  const { settings, problems } = checkSettings(raw, addons);
  refuse(problems);
  if (settings === undefined) throw new Error("settings without a problem and without a value");
  return settings;
}

/** The same without throwing: `settings` is absent when there are problems. */
export function checkSettings(raw: RawSettings, addons: AddonContract): { settings?: Settings; problems: Problem[] } {
  const read = raw.problems ?? [];
  if (raw.platform === undefined) {
    const message = 'required: the stack has no "platform" settings; see Pulumi.dev.yaml for an example';
    return { problems: legible([...read, { path: "platform", message }]) };
  }
  const platform = parsePlatform(raw.platform, addons);
  const tenants = parseTenants(raw.tenants ?? {});
  const shard = parseShard(raw.shard);
  const shape = [...read, ...platform.problems, ...tenants.problems, ...shard.problems];
  const across = platformProblems(platform, addons);
  // Where a tenant or its file was left out, a reference to it is no mistake of the others.
  const complete = read.length === 0 && tenants.problems.length === 0;
  const sure = new Certainty(platform.problems, addons);
  const known = sure.of("clusters", "objectStore") ? platform.value : undefined;
  const services = known !== undefined && sure.of("profile", "domain") ? addons.services(known) : undefined;
  const world = { tenants: tenants.value ?? {}, complete, platform: known && ownPlatform(known, services) };
  const pins = complete ? pinProblems(world.tenants, shard.value) : [];
  const all = [...shape, ...across, ...tenantProblems(world), ...pins, ...indexProblems(shard.value)];
  const { tenantFiles } = raw;
  const problems = legible(inFiles(all, tenantFiles));
  if (problems.length > 0 || platform.value === undefined || tenants.value === undefined) return { problems };
  const files = tenantFiles && { tenantFiles };
  return { settings: { platform: platform.value, tenants: tenants.value, ...files, shard: shard.value }, problems };
}

/** A part that was parsed. With problems, `value` holds what was sound, so that checks across fields still run. */
export interface Parsed<T> {
  readonly value?: T;
  readonly problems: readonly Problem[];
}

function platformProblems({ value, problems }: Parsed<PlatformSettings>, addons: AddonContract): Problem[] {
  if (value === undefined) return [];
  const sure = new Certainty(problems, addons);
  return [
    ...networkProblems(value),
    ...(sure.of("mesh", "profile") ? meshProblems(value) : []),
    ...(sure.of("aws", "profile", "domain") ? eksProblems(value) : []),
    ...(sure.of("clusters", "profile") ? clusterApiProblems(value) : []),
    ...(sure.of("mesh", "aws") ? eksNetworkProblems(value) : []),
    ...(sure.of("clusters", "controlPlane") ? clusterProblems(value) : []),
    ...(sure.of("clusters", "profile") ? addons.problems(value).filter((problem) => sure.about(problem)) : []),
  ];
}

/**
 * What may still be checked after a part was at fault and left out, or its defaults were taken: a check that builds on
 * it would raise false alarms. A key that nobody knows may be any of them, misspelled.
 */
class Certainty {
  private readonly keys: ReadonlySet<string>;

  constructor(
    private readonly problems: readonly Problem[],
    private readonly addons: AddonContract,
  ) {
    this.keys = new Set(problems.map(({ path }) => path.split(".")[1] ?? ""));
  }

  /** Whether none of these keys of `platform` was at fault. */
  of(...keys: readonly string[]): boolean {
    return [...this.keys].every((key) => this.isKnown(key) && !keys.includes(key));
  }

  /** Whether a problem is not one that follows from an add-on or an extension that was at fault. */
  about({ path }: Problem): boolean {
    if (this.keys.has("extensions") && path.endsWith(".needs")) return false;
    const owner = path.split(".").slice(0, path.startsWith("platform.extensions.") ? 3 : 2);
    const within = (other: string) => other === owner.join(".") || other.startsWith(`${owner.join(".")}.`);
    return path.startsWith("platform.extensions.") || !this.problems.some((problem) => within(problem.path));
  }

  private isKnown(key: string): boolean {
    return Object.hasOwn(platformShape, key) || Object.hasOwn(this.addons.schemas, key);
  }
}

/** What stands in for a required word that is missing or wrong, so that the rest is checked all the same. */
const STAND_INS = { profile: "development", domain: "domain.invalid" };

function parsePlatform(raw: unknown, addons: AddonContract): Parsed<PlatformSettings> {
  const schema = platformSchema(profileOf(raw), addons.schemas);
  const parsed = soundPart(schema, raw, { root: ["platform"], depth: 2, standIns: STAND_INS });
  if (parsed.value === undefined) return { problems: parsed.problems };
  const entries = Object.entries(parsed.value);
  const own = entries.filter(([key]) => Object.hasOwn(platformShape, key));
  const rest = entries.filter(([key]) => !Object.hasOwn(platformShape, key));
  const value = { ...Object.fromEntries(own), addons: Object.fromEntries(rest) } as unknown as PlatformSettings;
  return { value, problems: parsed.problems };
}

function profileOf(raw: unknown): Profile {
  const profile = typeof raw === "object" && raw !== null && "profile" in raw ? raw.profile : undefined;
  return PROFILES.find((known) => known === profile) ?? "development";
}

export function parseTenants(raw: unknown): Parsed<TenantsSettings> {
  const parsed = soundPart(tenantsSchema, raw, { root: ["tenants"], depth: 1 });
  return { value: parsed.value as Record<string, TenantSettings> | undefined, problems: parsed.problems };
}

/** Reads how tenants are shared among stacks; nothing where nothing is said. */
export function parseShard(raw: unknown): Parsed<ShardSettings> {
  if (raw === undefined) return { problems: [] };
  const parsed = shardSchema.safeParse(raw, { reportInput: true, error: wording });
  return parsed.success ? { value: parsed.data, problems: [] } : { problems: problemsOf(parsed.error, ["shard"]) };
}

function indexProblems(shard: ShardSettings | undefined): Problem[] {
  if (shard?.index === undefined) return [];
  const message = "stands in the stack of a shard; the platform's own stack has the count alone";
  return [{ path: "shard.index", message }];
}

interface Cut {
  readonly root: readonly string[];
  /** How many keys deep the entries are that are left out as a whole. */
  readonly depth: number;
  readonly standIns?: Readonly<Record<string, unknown>>;
}

/**
 * Parses `raw`; where it fails, parses again without the entries at fault (cut at `depth` keys, then above), so that
 * one bad cluster does not hide what is wrong between the others.
 */
function soundPart<T>(schema: z.ZodType<T>, raw: unknown, { root, depth, standIns }: Cut): Parsed<T> {
  const whole = schema.safeParse(raw, { reportInput: true, error: wording });
  if (whole.success) return { value: whole.data, problems: [] };
  let rest = structuredClone(raw);
  let { issues } = whole.error;
  // What is still at fault after an entry was cut off, such as an object whose required key it was, goes as a whole.
  for (let keys = depth; keys > 0; keys -= 1) {
    for (const issue of issues) remove(rest, issue.path.slice(0, keys), issue);
    if (typeof rest === "object" && rest !== null) rest = { ...standIns, ...rest };
    const part = schema.safeParse(rest);
    if (part.success) return { value: part.data, problems: problemsOf(whole.error, root) };
    issues = part.error.issues;
  }
  return { problems: problemsOf(whole.error, root) };
}

/** Removes the entry at `path`; of unknown keys at the top only the keys. */
function remove(value: unknown, path: readonly PropertyKey[], issue: z.core.$ZodIssue): void {
  const holder = path.slice(0, -1).reduce<unknown>(child, value);
  const names = issue.code === "unrecognized_keys" && path.length === 0 ? issue.keys : path.slice(-1);
  if (typeof holder !== "object" || holder === null) return;
  for (const name of names) Reflect.deleteProperty(holder, name);
}

function child(value: unknown, key: PropertyKey): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
