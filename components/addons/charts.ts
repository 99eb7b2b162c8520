import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { parse } from "yaml";
import type { Problem } from "../settings";
import pinned from "./charts.json";

/** A chart at one exact version. */
export interface ChartPin {
  /** The chart's own name. */
  readonly chart: string;
  readonly version: string;
  /** Version of what the chart installs. */
  readonly appVersion?: string;
  /** `https://…` repository that holds the chart, or `oci://…` of the chart itself. */
  readonly repository: string;
  /** Name of the file below `repository`, of what is published as one manifest and has no chart. */
  readonly manifest?: string;
  /** Folder of a chart in this repository, relative to the project's root; then no repository is asked. */
  readonly path?: string;
}

/** Every chart of the platform, by the add-on that installs it: the only place of their versions, as images.json is of images. */
export const PINS: Readonly<Record<keyof typeof pinned, ChartPin>> = pinned;

/** Where charts are taken from. */
export type ChartSource =
  | { readonly kind: "upstream" }
  | { readonly kind: "oci" | "http"; readonly url: string }
  /** `path` as settings have it; `folder` is where that is on this machine. */
  | { readonly kind: "directory"; readonly path: string; readonly folder: string };

/** The part of a Helm resource's arguments that says which chart. */
export interface ChartReference {
  readonly chart: string;
  /** Absent for a chart that is a folder. */
  readonly version?: string;
  readonly repositoryOpts?: { readonly repo: string };
}

/** Reads `platform.charts.mirror`; absent is upstream. */
export function chartSource(mirror: string | undefined, root = process.cwd()): ChartSource {
  if (mirror === undefined) return { kind: "upstream" };
  if (mirror.startsWith("oci://")) return { kind: "oci", url: mirror.replace(/\/+$/, "") };
  if (/^https?:/.test(mirror)) return { kind: "http", url: mirror };
  return { kind: "directory", path: mirror, folder: resolve(root, mirror) };
}

/** What to give Helm for a pin. A directory's file is found by `packagedChart`; see `chartProblems` for what may be wrong with it. */
export function chartReference(pin: ChartPin, source: ChartSource): ChartReference {
  const { version, path } = pin;
  if (pin.manifest !== undefined) return { chart: manifestFile(pin, pin.manifest, source) };
  if (path !== undefined) return { chart: isAbsolute(path) ? path : `./${path.replace(/^\.\//, "")}` };
  switch (source.kind) {
    case "directory": {
      const found = packagedChart(pin, source.folder);
      return { chart: join(source.path, "file" in found ? found.file : pin.chart), version };
    }
    case "oci":
      return { chart: `${source.url}/${pin.chart}`, version };
    case "http":
      return { chart: pin.chart, version, repositoryOpts: { repo: source.url } };
    case "upstream":
      if (pin.repository.startsWith("oci://")) return { chart: pin.repository, version };
      return { chart: pin.chart, version, repositoryOpts: { repo: pin.repository } };
  }
}

/** Path or URL of a manifest; a mirror has it as `<name>-<version>.yaml` beside the charts. */
function manifestFile(pin: ChartPin, file: string, source: ChartSource): string {
  const mirrored = `${pin.chart}-${pin.version}.yaml`;
  if (source.kind === "directory") return join(source.path, mirrored);
  return source.kind === "http" ? `${source.url.replace(/\/+$/, "")}/${mirrored}` : `${pin.repository}/${file}`;
}

/** What is wrong with a directory of charts: each pin that is not in it at its exact version. */
export function chartProblems(pins: readonly ChartPin[], source: ChartSource): Problem[] {
  if (source.kind !== "directory") return [];
  const path = "platform.charts.mirror";
  const { folder } = source;
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    return [{ path, message: `no directory "${source.path}"; give one that holds <chart>-<version>.tgz files` }];
  }
  const wanted = pins.filter((pin) => pin.path === undefined);
  return wanted.flatMap((pin) => {
    const found = packagedChart(pin, folder);
    return "file" in found ? [] : [{ path, message: found.problem }];
  });
}

/** Finds a pin in a folder: `<chart>-<version>.tgz`, or an unpacked folder that begins with the chart's name. */
function packagedChart(pin: ChartPin, folder: string): { file: string } | { problem: string } {
  const wanted = plain(pin.version);
  const others: string[] = [];
  for (const entry of existsSync(folder) ? readdirSync(folder).sort() : []) {
    const version = pin.manifest === undefined ? entryVersion(entry, pin.chart, folder) : manifestVersion(entry, pin);
    if (version === undefined) continue;
    if (plain(version) === wanted) return { file: entry };
    others.push(version);
  }
  const [what, ending] = pin.manifest === undefined ? ["chart", "tgz"] : ["manifest", "yaml"];
  const has = others.length === 0 ? "does not have it" : `has ${others.join(", ")}`;
  return {
    problem: `${what} ${pin.chart} ${pin.version} is needed, and the directory ${has}; add ${pin.chart}-${pin.version}.${ending} (from ${pin.repository})`,
  };
}

function manifestVersion(entry: string, { chart }: ChartPin): string | undefined {
  const found = /^(.+)-(v?\d+\.\d+\.\d+)\.yaml$/.exec(entry);
  return found?.[1] === chart ? found[2] : undefined;
}

/** The version of `chart` that a directory entry holds, if it holds that chart. */
function entryVersion(entry: string, chart: string, folder: string): string | undefined {
  const packaged = /^(.+)-(v?\d+\.\d+\.\d+(?:[-+].+)?)\.tgz$/.exec(entry);
  if (packaged !== null) return packaged[1] === chart ? packaged[2] : undefined;
  const manifest = join(folder, entry, "Chart.yaml");
  if (!entry.startsWith(chart) || !existsSync(manifest)) return undefined;
  const content: unknown = parse(readFileSync(manifest, "utf8"));
  if (typeof content !== "object" || content === null || !("version" in content)) return undefined;
  const name = "name" in content ? content.name : entry;
  return name === chart ? String(content.version) : undefined;
}

/** Charts are published with and without a leading "v"; both name one version. */
function plain(version: string): string {
  return version.replace(/^v/, "");
}
