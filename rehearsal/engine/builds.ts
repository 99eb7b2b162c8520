import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import builds from "./builds.json";
import downloads from "./downloads.json";

/** One binary of the engine, and how it is built from a pinned Go module. */
export interface Build {
  readonly binary: string;
  /** Folder beside this file with the go.mod. */
  readonly module: string;
  readonly package: string;
  readonly ldflags: string;
  /** Minutes of the first build on two cores. */
  readonly minutes: number;
  /** Files of a module that are copied beside our own `main` first. */
  readonly copy?: readonly { readonly module: string; readonly from: string; readonly to: string }[];
}

/** One binary as its project publishes it. `{os}` and `{arch}` are filled in. */
export interface Download {
  readonly binary: string;
  readonly url: string;
  /** File with SHA-256 sums: of this file alone, or lines of sum and name. */
  readonly checksums: string;
  /** Path in the archive; absent for a plain executable. */
  readonly member?: string;
  /** Names of operating systems that it is published for, as Go spells them. */
  readonly systems: readonly string[];
}

export const BUILDS: readonly Build[] = builds;
export const DOWNLOADS: readonly Download[] = downloads;

/** Folder of the Go modules. */
export const MODULES = __dirname;

/** Changes whenever what would be built changes, so that a cache is never stale. */
export function engineKey(): string {
  const hash = createHash("sha256");
  const files = [
    "builds.json",
    "cli/go.mod",
    "cli/go.sum",
    "cluster/go.mod",
    "cluster/go.sum",
    "cluster/provider/main.go",
  ];
  for (const file of files) hash.update(file).update(readFileSync(join(MODULES, file)));
  return hash.digest("hex").slice(0, 12);
}
