import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { addonContract, placeholderOf, stackSecrets } from "../components/addons";
import { selectContext, selectFromFile } from "../components/clusters";
import {
  checkSettings,
  type Problem,
  parseYaml,
  providerProblems,
  resolveFiles,
  type Settings,
  secretProblems,
  unknownKeyProblems,
} from "../components/settings";
import { CONTRACT_VERSION, type PlatformOutput } from "../components/stacks";
import type { Override } from "./args";

/** Config keys of the program. */
const NAMESPACE = "openchoreo:";
const PLATFORM = `${NAMESPACE}platform`;
const TENANTS = `${NAMESPACE}tenants`;
const SHARD = `${NAMESPACE}shard`;
const PLATFORM_STACK = `${NAMESPACE}platformStack`;
const BOOTSTRAP = `${NAMESPACE}bootstrap`;

/** A stack's configuration as its file has it, by full key. */
export type StackConfig = Readonly<Record<string, unknown>>;

/** A stack file that was read and checked. */
export interface CheckedStack {
  readonly config: StackConfig;
  readonly settings: Settings;
}

/** Reads `Pulumi.<stack>.yaml`, applies overrides and checks the settings; registers nothing and runs nothing. */
export function readStack(
  root: string,
  stack: string,
  overrides: readonly Override[],
): CheckedStack | { readonly problems: readonly Problem[] } {
  const name = `Pulumi.${stack}.yaml`;
  const file = join(root, name);
  if (!existsSync(file)) {
    return {
      problems: [
        {
          path: name,
          message: `there is no such file; write it (Pulumi.dev.yaml is an example) or name another stack`,
        },
      ],
    };
  }
  const { value, problems } = parseYaml(file, name);
  if (problems.length > 0) return { problems };
  const config = configOf(value);
  if (config === undefined) return { problems: [{ path: name, message: "has no `config` object" }] };
  const lost = overrides.filter(
    ({ path }) => path[0] === "tenants" && isObject(config[TENANTS]) && "from" in config[TENANTS],
  );
  if (lost.length > 0) {
    return {
      problems: lost.map(({ path }) => ({
        path: `--set ${path.join(".")}`,
        message: "the stack's tenants are in files (tenants.from); change the file",
      })),
    };
  }
  const changed = overrides.reduce<StackConfig>(override, config);
  return check(changed, root);
}

function configOf(file: unknown): StackConfig | undefined {
  const config = isObject(file) ? file.config : undefined;
  return isObject(config) ? config : undefined;
}

function check(config: StackConfig, root: string): CheckedStack | { problems: readonly Problem[] } {
  if (BOOTSTRAP in config) {
    const message = "makes the place of states, and no cluster to rehearse; look at it by: pulumi preview";
    return { problems: [{ path: "bootstrap", message }] };
  }
  if (PLATFORM_STACK in config) {
    const message = `has tenants alone, on clusters of ${config[PLATFORM_STACK]}; rehearse that one, and see docs/tenancy.md`;
    return { problems: [{ path: "platformStack", message }] };
  }
  const raw = resolveFiles({ platform: config[PLATFORM], tenants: config[TENANTS], shard: config[SHARD] }, root);
  const disabled = JSON.stringify(config["pulumi:disable-default-providers"] ?? []);
  const encrypted = [PLATFORM, TENANTS].filter((key) => holdsSecret(config[key]));
  const { settings, problems } = checkSettings(
    {
      ...raw,
      problems: [
        ...(raw.problems ?? []),
        ...providerProblems(disabled),
        ...secretProblems(encrypted.map((key) => key.replace(NAMESPACE, ""))),
        ...unknownKeyProblems(plainKeys(config)),
      ],
    },
    addonContract,
  );
  return settings === undefined ? { problems } : { config, settings };
}

/** How long a release may take where pods are simulated; the settings' own time is for real ones. */
const RELEASE_SECONDS = 180;

/** What a rehearsal replaces in a stack's configuration. */
export interface Replacements {
  /** What relative paths start from. */
  readonly root: string;
  /** Kubeconfig files of the local clusters, by cluster. */
  readonly kubeconfigs: ReadonlyMap<string, string>;
  /** Directory of charts; absent for upstream's. */
  readonly charts?: string;
  /** Stack of the rehearsal's own that stands for the one that `platform.controlPlane` names. */
  readonly controlPlane?: string;
}

/**
 * The configuration that is rehearsed: every connection is a local one, charts come from where the rehearsal has them,
 * and encrypted values are left out.
 */
export function localConfig(
  { config, settings }: CheckedStack,
  { root, kubeconfigs, charts, controlPlane }: Replacements,
): StackConfig {
  const clusters = [...kubeconfigs].flatMap(([name, path]): Override[] => {
    const provider = ["platform", "clusters", name, "provider"];
    const { host, port } = selectFromFile(path).endpoint;
    const own = settings.platform.clusters[name]?.provider;
    // Of a cluster that the program makes itself, the stand-in for its cloud says where it is.
    if (own?.kind !== "existing") return [];
    const declared = own.apiServer ?? `${host}:${port}`;
    return [
      { path: [...provider, "kubeconfig"], value: { path } },
      { path: [...provider, "apiServer"], value: declared },
    ];
  });
  const sources: Override[] = [
    { path: ["platform", "charts", "mirror"], value: charts ?? null },
    // Nothing is pulled from anywhere: what does not run soon never will.
    { path: ["platform", "charts", "timeout"], value: RELEASE_SECONDS },
  ];
  const control: Override[] =
    controlPlane === undefined ? [] : [{ path: ["platform", "controlPlane", "stack"], value: controlPlane }];
  // The engine runs in a folder of the rehearsal's own, where relative paths lead nowhere.
  const folders = Object.entries(settings.platform.extensions).flatMap(([name, { chart }]): Override[] => {
    if (chart === undefined || !("path" in chart)) return [];
    return [{ path: ["platform", "extensions", name, "chart", "path"], value: resolve(root, chart.path) }];
  });
  const local = [...clusters, ...sources, ...control, ...folders].reduce<StackConfig>(override, config);
  // A value encrypted for the real stack cannot be read here; whatever reads one has been replaced.
  return Object.fromEntries(Object.entries(local).filter(([, value]) => !holdsSecret(value)));
}

/**
 * Secrets that the settings refer to and the program reads, by full key: of the right form, and of no use anywhere.
 * A value encrypted for the real stack cannot be read here.
 */
export function placeholderSecrets({ settings }: CheckedStack): Readonly<Record<string, string>> {
  const secrets = Object.entries(stackSecrets(settings.platform));
  return Object.fromEntries(
    secrets.map(([key, form]) => [`${NAMESPACE}${key}`, placeholderOf(form, rehearsedSecret(key))]),
  );
}

/** The text in a secret of a rehearsal: one of its own, so that it can be told where it got to. */
export function rehearsedSecret(key: string): string {
  return `rehearsed-${key}`;
}

/** What the stack that `platform.controlPlane` names would put out, as far as it is read: one cluster, the local one. */
export function controlPlaneOutputs(settings: Settings, kubeconfig: string): Readonly<Record<string, unknown>> {
  const { controlPlane, profile, domain } = settings.platform;
  const name = controlPlane?.cluster ?? "control";
  const { text, endpoint } = selectContext(kubeconfig, undefined, "/");
  const platform: PlatformOutput = {
    contract: CONTRACT_VERSION,
    stack: controlPlane?.stack ?? "",
    profile,
    domain,
    controlPlane: name,
    clusters: { [name]: { planes: ["control"], wave: 0, apiServer: `${endpoint.host}:${endpoint.port}` } },
    trust: { bundle: "", authorities: {} },
  };
  return { platform, kubeconfigs: pulumi.secret({ [name]: text }) };
}

/** Sets (or, with `null`, removes) one value in a copy of the configuration. */
export function override(config: StackConfig, { path, value }: Override): StackConfig {
  const [head = "", ...rest] = path;
  const key = head === "platform" ? PLATFORM : head === "tenants" ? TENANTS : head;
  return { ...config, [key]: setIn(config[key], rest, value) };
}

function setIn(holder: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(holder) && /^\d+$/.test(key)) {
    return holder.map((item, index) => (index === Number(key) ? setIn(item, rest, value) : item));
  }
  const copy: Record<string, unknown> = isObject(holder) ? { ...holder } : {};
  const next = setIn(copy[key], rest, value);
  if (next === null || next === undefined) delete copy[key];
  else copy[key] = next;
  return copy;
}

/** Keys of the program whose values are not encrypted. */
function plainKeys(config: StackConfig): string[] {
  const own = Object.entries(config).filter(([key]) => key.startsWith(NAMESPACE));
  return own.filter(([, value]) => !holdsSecret(value)).map(([key]) => key.slice(NAMESPACE.length));
}

/** Whether a value has a part that Pulumi has encrypted. */
export function holdsSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsSecret);
  if (!isObject(value)) return false;
  return Object.keys(value).join() === "secure" || Object.values(value).some(holdsSecret);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
