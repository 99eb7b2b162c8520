import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, extname, join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { type BootstrapSettings, bootstrapSchema } from "./bootstrap";
import { resolveManifests } from "./manifests";
import { type AddonContract, parseSettings, type RawSettings, type Settings } from "./parse";
import { legible, type Problem, pathOf, problemsOf, refuse, SettingsError, wording } from "./problems";
import { isSecretKey } from "./secret-keys";
import { parseYaml } from "./yaml";

/** Kinds of resource for which a stack must not fall back to ambient credentials. */
const EXPLICIT_PROVIDERS = ["kubernetes", "aws"] as const;

/**
 * Reads and validates this stack's settings from Pulumi's configuration.
 * @param root Folder that relative paths start from. Default: the working directory, which is the project's root.
 * @throws SettingsError with every problem and its path.
 */
export function readSettings(addons: AddonContract, root = process.cwd()): Settings {
  const config = new pulumi.Config();
  const raw = resolveFiles(
    {
      platform: configObject(config, "platform"),
      tenants: configObject(config, "tenants"),
      shard: configObject(config, "shard"),
    },
    root,
  );
  return parseSettings({ ...raw, problems: [...(raw.problems ?? []), ...configProblems(config)] }, addons);
}

/**
 * Reads and validates the settings of the bootstrap stack; `undefined` in any other one.
 * @throws SettingsError with every problem and its path.
 */
export function readBootstrap(): BootstrapSettings | undefined {
  const config = new pulumi.Config();
  const raw = configObject(config, "bootstrap");
  if (raw === undefined) return undefined;
  const { settings, problems } = checkBootstrap(
    raw,
    KEYS.filter((key) => key !== "bootstrap" && config.get(key) !== undefined),
  );
  refuse([...configProblems(config), ...problems]);
  if (settings === undefined) throw new Error("settings without a problem and without a value");
  return settings;
}

/** Checks the settings of the bootstrap stack. @param others Other keys of settings beside them, of which there are none. */
export function checkBootstrap(
  raw: unknown,
  others: readonly string[],
): { readonly settings?: BootstrapSettings; readonly problems: readonly Problem[] } {
  const message =
    "stands beside bootstrap; state and the runner's network are a stack of their own, which is there before";
  const problems = others.map((path) => ({ path, message }));
  const parsed = bootstrapSchema.safeParse(raw, { error: wording, reportInput: true });
  if (parsed.success) return { settings: parsed.data, problems };
  return { problems: legible([...problems, ...problemsOf(parsed.error, ["bootstrap"])]) };
}

/** Problems of the stack's configuration as a whole. */
export function configProblems(config: pulumi.Config): Problem[] {
  const keys = Object.keys(pulumi.runtime.allConfig()).filter((key) => key.startsWith(`${config.name}:`));
  return [
    ...providerProblems(new pulumi.Config("pulumi").get("disable-default-providers")),
    ...secretProblems(KEYS.filter((key) => isSecretKey(`${config.name}:${key}`))),
    ...unknownKeyProblems(keys.filter((key) => !isSecretKey(key)).map((key) => key.slice(config.name.length + 1))),
  ];
}

/** A config object; unlike `getObject` its error names the key and not only JSON. */
export function configObject(config: pulumi.Config, key: string): unknown {
  try {
    return config.getObject(key);
  } catch {
    throw new SettingsError([
      { path: key, message: "not an object; write it as YAML below config in the stack's file" },
    ]);
  }
}

/** Without this list a resource that forgot its provider would use ~/.kube/config or ambient AWS credentials. */
export function providerProblems(disabled: string | undefined): Problem[] {
  return EXPLICIT_PROVIDERS.filter((name) => !parseList(disabled).includes(name)).map((name) => ({
    path: "pulumi:disable-default-providers",
    message: `must name "${name}", so that nothing falls back to ambient credentials; set it to [kubernetes, aws]`,
  }));
}

/** Keys of the project's configuration that hold settings; any other one is a secret. */
export const KEYS = ["platform", "platformStack", "tenants", "shard", "bootstrap"] as const;

/** A key that is neither settings nor a secret is a misspelled one, whose content would be ignored. */
export function unknownKeyProblems(plain: readonly string[]): Problem[] {
  const known: readonly string[] = KEYS;
  return plain
    .filter((key) => !known.includes(key))
    .map((path) => ({
      path,
      message: `unknown key; settings are under platform and tenants, and a secret is set by: pulumi config set --secret ${path}`,
    }));
}

/** Values below these keys go into plans, charts' values and reports as they are. */
export function secretProblems(keys: readonly string[]): Problem[] {
  const message =
    "holds an encrypted value, which would be in plain text in the state; keep secrets under keys of their own " +
    "(pulumi config set --secret <key>) and refer to them";
  return keys.map((path) => ({ path, message }));
}

function parseList(json: string | undefined): unknown[] {
  try {
    const list: unknown = JSON.parse(json ?? "[]");
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

/** Reads the files that settings name: those of tenants, and the manifests of extensions. */
export function resolveFiles(raw: RawSettings, root: string): RawSettings {
  return resolveManifests(resolveTenants(raw, root), root);
}

/** Replaces `tenants: { from: <folder> }` by the tenants in the folder's files, one file a tenant. */
export function resolveTenants(raw: RawSettings, root: string): RawSettings {
  const { tenants } = raw;
  if (typeof tenants !== "object" || tenants === null || !("from" in tenants)) return raw;
  const others = Object.keys(tenants).filter((key) => key !== "from");
  if (others.length > 0) {
    const message = `stands beside "from"; tenants are inline or in files, not both`;
    return { ...raw, tenants: {}, problems: others.map((key) => ({ path: pathOf("tenants", key), message })) };
  }
  return { ...raw, ...readTenantFolder(tenants.from, root) };
}

function readTenantFolder(from: unknown, root: string): Pick<RawSettings, "tenants" | "tenantFiles" | "problems"> {
  if (typeof from !== "string" || from === "") {
    return { tenants: {}, problems: [{ path: "tenants.from", message: "must name the folder of the tenant files" }] };
  }
  const folder = resolve(root, from);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    return {
      tenants: {},
      problems: [{ path: "tenants.from", message: `no folder "${from}" below the project's root` }],
    };
  }
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && [".yaml", ".yml"].includes(extname(entry.name)))
    .map((entry) => entry.name)
    .sort();
  const read = files.map((file) => {
    const shown = `${from}/${file}`;
    return { name: basename(file, extname(file)), shown, ...parseYaml(join(folder, file), shown) };
  });
  const doubled = read.filter(({ name }, index) => read.findIndex((other) => other.name === name) !== index);
  const sound = read.filter((file) => file.problems.length === 0);
  return {
    tenants: Object.fromEntries(sound.map(({ name, value }) => [name, value])),
    tenantFiles: Object.fromEntries(sound.map(({ name, shown }) => [name, shown])),
    problems: [
      ...read.flatMap((file) => file.problems),
      ...doubled.map(({ name }) => ({ path: `${from}/${name}.yml`, message: `${name}.yaml is this tenant already` })),
    ],
  };
}
