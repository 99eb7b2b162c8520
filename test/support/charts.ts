import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Document, isMap, parse, parseDocument } from "yaml";
import type { Json } from "./settings";
import { object, ROOT } from "./stack";
import { copiedObject, namedBySubChart } from "./sub-charts";

/** Data of the real charts, which is not part of this repository: what the first folder lacks may be beside packaged charts. */
const CHARTS = join(ROOT, "../shared/charts");
const FOLDERS = [CHARTS, join(ROOT, "charts-local/data"), join(ROOT, "charts-local/crds")].filter(existsSync);

/** Data of one chart. */
export interface ChartData {
  readonly name: string;
  readonly version: string;
  readonly appVersion: string;
  readonly values: ValuesFile;
  /** Absent where the chart has no schema of its values. */
  readonly schema?: Json;
}

/** A chart's values.yaml. */
export interface ValuesFile {
  readonly document: Document;
  readonly text: string;
}

/** `describe` of what needs the charts' data; where they are not at hand its tests are skipped, and its title says why. */
export function describeWithCharts(title: string, tests: () => void): void {
  const missing = FOLDERS.length === 0;
  describe(missing ? `${title} (skipped: there is no chart data in ../shared/charts)` : title, () => {
    before(function () {
      if (missing) this.skip();
    });
    tests();
  });
}

/** `it` of what needs the data of one chart; where that is not at hand, the test is skipped and says why. */
export function itWithChart(chart: string, title: string, test: () => Promise<void> | void): void {
  const missing = folderOf(chart) === undefined;
  it(missing ? `${title} (skipped: no data of chart ${chart} in ../shared/charts)` : title, function () {
    if (missing) this.skip();
    return test();
  });
}

const once = <T>(read: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: read() };
    return made.value;
  };
};

/** Folders by the charts that are in them. */
const folders = once(() => {
  const entries = FOLDERS.flatMap((folder) => readdirSync(folder).map((entry) => join(folder, entry)));
  return new Map(entries.reverse().map((entry) => [manifest(entry)?.name, entry]));
});

function folderOf(chart: string): string | undefined {
  return folders().get(chart);
}

const read = new Map<string, ChartData>();

/** The data of a chart by its name; read once, as values are long. */
export function chartData(chart: string): ChartData {
  const data = read.get(chart) ?? readChart(chart);
  read.set(chart, data);
  return data;
}

function readChart(chart: string): ChartData {
  const folder = folderOf(chart);
  if (folder === undefined) throw new Error(`no data of chart ${chart}`);
  const content = (file: string) => readFileSync(join(folder, file), "utf8");
  const text = plainValues(content("values.yaml"));
  const schema = existsSync(join(folder, "values.schema.json")) ? JSON.parse(content("values.schema.json")) : undefined;
  const { version, appVersion } = manifest(folder) ?? {};
  return {
    name: chart,
    version: String(version),
    appVersion: String(appVersion),
    values: { document: parseDocument(text), text },
    schema,
  };
}

/**
 * Istio's charts keep their values below one key, merge them with those of a `profile`, and take both without the key.
 */
function plainValues(text: string): string {
  const wrapper = "_internal_defaults_do_not_set:\n";
  const start = text.indexOf(wrapper);
  if (start < 0) return text;
  return `# profile: ""\n${text.slice(start + wrapper.length).replaceAll(/^ {2}/gm, "")}`;
}

function manifest(folder: string): Json | undefined {
  const file = join(folder, "Chart.yaml");
  return existsSync(file) ? object(parse(readFileSync(file, "utf8"))) : undefined;
}

/** Files of definitions, by the definitions' names: each file is named after the one that is in it. */
const definitionFiles = once(() => {
  const files = FOLDERS.flatMap((folder) => {
    const inside = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
    return inside.map((file) => join(folder, file));
  });
  const definitions = files.filter((file) => /\/crds\/.*\.yaml$/.test(file));
  return new Map(definitions.reverse().map((file) => [basename(file, ".yaml"), file]));
});

const parsed = new Map<string, Json>();

/** The definition of a kind by its name (`certificates.cert-manager.io`); `undefined` where no chart's data has it. */
export function definition(name: string): Json | undefined {
  const file = definitionFiles().get(name);
  if (file === undefined) return undefined;
  const found = parsed.get(name) ?? object(parse(readFileSync(file, "utf8")));
  parsed.set(name, found);
  return found;
}

/** Whether a chart's data has the definition of a kind. */
export function hasDefinition(name: string): boolean {
  return definitionFiles().has(name);
}

/** Paths of everything that `values` sets: a list and an empty object are one value each. */
export function pathsOf(values: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof values !== "object" || values === null || Array.isArray(values)) return [path];
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? [path] : entries.flatMap(([key, value]) => pathsOf(value, [...path, key]));
}

/** Values that a chart's templates read and its values.yaml does not show; everything below such a path is free. */
const READ_BY_TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  // "You can customize parameters by adding parameters here."
  "argo-cd": ["configs.params"],
  // templates/_helpers.tpl and templates/statefulset.yaml
  zot: ["fullnameOverride", "podSecurityContext", "securityContext"],
};

function readByTemplates(chart: string, path: readonly string[]): boolean {
  const dotted = `${path.join(".")}.`;
  return (READ_BY_TEMPLATES[chart] ?? []).some((free) => dotted.startsWith(`${free}.`));
}

/**
 * Whether a chart knows a value: its schema names it, or its values.yaml has it, also as a comment ("# key:") in the
 * object where it belongs. An object that is `{}` there, with no such comments, takes any key; one that is copied into
 * a pod takes what Kubernetes knows of it.
 */
export function knowsValue(data: ChartData, path: readonly string[]): boolean {
  const { name, values, schema } = data;
  if (namedBySchema(schema, path) || namedByFile(values, path) || namedBySubChart(name, path)) return true;
  if (readByTemplates(name, path)) return true;
  const copied = copiedObject(path);
  return copied !== undefined && knowsValue(data, copied);
}

function namedBySchema(schema: unknown, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return true;
  if (typeof schema !== "object" || schema === null) return false;
  const { properties = {} } = schema as { properties?: Json };
  return Object.hasOwn(properties, key) && namedBySchema(properties[key], rest);
}

/** Objects of Kubernetes' own, of which a values.yaml shows at most examples; the API server checks them. */
const KUBERNETES = /^(resources|.*[sS]ecurityContext)$/;

function namedByFile(file: ValuesFile, path: readonly string[]): boolean {
  const { document } = file;
  const holder = path.slice(0, -1);
  const shown = holder.findIndex(
    (key, index) => KUBERNETES.test(key) && isMap(document.getIn(path.slice(0, index + 1), true)),
  );
  if (shown >= 0) return true;
  const missing = holder.findIndex((_, index) => !isMap(document.getIn(path.slice(0, index + 1), true)));
  // Below what the file does not show as an object, only what is above it can be looked up.
  if (missing >= 0) {
    const above = path.slice(0, missing);
    return isFree(above, file) || commented(above, path[missing] ?? "", file);
  }
  return document.hasIn(path) || isFree(holder, file) || commented(holder, path.at(-1) ?? "", file);
}

/** Whether an object is `{}` in the file, without comments that show its keys. */
function isFree(holder: readonly string[], file: ValuesFile): boolean {
  const node = file.document.getIn(holder, true);
  return isMap(node) && node.items.length === 0 && !commented(holder, "[\\w.-]+", file);
}

/** Whether a comment shows the key where the object's keys stand: "# key:" at their column. */
function commented(holder: readonly string[], key: string, file: ValuesFile): boolean {
  const { text, column } = below(holder, file);
  return new RegExp(`^ {${column}}#+ ?${key}:`, "m").test(text);
}

/** The text from an object's first line to the next key that is not below it, and the column of its keys. */
function below(holder: readonly string[], { document, text }: ValuesFile): { text: string; column: number } {
  const parent = document.getIn(holder.slice(0, -1), true);
  if (holder.length === 0 || !isMap(parent)) return { text, column: 0 };
  const starts = parent.items.map(({ key }) => key as { value: string; range: readonly [number, number, number] });
  const index = starts.findIndex(({ value }) => value === holder.at(-1));
  const start = starts[index]?.range[0] ?? text.length;
  // Comments after the last line may belong to the next key: its column is another one, unless it is a sister.
  const part = text.slice(start, starts[index + 1]?.range[0] ?? text.length);
  return { text: part, column: start - text.lastIndexOf("\n", start) - 1 + 2 };
}

/** Why a schema refuses a value, as far as types and enumerations go; for what a chart would refuse at install. */
export function schemaProblems(schema: unknown, value: unknown, path = "values"): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const { type, enum: choices, properties = {}, additionalProperties, items } = schema as Json;
  const types = type === undefined ? [] : [type].flat();
  if (types.length > 0 && !types.some((one) => isOf(String(one), value)))
    return [`${path}: ${JSON.stringify(value)} is not ${types.join(" or ")}`];
  if (Array.isArray(choices) && !choices.includes(value))
    return [`${path}: ${JSON.stringify(value)} is none of ${choices.join(", ")}`];
  if (Array.isArray(value)) return value.flatMap((entry, index) => schemaProblems(items, entry, `${path}[${index}]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const known = object(properties);
    if (Object.hasOwn(known, key)) return schemaProblems(known[key], inner, `${path}.${key}`);
    return additionalProperties === false ? [`${path}.${key}: unknown`] : [];
  });
}

function isOf(type: string, value: unknown): boolean {
  switch (type) {
    case "integer":
      return Number.isInteger(value);
    case "array":
      return Array.isArray(value);
    case "null":
      return value === null;
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    default:
      return typeof value === type;
  }
}
