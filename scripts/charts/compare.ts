import { isMap, parseAllDocuments, parseDocument } from "yaml";
import type { ChartPackage } from "./package";

/** What an upgrade takes away. */
export interface Comparison {
  /** Keys of values.yaml that the old chart has and the new one has not, dotted; of a vanished object the object alone. */
  readonly vanished: readonly string[];
  /** Keys that are new. */
  readonly added: readonly string[];
  /** Versions of kinds that are not served any more, as `plural.group/version`; all of a kind that vanished. */
  readonly notServed: readonly string[];
  /** Templates with definitions that could not be read, as they are more than YAML with conditions around it. */
  readonly unread: readonly string[];
}

/** Compares two versions of a chart. */
export function compareCharts(before: ChartPackage, after: ChartPackage): Comparison {
  const [old, now] = [valuesOf(before), valuesOf(after)];
  const [kinds, others] = [definitionsOf(before), definitionsOf(after)];
  return {
    vanished: topmost(missing(old, now)),
    added: topmost(missing(now, old)),
    notServed: [...kinds.served].filter((version) => !others.served.has(version)).sort(),
    unread: [...new Set([...kinds.unread, ...others.unread])].sort(),
  };
}

function valuesOf({ files }: ChartPackage): Set<string> {
  const document = parseDocument(files.get("values.yaml") ?? "{}");
  return new Set(pathsOf(document.contents, []));
}

/** Every key, also those of objects that have keys below them. */
function pathsOf(node: unknown, path: readonly string[]): string[] {
  if (!isMap(node)) return [];
  return node.items.flatMap(({ key, value }) => {
    const own = [...path, String(key)];
    return [own.join("."), ...pathsOf(value, own)];
  });
}

function missing(from: ReadonlySet<string>, into: ReadonlySet<string>): string[] {
  return [...from].filter((path) => !into.has(path));
}

/** Leaves out what is below another one of the list. */
function topmost(paths: readonly string[]): string[] {
  const all = new Set(paths);
  return paths.filter((path) => {
    const parts = path.split(".");
    return !parts.some((_, length) => length > 0 && all.has(parts.slice(0, length).join(".")));
  });
}

interface Definitions {
  /** `plural.group/version` of each version that is served. */
  readonly served: ReadonlySet<string>;
  readonly unread: readonly string[];
}

/** The kinds that a chart and the charts within it bring, from crds folders and from templates. */
export function definitionsOf({ files }: ChartPackage): Definitions {
  const served = new Set<string>();
  const unread: string[] = [];
  for (const [file, text] of files) {
    if (!/\.(ya?ml|tpl)$/.test(file) || !/^kind: CustomResourceDefinition\s*$/m.test(text)) continue;
    const versions = servedIn(text);
    if (versions.length === 0) unread.push(file);
    for (const version of versions) served.add(version);
  }
  return { served, unread };
}

function servedIn(text: string): string[] {
  return parseAllDocuments(withoutTemplates(text)).flatMap((document) => {
    if (document.errors.length > 0) return [];
    const { kind, spec } = (document.toJS() ?? {}) as { readonly kind?: string; readonly spec?: DefinitionSpec };
    if (kind !== "CustomResourceDefinition" || spec?.names?.plural === undefined) return [];
    const name = `${spec.names.plural}.${spec.group}`;
    return (spec.versions ?? []).filter(({ served }) => served !== false).map((version) => `${name}/${version.name}`);
  });
}

interface DefinitionSpec {
  readonly group?: string;
  readonly names?: { readonly plural?: string };
  readonly versions?: readonly { readonly name?: string; readonly served?: boolean }[];
}

/** Around a definition there are mostly conditions on lines of their own, and labels: neither says what is served. */
function withoutTemplates(text: string): string {
  const lines = text.split("\n").filter((line) => !/^\s*\{\{.*\}\}\s*$/.test(line));
  return lines.map((line) => line.replaceAll(/\{\{.*?\}\}/g, "template")).join("\n");
}
