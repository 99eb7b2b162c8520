import { mkdirSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../cli/args";
import { ensureEngine } from "../../rehearsal/engine";
import { BUILDS } from "../../rehearsal/engine/builds";
import { which } from "../../rehearsal/process";
import type { BenchCall, Measured } from "../model";
import { median, significant } from "../statistics";
import { inFolder } from "./folder";

const MIB = 1024 * 1024;

/** One binary, built. */
interface Built {
  readonly seconds: number;
  readonly size: number;
}

/** Builds every binary from its module, with an empty cache of Go's, one after the other as the engine's builder does. */
export async function benchBuild({ rounds, say }: BenchCall): Promise<Measured> {
  const go = which("go", process.env.PATH ?? "");
  if (go === undefined) throw new UsageError("there is no Go on PATH to build the engine with");
  const builds: ReadonlyMap<string, Built>[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    say(`round ${round} of ${rounds}`);
    builds.push(await inFolder((folder) => buildAll(folder, go, say)));
  }
  const cases = BUILDS.map(({ binary }) => {
    const own = builds.flatMap((one) => one.get(binary) ?? []);
    const seconds = significant(median(own.map((built) => built.seconds)));
    return { name: binary, figures: { seconds, size: Math.round(median(own.map(({ size }) => size))) } };
  });
  const sum = (figure: "seconds" | "size") => cases.reduce((total, { figures }) => total + figures[figure], 0);
  const whole = { name: "all of them", figures: { seconds: Math.round(sum("seconds")), size: sum("size") } };
  return { cases: [...cases, whole], ratios: [] };
}

async function buildAll(folder: string, go: string, say: (line: string) => void): Promise<Map<string, Built>> {
  // A PATH with Go alone: nothing else is found, so that everything is made.
  const path = join(folder, "path");
  mkdirSync(path);
  symlinkSync(go, join(path, "go"));
  const seconds = new Map<string, number>();
  const during = async <R>(what: string, work: () => Promise<R>): Promise<R> => {
    const begun = performance.now();
    say(`${what} …`);
    const result = await work();
    const binary = /^building (\S+) /.exec(what)?.[1];
    if (binary !== undefined) seconds.set(binary, (performance.now() - begun) / 1000);
    return result;
  };
  const { GOCACHE } = process.env;
  process.env.GOCACHE = join(folder, "cache");
  try {
    const wanted = BUILDS.map(({ binary }) => binary);
    const engine = await ensureEngine({ root: folder, progress: { say, during }, wanted, path, fetcher: nothing });
    return new Map(
      [...seconds].map(([binary, took]) => [binary, { seconds: took, size: statSync(engine.file(binary)).size / MIB }]),
    );
  } finally {
    if (GOCACHE === undefined) delete process.env.GOCACHE;
    else process.env.GOCACHE = GOCACHE;
  }
}

/** Downloads nothing, so that all is built. */
function nothing(): Promise<never> {
  return Promise.reject(new Error("not downloaded here"));
}
