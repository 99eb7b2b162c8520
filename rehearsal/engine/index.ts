import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { RehearsalError, releaseLock, run, takeLock, which } from "../process";
import type { Progress } from "../progress";
import { build } from "./build";
import { BUILDS, type Build, DOWNLOADS, engineKey } from "./builds";
import { available, download, type Fetch, fetchUrl } from "./download";

/** Where a binary of the engine came from. */
export type Origin = "path" | "cache" | "download" | "build";

/** The engine: every binary by name. */
export interface Engine {
  readonly binaries: ReadonlyMap<string, { readonly file: string; readonly origin: Origin }>;
  /** The file of a binary. */
  readonly file: (binary: string) => string;
  /** Cache folder of this version of the engine; plugins that were downloaded are kept there too. */
  readonly folder: string;
}

/** Arguments of {@link ensureEngine}. */
export interface EnsureEngineArgs {
  readonly root: string;
  readonly progress: Progress;
  /** Binaries that are wanted. Default: {@link CORE}. */
  readonly wanted?: readonly string[];
  /** PATH to look in. Default: the process's. */
  readonly path?: string;
  readonly fetcher?: Fetch;
}

/** What every rehearsal needs. Plugins are found by `ensurePlugins`, and helm serves benchmarks only. */
export const CORE = BUILDS.map(({ binary }) => binary).filter(
  (binary) => binary !== "helm" && !binary.startsWith("pulumi-resource-"),
);

/** Oldest versions that will do, of binaries that are found on PATH: `<binary> <arguments>` prints the version. */
const OLDEST: Readonly<
  Record<string, { readonly args: readonly string[]; readonly version: readonly [number, number] }>
> = {
  // Watches fail with etcd 3.4: pods wait for up to 45 s.
  etcd: { args: ["--version"], version: [3, 5] },
  pulumi: { args: ["version"], version: [3, 200] },
  kwokctl: { args: ["--version"], version: [0, 7] },
  kwok: { args: ["--version"], version: [0, 7] },
  "kube-apiserver": { args: ["--version"], version: [1, 32] },
};

const LOCK_POLL_MS = 2_000;

/** Finds every binary on PATH or in the cache, else downloads it, else builds it; only what is missing is made. */
export async function ensureEngine(args: EnsureEngineArgs): Promise<Engine> {
  const folder = join(args.root, ".engine", engineKey());
  const bin = join(folder, "bin");
  const wanted = BUILDS.filter(({ binary }) => (args.wanted ?? CORE).includes(binary));
  const found = new Map<string, { file: string; origin: Origin }>();
  for (const target of wanted) {
    const have = await find(target.binary, bin, args.path ?? process.env.PATH ?? "");
    if (have !== undefined) found.set(target.binary, have);
  }
  const missing = wanted.filter(({ binary }) => !found.has(binary));
  if (missing.length > 0) await make(missing, bin, found, args);
  const file = (binary: string) => {
    const entry = found.get(binary);
    if (entry === undefined) throw new Error(`the engine has no ${binary}`);
    return entry.file;
  };
  return { binaries: found, file, folder };
}

async function find(binary: string, bin: string, path: string): Promise<{ file: string; origin: Origin } | undefined> {
  const cached = join(bin, binary);
  const onPath = which(binary, path);
  if (onPath !== undefined && (await isNewEnough(binary, onPath))) return { file: onPath, origin: "path" };
  return existsSync(cached) ? { file: cached, origin: "cache" } : undefined;
}

async function isNewEnough(binary: string, file: string): Promise<boolean> {
  const oldest = OLDEST[binary];
  if (oldest === undefined) return true;
  const { output } = await run(file, oldest.args, {
    env: { PATH: process.env.PATH, PULUMI_SKIP_UPDATE_CHECK: "1", HOME: "/nonexistent" },
  });
  const version = /(\d+)\.(\d+)\.\d+/.exec(output);
  if (version === null) return false;
  const [major, minor] = [Number(version[1]), Number(version[2])];
  return major > oldest.version[0] || (major === oldest.version[0] && minor >= oldest.version[1]);
}

/** Only one process makes the engine; another one waits for it and then finds everything. */
async function make(
  missing: readonly Build[],
  bin: string,
  found: Map<string, { file: string; origin: Origin }>,
  { progress, path = process.env.PATH ?? "", fetcher = fetchUrl }: EnsureEngineArgs,
): Promise<void> {
  const lock = join(bin, ".lock");
  for (let holder = takeLock(lock); holder !== undefined; holder = takeLock(lock)) {
    progress.say(`waiting for process ${holder}, which makes the engine`);
    await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
  }
  try {
    progress.say(`the engine lacks ${missing.map(({ binary }) => binary).join(", ")}; this is done once`);
    for (const target of missing) {
      found.set(target.binary, {
        file: join(bin, target.binary),
        origin: await makeOne(target, bin, path, progress, fetcher),
      });
    }
  } finally {
    releaseLock(lock);
  }
}

async function makeOne(target: Build, bin: string, path: string, progress: Progress, fetcher: Fetch): Promise<Origin> {
  if (existsSync(join(bin, target.binary))) return "cache";
  const published = DOWNLOADS.find(({ binary }) => binary === target.binary);
  const checksums = published === undefined ? undefined : await available(published, fetcher);
  if (published !== undefined && checksums !== undefined) {
    await download(published, checksums, bin, progress, fetcher);
    return "download";
  }
  const go = which("go", path);
  if (go === undefined) {
    throw new RehearsalError(
      `${target.binary} is neither on PATH nor can it be downloaded, and there is no Go to build it with.\n` +
        "Install Go 1.26 (https://go.dev/dl) or connect this machine to the network, then run the command again.",
    );
  }
  await build(target, go, bin, progress);
  return "build";
}

/** A PATH with the engine's folders first. */
export function enginePath(engine: Engine, ...first: readonly string[]): string {
  const folders = [...engine.binaries.values()].map(({ file }) => file.slice(0, file.lastIndexOf("/")));
  return [...new Set([...first, ...folders, ...(process.env.PATH ?? "").split(delimiter)])].join(delimiter);
}
