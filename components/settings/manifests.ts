import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { parseAllDocuments } from "yaml";
import type { RawSettings } from "./parse";
import { type Problem, pathOf } from "./problems";
import { YAML_OPTIONS, yamlFailure, yamlProblems } from "./yaml";

/** Puts the objects of every extension's `manifests` beside its `objects`, so that both are checked as one list. */
export function resolveManifests(raw: RawSettings, root: string): RawSettings {
  const { platform } = raw;
  if (!isObject(platform) || !isObject(platform.extensions)) return raw;
  const problems: Problem[] = [];
  const extensions = Object.entries(platform.extensions).map(([name, extension]) => {
    if (!isObject(extension) || !Array.isArray(extension.manifests)) return [name, extension];
    const read = extension.manifests.map((file, index) =>
      readManifest(file, root, pathOf("platform", "extensions", name, "manifests", index)),
    );
    problems.push(...read.flatMap((one) => one.problems));
    const own: unknown[] = Array.isArray(extension.objects) ? extension.objects : [];
    return [name, { ...extension, objects: [...own, ...read.flatMap((one) => one.objects)] }];
  });
  return {
    ...raw,
    platform: { ...platform, extensions: Object.fromEntries(extensions) },
    problems: [...(raw.problems ?? []), ...problems],
  };
}

interface Manifest {
  readonly objects: readonly unknown[];
  readonly problems: readonly Problem[];
}

function readManifest(file: unknown, root: string, path: string): Manifest {
  const none = (message: string): Manifest => ({ objects: [], problems: [{ path, message }] });
  // What is no text is refused by the schema.
  if (typeof file !== "string" || file === "") return { objects: [], problems: [] };
  const full = resolve(root, file);
  if (!existsSync(full) || !statSync(full).isFile()) return none(`no file "${file}" below the project's root`);
  const { values, problems } = parseManifest(readFileSync(full, "utf8"), file);
  if (problems.length > 0) return { objects: [], problems };
  const objects = values.filter((object) => object !== null);
  return objects.length === 0 ? none(`${file} holds no object`) : { objects, problems: [] };
}

/** The documents of a file, each a plain value. */
function parseManifest(text: string, file: string): { readonly values: unknown[]; readonly problems: Problem[] } {
  try {
    const parsed = parseAllDocuments(text, YAML_OPTIONS);
    const documents = Array.isArray(parsed) ? parsed : [];
    const problems = documents.flatMap((document) => yamlProblems(document.errors, file));
    if (problems.length > 0) return { values: [], problems };
    const values = documents.map((document): unknown => document.toJS());
    // An alias within what it stands for has no end, which no API server takes.
    JSON.stringify(values);
    return { values, problems };
  } catch (error) {
    return { values: [], problems: [yamlFailure(error, file)] };
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
