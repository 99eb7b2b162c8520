import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { parseAllDocuments } from "yaml";
import type { RawSettings } from "./parse";
import { type Problem, pathOf } from "./problems";

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
  const documents = parseAllDocuments(readFileSync(full, "utf8"));
  if (!Array.isArray(documents)) return none(`${file} holds no object`);
  const errors = documents.flatMap((document) => document.errors);
  if (errors.length > 0) {
    return {
      objects: [],
      problems: errors.map((error) => ({
        path: `${file}${error.linePos === undefined ? "" : `:${error.linePos[0].line}`}`,
        message: error.message.split("\n")[0] ?? error.message,
      })),
    };
  }
  const objects = documents.map((document): unknown => document.toJS()).filter((object) => object !== null);
  return objects.length === 0 ? none(`${file} holds no object`) : { objects, problems: [] };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
