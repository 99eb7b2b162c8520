import type { z } from "zod";
import { clusterProblems } from "./checks/clusters";
import { meshProblems, networkProblems } from "./checks/network";
import { tenantProblems } from "./checks/tenants";
import {
  type AddonSchemas,
  type PlatformBase,
  PROFILES,
  type Profile,
  platformSchema,
  platformShape,
} from "./platform";
import { type Problem, problemsOf, refuse, wording } from "./problems";
import { type TenantSettings, type TenantsSettings, tenantsSchema } from "./tenants";

/** Settings as they stand in the stack's configuration, before any check. */
export interface RawSettings {
  readonly platform?: unknown;
  /** By tenant; files of a folder are read already. */
  readonly tenants?: unknown;
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
  readonly tenants: TenantsSettings;
}

/** What the add-ons bring to the settings: a schema each, and checks over all of them. */
export interface AddonContract {
  readonly schemas: AddonSchemas;
  readonly problems: (platform: PlatformSettings) => Problem[];
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
    return { problems: [...read, { path: "platform", message }] };
  }
  const platform = parsePlatform(raw.platform, addons);
  const tenants = parseTenants(raw.tenants ?? {});
  const shape = [...read, ...platform.problems, ...tenants.problems];
  const across = platformProblems(platform, addons);
  // Where a tenant or its file was left out, a reference to it is no mistake of the others.
  const complete = read.length === 0 && tenants.problems.length === 0;
  const world = { tenants: tenants.value ?? {}, complete, platform: sound(platform) ? platform.value : undefined };
  const problems = [...shape, ...across, ...tenantProblems(world)];
  if (problems.length > 0 || platform.value === undefined || tenants.value === undefined) return { problems };
  return { settings: { platform: platform.value, tenants: tenants.value }, problems };
}

/** A part that was parsed. With problems, `value` holds what was sound, so that checks across fields still run. */
interface Parsed<T> {
  readonly value?: T;
  readonly problems: readonly Problem[];
}

function sound(part: Parsed<unknown>): boolean {
  return part.problems.length === 0;
}

function platformProblems(platform: Parsed<PlatformSettings>, addons: AddonContract): Problem[] {
  const { value, problems } = platform;
  if (value === undefined) return [];
  return [
    ...networkProblems(value),
    // With a mistake in the mesh's own settings, or in a key that may be them, its defaults would raise false alarms.
    ...(problems.every((problem) => sureOfMesh(problem, addons)) ? meshProblems(value) : []),
    // Where a cluster was unsound and left out, "no control plane" or a gap in the waves may be false alarms.
    ...(sound(platform) ? [...clusterProblems(value), ...addons.problems(value)] : []),
  ];
}

function sureOfMesh({ path }: Problem, addons: AddonContract): boolean {
  const key = path.split(".")[1] ?? "";
  return (
    key !== "mesh" && key !== "profile" && (Object.hasOwn(platformShape, key) || Object.hasOwn(addons.schemas, key))
  );
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

function parseTenants(raw: unknown): Parsed<TenantsSettings> {
  const parsed = soundPart(tenantsSchema, raw, { root: ["tenants"], depth: 1 });
  return { value: parsed.value as Record<string, TenantSettings> | undefined, problems: parsed.problems };
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
