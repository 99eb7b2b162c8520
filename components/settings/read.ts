import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, extname, join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parseDocument } from "yaml";
import { type AddonContract, parseSettings, type RawSettings, type Settings } from "./parse";
import { type Problem, pathOf, SettingsError } from "./problems";

/** Kinds of resource for which a stack must not fall back to ambient credentials. */
const EXPLICIT_PROVIDERS = ["kubernetes", "aws"] as const;

/**
 * Reads and validates this stack's settings from Pulumi's configuration.
 * @param root Folder that relative paths start from. Default: the working directory, which is the project's root.
 * @throws SettingsError with every problem and its path.
 */
export function readSettings(addons: AddonContract, root = process.cwd()): Settings {
  const config = new pulumi.Config();
  const engine = new pulumi.Config("pulumi");
  const raw = resolveTenants({ platform: object(config, "platform"), tenants: object(config, "tenants") }, root);
  const problems = [...(raw.problems ?? []), ...providerProblems(engine.get("disable-default-providers"))];
  return parseSettings({ ...raw, problems }, addons);
}

/** A config object; unlike `getObject` its error names the key and not only JSON. */
function object(config: pulumi.Config, key: string): unknown {
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

function parseList(json: string | undefined): unknown[] {
  try {
    const list: unknown = JSON.parse(json ?? "[]");
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
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

function readTenantFolder(from: unknown, root: string): Required<Pick<RawSettings, "tenants" | "problems">> {
  const folder = typeof from === "string" ? resolve(root, from) : undefined;
  if (folder === undefined || !existsSync(folder) || !statSync(folder).isDirectory()) {
    return {
      tenants: {},
      problems: [{ path: "tenants.from", message: `no folder "${String(from)}" below the project's root` }],
    };
  }
  const files = readdirSync(folder)
    .filter((file) => [".yaml", ".yml"].includes(extname(file)))
    .sort();
  const read = files.map((file) => ({
    name: basename(file, extname(file)),
    ...parseYaml(join(folder, file), `${from}/${file}`),
  }));
  return {
    tenants: Object.fromEntries(
      read.filter((file) => file.problems.length === 0).map((file) => [file.name, file.value]),
    ),
    problems: read.flatMap((file) => file.problems),
  };
}

/** Parses one YAML file; duplicate keys and syntax errors become problems with their lines. */
export function parseYaml(file: string, shown: string): { value: unknown; problems: Problem[] } {
  const document = parseDocument(readFileSync(file, "utf8"));
  const problems = document.errors.map((error) => ({
    path: `${shown}${error.linePos === undefined ? "" : `:${error.linePos[0].line}`}`,
    message: error.message.split("\n")[0] ?? error.message,
  }));
  return { value: problems.length > 0 ? undefined : document.toJS(), problems };
}
