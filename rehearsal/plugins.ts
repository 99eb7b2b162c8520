import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Engine, ensureEngine } from "./engine";
import { fetchUrl } from "./engine/download";
import type { Folders } from "./folders";
import { writePolicyWrapper } from "./policy-pack";
import { run, which } from "./process";
import type { Progress } from "./progress";
import { type StandInProvider, standInProviders, writeProviderWrapper } from "./providers";

/** Where plugins are published; asked once whether it can be reached. */
const PLUGIN_SERVER = "https://get.pulumi.com/";
const PROBE_MS = 4_000;
const INSTALL_MS = 300_000;
/** File that says which downloads were tried. */
const MARKER = "asked.json";

/** Which plugins serve: real ones by name, and stand-ins for the rest. */
export interface Plugins {
  readonly standIns: readonly StandInProvider[];
  /** Folders for PATH. */
  readonly path: readonly string[];
}

/** A plugin that the program needs, at the version of its SDK. */
interface Plugin {
  readonly name: string;
  readonly version: string;
}

/**
 * Sees to it that every plugin is there: on PATH, else downloaded (asked once, kept with the engine), else for
 * Kubernetes built from its module, and for the others a stand-in.
 */
export async function ensurePlugins(engine: Engine, folders: Folders, progress: Progress): Promise<Plugins> {
  const path = process.env.PATH ?? "";
  const home = join(engine.folder, "pulumi");
  const absent = neededPlugins().filter(({ name }) => which(`pulumi-resource-${name}`, path) === undefined);
  await downloadOnce(absent, home, engine, progress);
  const missing = absent.filter((plugin) => !isInstalled(plugin, home));
  linkPlugins(home, join(folders.home, "pulumi"));
  const standIns = standInProviders.filter(
    ({ plugin, always }) => always || missing.some(({ name }) => plugin === `pulumi-resource-${name}`),
  );
  rmSync(folders.bin, { recursive: true, force: true });
  for (const standIn of standIns) writeProviderWrapper(standIn, folders.bin);
  writePolicyWrapper(folders.bin);
  if (!missing.some(({ name }) => name === "kubernetes")) return { standIns, path: [folders.bin] };
  const built = await ensureEngine({ root: folders.root, progress, wanted: ["pulumi-resource-kubernetes"] });
  const folder = built.file("pulumi-resource-kubernetes").replace(/\/[^/]+$/, "");
  return { standIns, path: [folders.bin, folder] };
}

/** The plugins of the SDKs that the program imports, at the versions that are installed; AWS' is never wanted. */
function neededPlugins(): Plugin[] {
  return ["kubernetes", "tls", "random", "kubernetes-cert-manager"].map((name) => {
    const manifest: unknown = JSON.parse(readFileSync(require.resolve(`@pulumi/${name}/package.json`), "utf8"));
    const version =
      typeof manifest === "object" && manifest !== null && "version" in manifest ? String(manifest.version) : "";
    return { name, version };
  });
}

function isInstalled({ name, version }: Plugin, home: string): boolean {
  return existsSync(join(home, "plugins", `resource-${name}-v${version}`));
}

/** Forgets that downloads were tried. */
export function askAgain(engine: Engine): void {
  rmSync(join(engine.folder, "pulumi", MARKER), { force: true });
}

/**
 * Tries each plugin's download once in an engine's life, so that a machine without a network is not slowed down by it
 * at every start; `npm run engine` asks again.
 */
async function downloadOnce(
  plugins: readonly Plugin[],
  home: string,
  engine: Engine,
  progress: Progress,
): Promise<void> {
  const marker = join(home, MARKER);
  const asked: unknown = existsSync(marker) ? JSON.parse(readFileSync(marker, "utf8")) : [];
  const known = Array.isArray(asked) ? asked.map(String) : [];
  const id = ({ name, version }: Plugin) => `${name}@${version}`;
  const wanted = plugins.filter((plugin) => !known.includes(id(plugin)) && !isInstalled(plugin, home));
  if (wanted.length === 0) return;
  const reachable = await fetchUrl(PLUGIN_SERVER, PROBE_MS).then(
    () => true,
    () => false,
  );
  for (const plugin of reachable ? wanted : []) await install(plugin, home, engine, progress);
  if (!reachable) progress.say("plugins cannot be downloaded here; stand-ins are used (npm run engine asks again)");
  mkdirSync(home, { recursive: true });
  writeFileSync(marker, JSON.stringify([...known, ...wanted.map(id)]));
}

async function install({ name, version }: Plugin, home: string, engine: Engine, progress: Progress): Promise<void> {
  await progress.during(`downloading the plugin ${name} ${version}`, async () => {
    const env = { ...process.env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "1" };
    const args = ["plugin", "install", "resource", name, version];
    const { code, output } = await run(engine.file("pulumi"), args, { env, timeoutMs: INSTALL_MS });
    if (code !== 0) progress.say(`the plugin ${name} could not be installed: ${output.trim().split("\n").at(-1)}`);
  });
}

/** A rehearsal has a Pulumi home of its own, with the engine's plugins in it. */
function linkPlugins(from: string, to: string): void {
  const [source, target] = [join(from, "plugins"), join(to, "plugins")];
  rmSync(target, { recursive: true, force: true });
  if (!existsSync(source) || readdirSync(source).length === 0) return;
  mkdirSync(to, { recursive: true });
  symlinkSync(source, target);
}
