import type { Case, Description, Machine, Plot, Result } from "../model";
import { PROSE } from "./prose";
import { barsSvg, linesSvg } from "./svg";
import { casesTable, number, ratiosTable } from "./table";

/** A file of the report, below `docs/`. */
export interface ReportFile {
  readonly path: string;
  readonly text: string;
}

/** A benchmark with its last result, where it was ever measured. */
export interface Section {
  readonly description: Description;
  readonly result: Result | undefined;
}

/** The page and its pictures. */
export function reportFiles(sections: readonly Section[]): ReportFile[] {
  const pictures = sections.flatMap(({ description, result }) =>
    result === undefined ? [] : picturesOf(description, result),
  );
  const page = [INTRODUCTION, machinesText(sections), overview(sections), ...sections.map(sectionText)].join("\n\n");
  return [{ path: "performance.md", text: `${page}\n` }, ...pictures];
}

const INTRODUCTION = `# Performance

What \`npm run bench\` measured, from the files in \`bench/results/\`; \`npm run bench -- report\` makes this page of them.
What is promised are ratios: both sides of one ran in turn on one machine, and their medians are compared. Seconds are of
that machine, and differ on yours.`;

function machinesText(sections: readonly Section[]): string {
  const results = sections.flatMap(({ result }) => result ?? []);
  if (results.length === 0) return "Nothing was measured yet.";
  const machines = [...new Set(results.map(({ machine }) => machineText(machine)))];
  return machines.length === 1 ? `The machine: ${machines[0]}.` : `Machines: ${machines.join("; ")}.`;
}

function machineText({ processor, cores, memory, system, node }: Machine): string {
  return `${processor}, ${cores} cores, ${memory} GiB of memory, ${system}, Node ${node.replace(/^v/, "")}`;
}

/** All ratios with a limit, and what was not measured. */
function overview(sections: readonly Section[]): string {
  const promised = sections.flatMap(({ result }) => result?.ratios.filter(({ limit }) => limit !== undefined) ?? []);
  const missing = sections.filter(({ result }) => result === undefined).map(({ description }) => description.name);
  return [
    "## Ratios",
    ...(promised.length === 0 ? [] : ["", ratiosTable(promised)]),
    ...(missing.length === 0 ? [] : ["", `Not measured yet: ${missing.join(", ")}.`]),
  ].join("\n");
}

function sectionText({ description, result }: Section): string {
  const { name, summary } = description;
  const { title, text, notes } = PROSE[name] ?? { title: name, text: `${summary}.` };
  const body = result === undefined ? ["Not measured yet."] : resultText(description, result);
  return [`## ${title}`, text, `\`npm run bench -- ${call(name)}\``, ...body, ...(result && notes ? [notes] : [])].join(
    "\n\n",
  );
}

function call(name: string): string {
  return name === "helm" ? "helm --charts <directory>" : name;
}

function resultText(description: Description, result: Result): string[] {
  const { cases, ratios, date, load, rounds, machine } = result;
  const wholes = cases.filter(({ partOf }) => partOf === undefined);
  const parts = cases.filter(({ partOf }) => partOf !== undefined);
  const pictures = picturesOf(description, result);
  const runs = rounds === 1 ? "one run" : `medians of ${rounds} runs`;
  return [
    casesTable("", wholes, description.columns),
    ...(parts.length === 0 ? [] : [casesTable(`of ${parts[0]?.partOf}`, parts, description.columns)]),
    ...(ratios.length === 0 ? [] : [ratiosTable(ratios)]),
    ...pictures.map(({ path }, index) => `![${description.plots[index]?.title ?? description.name}](${path})`),
    `Measured on ${date}, ${runs}, at a load of ${number(load)} before it, on ${machine.cores} cores.`,
  ];
}

function picturesOf({ name, columns, plots }: Description, { cases }: Result): ReportFile[] {
  const wholes = cases.filter(({ partOf }) => partOf === undefined);
  const labels = new Map(columns.map(({ key, label }) => [key, label]));
  return plots.map((plot, index) => ({
    path: `performance/${name}${index === 0 ? "" : `-${index + 1}`}.svg`,
    text: plot.kind === "bars" ? bars(plot, wholes) : lines(plot, wholes, labels),
  }));
}

function bars({ title, values, columns: [key = ""] }: Plot, cases: readonly Case[]): string {
  return barsSvg(
    title,
    values,
    cases.map(({ name, figures }) => ({ name, value: figures[key] ?? 0 })),
  );
}

function lines(
  { title, values, sizes = "", columns }: Plot,
  cases: readonly Case[],
  labels: ReadonlyMap<string, string>,
): string {
  const sized = cases.flatMap(({ size, figures }) => (size === undefined ? [] : [{ size, figures }]));
  return linesSvg(
    title,
    { sizes, values },
    columns.map((key) => ({
      name: labels.get(key) ?? key,
      points: sized.map(({ size, figures }) => ({ size, value: figures[key] ?? 0 })),
    })),
  );
}
