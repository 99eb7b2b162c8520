import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { type Chain, chainLine } from "./chain";
import { STAND_IN_CHART } from "./charts/stand-in";
import type { Release } from "./clusters/check";
import type { Phase } from "./engine-run";
import type { Folders } from "./folders";
import { type Memory, memoryLine } from "./memory";
import { standInProviders } from "./providers";

/** An object that a destroy leaves on purpose. */
export interface Retained {
  readonly cluster: string;
  readonly object: string;
  readonly why: string;
}

/** `.rehearsal/<stack>/report.json`. */
export interface Report {
  readonly stack: string;
  readonly clusters: readonly {
    readonly name: string;
    readonly planes: readonly string[];
    readonly kubeconfig: string;
  }[];
  readonly phases: readonly Phase[];
  /** What the policy pack found in the first `up`, as `<rule> <resource>`: told, and no failure of the rehearsal. */
  readonly policies?: readonly string[];
  /** What the first `up` waited for; absent where it made no add-on. */
  readonly longestChain?: Chain | undefined;
  /** Memory of the engine, the plugins and the clusters together; absent where the machine does not show it. */
  readonly memory?: Memory | undefined;
  /** What stood in for the real thing: names of plugins, and of charts. */
  readonly standIns: { readonly providers: readonly string[]; readonly charts: readonly string[] };
  /** What no controller did, but the rehearsal in its place. */
  readonly simulated: readonly string[];
  readonly releases: readonly Omit<Release, "namespace">[];
  /** How many resources a plain destroy was refused for; absent where there are none, and before a destroy. */
  readonly protected?: number;
  /** Objects that a destroy leaves on purpose; empty before a destroy. */
  readonly retained: readonly Retained[];
  /** What did not hold; the exit code is 0 only when this is empty. */
  readonly problems: readonly string[];
}

export function writeReport(report: Report, folders: Folders): void {
  mkdirSync(dirname(folders.report), { recursive: true });
  writeFileSync(folders.report, `${JSON.stringify(report, null, 2)}\n`);
}

/** The summary that a rehearsal ends with, as text. */
export function summary(report: Report, folders: Folders, running: boolean): string {
  const ok = report.problems.length === 0;
  return [
    "",
    `Rehearsal of ${report.stack}: ${ok ? "everything held" : "something did not hold"}`,
    "",
    table(
      ["cluster", "planes", "releases"],
      report.clusters.map(({ name, planes }) => [name, planes.join(", "), releasesOn(report.releases, name)]),
    ),
    "",
    table(
      ["phase", "seconds", "created", "updated", "deleted", "same"],
      report.phases.map((p) => [p.name, p.seconds.toFixed(1), p.created, p.updated, p.deleted, p.same].map(String)),
    ),
    "",
    ...(report.longestChain === undefined ? [] : [chainLine(report.longestChain), ""]),
    ...(report.memory === undefined ? [] : [memoryLine(report.memory), ""]),
    ...policyLines(report),
    ...standInLines(report),
    ...(report.protected === undefined
      ? []
      : [`Protected: ${report.protected} resources; a plain destroy is refused for them`]),
    ...(report.retained.length === 0 ? [] : ["", "Left on purpose:"]),
    ...retainedLines(report.retained),
    ...(ok ? [] : ["", "What did not hold:", ...report.problems.map((problem) => `  - ${problem}`)]),
    "",
    `Report: ${shown(folders.report, folders)}`,
    ...(running ? lookLines(report, folders) : []),
  ].join("\n");
}

function releasesOn(releases: Report["releases"], cluster: string): string {
  const own = releases.filter((release) => release.cluster === cluster);
  const others = own.filter(({ status }) => status !== "deployed");
  const deployed = `${own.length - others.length} deployed`;
  return [deployed, ...others.map(({ name, version, status }) => `${name} ${version} ${status}`)].join(", ");
}

function policyLines({ policies }: Report): string[] {
  if (policies === undefined) return [];
  if (policies.length === 0) return ["Policies: none broken", ""];
  const shown = policies.slice(0, 10).map((one) => `  ${one}`);
  const more = policies.length > shown.length ? [`  and ${policies.length - shown.length} more, in the report`] : [];
  return ["Policies that charts do not keep (stand-ins keep few):", ...shown, ...more, ""];
}

function standInLines({ standIns, simulated }: Report): string[] {
  const providers = standInProviders
    .filter(({ plugin }) => standIns.providers.includes(plugin))
    .map(({ plugin, replaces }) => `  ${plugin}: ${replaces}`);
  return [
    ...(providers.length === 0 ? ["Stand-in providers: none"] : ["Stand-in providers:", ...providers]),
    standIns.charts.length === 0
      ? "Stand-in charts: none"
      : `Stand-in charts (${STAND_IN_CHART}): ${standIns.charts.join(", ")}`,
    `Simulated: ${simulated.join("; ")}`,
  ];
}

/** The objects by reason: what has one name in one line, with its kinds and where it is. */
function retainedLines(retained: readonly Retained[]): string[] {
  const byReason = new Map<string, Map<string, { kinds: Set<string>; places: Set<string> }>>();
  for (const { cluster, object, why } of retained) {
    const [, kind = "", name = ""] = /^(\S+) (.*)$/.exec(object) ?? [];
    const named = byReason.get(why) ?? new Map();
    const { kinds, places } = named.get(name) ?? { kinds: new Set(), places: new Set() };
    named.set(name, { kinds: kinds.add(kind), places: places.add(cluster) });
    byReason.set(why, named);
  }
  return [...byReason].flatMap(([why, named]) => [
    `  ${why}:`,
    ...[...named].map(
      ([name, { kinds, places }]) => `    ${[...kinds].join(", ")} ${name} (${[...places].join(", ")})`,
    ),
  ]);
}

function lookLines(report: Report, folders: Folders): string[] {
  const [first] = report.clusters;
  if (first === undefined) return [];
  return [
    "",
    "The clusters are running. To look at one, and to take them down:",
    `  kubectl --kubeconfig ${shown(first.kubeconfig, folders)} get pods -A`,
    `  npm run rehearse -- ${report.stack} --destroy`,
  ];
}

function shown(path: string, { root }: Folders): string {
  return relative(root, path) || path;
}

/** Aligns columns; the text is for people, `report.json` for programs. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
